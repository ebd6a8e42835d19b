package org.lodgevm.x86.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The host's CPU, reached through a child process that runs {@link NativeRunner}. */
final class NativeCpu implements CaseRunner {
    private static final int PATIENCE_SECONDS = 20;
    private static final boolean AVX = findAvx();

    private final SharedFile.Plan plan = new SharedFile.Plan(CAPACITY);
    private final Path folder;
    private final SharedFile file;
    private Process child;

    NativeCpu() throws IOException {
        folder = Files.createTempDirectory("lodge-oracle");
        file = new SharedFile(folder.resolve("shared"), plan);
        // a process started while the program is still open for writing would keep it busy
        synchronized (NativeCpu.class) {
            Path program = folder.resolve("runner");
            Files.write(program, NativeRunner.elf(plan, flags().contains(" fsgsbase "), hasAvx()));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            start();
        }
    }

    /** Why this host cannot serve as an oracle, or null if it can. */
    static String unavailable() {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        if (!system.equals("Linux") || !processor.equals("amd64")) {
            return "the oracle needs Linux on x86-64, this is " + system + " on " + processor;
        }
        return null;
    }

    /** Whether cases see YMM registers, and XSAVE their component. */
    static boolean hasAvx() {
        return AVX;
    }

    private static boolean findAvx() {
        try {
            return unavailable() == null && flags().contains(" avx ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The flags in /proc/cpuinfo, each between blanks. */
    static String flags() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("flags")) {
                return line.substring(line.indexOf(':') + 1).toLowerCase(Locale.ROOT) + " ";
            }
        }
        return "";
    }

    @Override
    public Case input(int index) {
        return file.input(index);
    }

    @Override
    public Case output(int index) {
        return file.output(index);
    }

    @Override
    public void run(int count) {
        CompletableFuture<Integer> answer =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                child.getOutputStream().write(word(count));
                                child.getOutputStream().flush();
                                return child.getInputStream().read();
                            } catch (IOException closed) {
                                return -1;
                            }
                        },
                        task -> Thread.ofVirtual().start(task));
        int read = answer.completeOnTimeout(-1, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (read < 0) {
            throw lost();
        }
    }

    private static byte[] word(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private LostException lost() {
        boolean hung = child.isAlive();
        child.destroyForcibly();
        int index = file.current();
        try {
            String how = hung ? "hung" : "ended with status " + child.waitFor();
            start();
            return new LostException(index, "the native runner " + how + " in case " + index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void start() throws IOException {
        child =
                new ProcessBuilder(
                                folder.resolve("runner").toString(),
                                folder.resolve("shared").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (child.getInputStream().read() < 0) {
            try {
                throw new IOException(
                        "the native runner did not start: system call "
                                + child.waitFor()
                                + " failed (modulo 256)");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            child.getOutputStream().close();
            child.destroy();
            file.close();
            for (String name : new String[] {"shared", "runner"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
