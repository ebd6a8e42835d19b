package org.lodgevm.cli.disasm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.x86.isa.CodeSize;

/**
 * What the user wants listed.
 *
 * @param size what the file says of itself; null if it says nothing
 */
record CodeSource(List<CodeRegion> regions, CodeSize size) {
    private static final Pattern SEPARATORS = Pattern.compile("[\\s,]+|0[xX]");

    /**
     * @param words a file, {@code -} for {@code in}, or bytes in hexadecimal
     * @param base where bytes that do not say so belong
     * @throws IllegalArgumentException if they are nothing of all that
     */
    static CodeSource of(List<String> words, long base, InputStream in) throws IOException {
        if (words.equals(List.of("-"))) {
            return of(in.readAllBytes(), base);
        }
        if (words.size() == 1 && Files.exists(Path.of(words.getFirst()))) {
            return of(read(Path.of(words.getFirst())), base);
        }
        String digits = SEPARATORS.matcher(String.join(" ", words)).replaceAll("");
        try {
            return of(HexFormat.of().parseHex(digits), base);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' is neither a file nor bytes in hexadecimal such as 48 89 e5".formatted(String.join(" ", words)), e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new Failure(ExitStatus.NO_INPUT, file + " is a folder; name a file");
        }
        return Files.readAllBytes(file);
    }

    private static CodeSource of(byte[] bytes, long base) {
        return ElfCode.isElf(bytes) ? ElfCode.read(bytes) : new CodeSource(List.of(new CodeRegion("", base, bytes)), null);
    }
}
