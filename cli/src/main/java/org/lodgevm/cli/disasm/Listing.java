package org.lodgevm.cli.disasm;

import java.io.IOException;
import java.io.Writer;
import java.util.HexFormat;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Disassembler;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.CodeSize;

/** Instructions in a column, as {@code objdump -d} prints them: address, bytes, text. A byte that begins none stands alone. */
final class Listing {
    /** Bytes of an instruction that fit into its line; the others follow below it. */
    private static final int BYTES_PER_LINE = 8;

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final CodeSize size;
    private final Writer out;
    private final Decoder decoder = new Decoder();
    private final Instruction instruction = new Instruction();

    Listing(CodeSize size, Writer out) {
        this.size = size;
        this.out = out;
    }

    void print(CodeRegion region) throws IOException {
        if (!region.name().isEmpty()) {
            out.write("%nsection %s%n".formatted(region.name()));
        }
        byte[] code = region.bytes();
        for (int at = 0; at < code.length; ) {
            long address = region.address() + at;
            boolean decoded = decoder.decode(code, at, code.length - at, size, instruction) == Outcome.DECODED;
            int length = decoded ? instruction.length() : 1;
            line(address, code, at, length, decoded ? Disassembler.format(instruction, address) : "(bad)");
            at += length;
        }
        out.flush();
    }

    private void line(long address, byte[] code, int at, int length, String text) throws IOException {
        int shown = Math.min(length, BYTES_PER_LINE);
        out.write("%8x:  %-23s  %s%n".formatted(address, HEX.formatHex(code, at, at + shown), text));
        if (length > shown) {
            out.write("%8x:  %s%n".formatted(address + shown, HEX.formatHex(code, at + shown, at + length)));
        }
    }
}
