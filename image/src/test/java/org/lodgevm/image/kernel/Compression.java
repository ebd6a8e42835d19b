package org.lodgevm.image.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZOutputStream;

/** What compresses kernels: the JDK, XZ for Java, and the tools that Linux's own build calls, where they are installed. */
enum Compression {
    GZIP,
    XZ,
    ZSTD("zstd", "-q", "-19", "-c"),
    LZ4("lz4", "-q", "-l", "-9", "-c");

    private final String[] command;

    Compression(String... command) {
        this.command = command;
    }

    /** Something like code: parts of it come again, others are noise. */
    static byte[] content(int length) {
        byte[] content = new byte[length];
        Random random = new Random(length);
        for (int at = 0; at < length;) {
            byte[] part = new byte[Math.min(length - at, 1 + random.nextInt(500))];
            if (at > part.length && random.nextInt(3) > 0) {
                System.arraycopy(content, random.nextInt(at - part.length), part, 0, part.length);
            } else if (random.nextBoolean()) {
                random.nextBytes(part);
            } else {
                Arrays.fill(part, (byte) random.nextInt());
            }
            System.arraycopy(part, 0, content, at, part.length);
            at += part.length;
        }
        return content;
    }

    /** @param folder for files of the tool's */
    byte[] compress(byte[] content, Path folder) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        switch (this) {
            case GZIP -> {
                try (OutputStream out = new GZIPOutputStream(compressed)) {
                    out.write(content);
                }
            }
            case XZ -> {
                FilterOptions[] filters = {new X86Options(), new LZMA2Options()};
                try (OutputStream out = new XZOutputStream(compressed, filters, org.tukaani.xz.XZ.CHECK_CRC32)) {
                    out.write(content);
                }
            }
            default -> {
                return callTool(content, folder);
            }
        }
        return compressed.toByteArray();
    }

    private byte[] callTool(byte[] content, Path folder) throws IOException {
        Path from = Files.write(folder.resolve("content"), content);
        Path to = folder.resolve("compressed");
        assumeTrue(isInstalled(), () -> command[0] + " is not installed");
        Process tool = new ProcessBuilder(command).redirectInput(from.toFile()).redirectOutput(to.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            if (tool.waitFor() != 0) {
                throw new IOException(command[0] + " failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return Files.readAllBytes(to);
    }

    private boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0])));
    }
}
