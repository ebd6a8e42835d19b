package org.lodgevm.fuzz.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.fuzz.Dice;

/** Code that a compiler wrote, to be damaged: files named by the user, or the libraries of the JVM. */
public final class Corpus {
    private final List<MemorySegment> files;

    /** @param paths files with machine code; none for the JVM's own */
    public Corpus(List<Path> paths) {
        files = (paths.isEmpty() ? libraries() : paths).stream().map(Corpus::map).toList();
    }

    private static List<Path> libraries() {
        try (Stream<Path> found = Files.walk(Path.of(System.getProperty("java.home"), "lib"))) {
            return found.filter(path -> path.getFileName().toString().matches("(lib)?(jvm|java)\\.(so|dylib|dll)")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MemorySegment map(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() == 0) {
                throw new IllegalArgumentException(file + " is empty; name a file with code");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** So many bytes from anywhere, a few of them changed; noise if there is no file. */
    byte[] piece(int length, Dice dice) {
        if (files.isEmpty()) {
            return dice.bytes(length);
        }
        MemorySegment file = dice.of(files);
        long from = dice.below(Math.max(file.byteSize() - length, 1));
        byte[] code = file.asSlice(from, Math.min(length, file.byteSize() - from)).toArray(ValueLayout.JAVA_BYTE);
        for (int n = dice.below(8); n > 0; n--) {
            code[dice.below(code.length)] ^= (byte) (1 << dice.below(8));
        }
        return code;
    }
}
