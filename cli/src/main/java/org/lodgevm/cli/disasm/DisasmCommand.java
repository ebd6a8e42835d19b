package org.lodgevm.cli.disasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.x86.isa.CodeSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code lodge disasm}: shows machine code as Lodge's decoder understands it. */
@Command(
        name = "disasm",
        description = "Disassembles a file's bytes, an ELF file's code, or bytes given in hexadecimal.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge disasm 48 89 e5 c3",
            "  lodge disasm --bits 16 --base 0x7c00 boot.bin",
            "  lodge disasm vmlinux | less"
        })
public final class DisasmCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Option(
            names = "--bits",
            paramLabel = "16|32|64",
            converter = Bits.class,
            description = "The code's size; otherwise what an ELF file says, or 64.")
    private CodeSize size;

    @Option(names = "--base", paramLabel = "ADDRESS", defaultValue = "0", description = "The address of the first byte.")
    private String base;

    @Parameters(arity = "1..*", paramLabel = "FILE|-|BYTES", description = "What to disassemble; - is standard input.")
    private List<String> words;

    public DisasmCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        CodeSource source = CodeSource.of(words, address(base), streams.in());
        CodeSize chosen = size != null ? size : source.size() != null ? source.size() : CodeSize.BITS_64;
        Writer out = new BufferedWriter(new OutputStreamWriter(streams.out(), UTF_8));
        Listing listing = new Listing(chosen, out);
        for (CodeRegion region : source.regions()) {
            listing.print(region);
        }
        return ExitStatus.OK;
    }

    private static long address(String text) {
        String digits = text.toLowerCase(Locale.ROOT);
        try {
            return digits.startsWith("0x") ? Long.parseUnsignedLong(digits, 2, digits.length(), 16) : Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not an address: write 0x7c00", e);
        }
    }

    /** Reads the number of bits. */
    static final class Bits implements ITypeConverter<CodeSize> {
        @Override
        public CodeSize convert(String text) {
            return switch (text) {
                case "16" -> CodeSize.BITS_16;
                case "32" -> CodeSize.BITS_32;
                case "64" -> CodeSize.BITS_64;
                default -> throw new TypeConversionException("'" + text + "' is not 16, 32 or 64");
            };
        }
    }
}
