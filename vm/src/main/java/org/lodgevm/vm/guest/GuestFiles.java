package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Copies files and folders between host and guest, with all that is in them, their permissions and times: as a tar archive, which the
 * guest's own {@code tar} reads and writes. Devices, sockets and pipes are left out.
 *
 * <p>As with {@code cp}, what is copied to a folder that exists goes into it, and gets the target's name otherwise.
 */
public final class GuestFiles {
    private final GuestShell shell;

    GuestFiles(GuestShell shell) {
        this.shell = shell;
    }

    /** A file's content. */
    public byte[] read(String path) throws IOException, InterruptedException {
        return shell.exec("cat", "--", path).orThrow().stdout();
    }

    /** Makes a file hold this and nothing else. */
    public void write(String path, byte[] content) throws IOException, InterruptedException {
        shell.exec(GuestCommand.of("dd", "of=" + path), new ByteArrayInputStream(content)).orThrow();
    }

    /** As text in UTF-8. */
    public void write(String path, String content) throws IOException, InterruptedException {
        write(path, content.getBytes(UTF_8));
    }

    /** Copies from the host to the guest. */
    public void copyIn(Path from, String to) throws IOException, InterruptedException {
        if (!Files.exists(from)) {
            throw new GuestException("there is no file '%s' on this host".formatted(from));
        }
        boolean into = shell.exec("test", "-d", to).status() == 0;
        GuestPath target = into ? new GuestPath(to, from.toRealPath().getFileName().toString()) : GuestPath.of(to);
        try (GuestProcess tar = shell.start(GuestCommand.of("tar", "-x", "-p", "-f", "-", "-C", target.folder()))) {
            CompletableFuture<String> errors = errorsOf(tar);
            try (TarWriter archive = new TarWriter(new BufferedOutputStream(tar.stdin(), InputBlocks.BLOCK))) {
                archive.tree(from, target.name());
            } catch (IOException e) {
                if (tar.waitFor() == 0) {
                    throw e; // it is not the guest's fault
                }
            }
            check(tar.waitFor(), errors);
        }
    }

    /** Copies from the guest to the host. Nothing is written outside of the target. */
    public void copyOut(String from, Path to) throws IOException, InterruptedException {
        GuestPath source = GuestPath.of(from);
        Path target = Files.isDirectory(to) ? to.resolve(source.name().equals(".") ? "" : source.name()) : to;
        copyOut(source, archive -> new Extraction(archive, target));
    }

    private void copyOut(GuestPath source, Function<TarReader, Extraction> extraction) throws IOException, InterruptedException {
        try (GuestProcess tar = shell.start(GuestCommand.of("tar", "-c", "-f", "-", "-C", source.folder(), "--", source.name()))) {
            tar.stdin().close();
            CompletableFuture<String> errors = errorsOf(tar);
            InputStream archive = new BufferedInputStream(tar.stdout(), InputBlocks.BLOCK);
            boolean any = extraction.apply(new TarReader(archive)).run();
            archive.transferTo(OutputStream.nullOutputStream()); // what fills the last record
            check(any ? tar.waitFor() : Math.max(1, tar.waitFor()), errors);
        }
    }

    private static CompletableFuture<String> errorsOf(GuestProcess process) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.stderr().readAllBytes(), UTF_8);
            } catch (IOException e) {
                return e.getMessage();
            }
        }, Thread::startVirtualThread);
    }

    private static void check(int status, CompletableFuture<String> errors) throws GuestException {
        if (status != 0) {
            String reason = errors.join().lines().findFirst().orElse("status " + status);
            throw new GuestException("the guest could not copy: " + reason);
        }
    }
}
