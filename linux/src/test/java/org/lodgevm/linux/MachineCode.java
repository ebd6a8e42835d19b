package org.lodgevm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Disassembler;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.CodeSize;

/** Machine code that is written out in this module, as text. */
public final class MachineCode {
    private MachineCode() {}

    /** One instruction a line, blanks as they are in prose. */
    public static List<String> text(byte[] code, CodeSize size, long address) {
        Decoder decoder = new Decoder();
        Instruction instruction = new Instruction();
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < code.length; at += instruction.length()) {
            assertThat(decoder.decode(code, at, code.length - at, size, instruction)).as("at %d, after %s", at, lines).isEqualTo(Outcome.DECODED);
            lines.add(Disassembler.format(instruction, address + at).replaceAll(" +", " "));
        }
        return lines;
    }
}
