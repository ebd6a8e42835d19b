package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Packs files of the host into an archive, all of them the guest's root's. */
final class TarWriter extends FilterOutputStream {
    private static final int RECORD = 20 * TarHeader.SIZE;
    private static final int FOLDER_MODE = 0755;
    private static final int FILE_MODE = 0644;

    private long written;

    TarWriter(OutputStream out) {
        super(out);
    }

    /** A file or a folder with all that is in it. A link that is named is followed, those inside are packed as links. */
    void tree(Path from, String name) throws IOException {
        member(from.toRealPath(), name);
    }

    private void member(Path file, String name) throws IOException {
        if (Files.isSymbolicLink(file)) {
            header(file, name, TarHeader.SYMBOLIC_LINK, 0, Files.readSymbolicLink(file).toString());
        } else if (Files.isDirectory(file)) {
            header(file, name + "/", TarHeader.FOLDER, 0, "");
            for (Path child : children(file)) {
                member(child, name + "/" + child.getFileName());
            }
        } else if (Files.isRegularFile(file)) {
            content(file, name);
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private void content(Path file, String name) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            long size = Files.size(file);
            header(file, name, TarHeader.FILE, size, "");
            long copied = transfer(in, size);
            if (copied < size) {
                throw new IOException("%s became shorter while it was copied".formatted(file));
            }
        }
        pad(TarHeader.SIZE);
    }

    /** What was added to the file meanwhile is left out. */
    private long transfer(InputStream in, long most) throws IOException {
        byte[] buffer = new byte[InputBlocks.BLOCK];
        long done = 0;
        int length;
        while (done < most && (length = in.read(buffer, 0, (int) Math.min(buffer.length, most - done))) >= 0) {
            write(buffer, 0, length);
            done += length;
        }
        return done;
    }

    private void header(Path file, String name, byte kind, long size, String target) throws IOException {
        TarHeader header = new TarHeader();
        header.kind(kind);
        header.text(TarHeader.NAME, longText(name, TarHeader.NAME, TarHeader.LONG_NAME));
        header.text(TarHeader.TARGET, longText(target, TarHeader.TARGET, TarHeader.LONG_TARGET));
        header.number(TarHeader.MODE, mode(file));
        header.number(TarHeader.LENGTH, size);
        header.number(TarHeader.TIME, Math.max(0, Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).to(TimeUnit.SECONDS)));
        write(header.sealed());
    }

    /** A text that a header has no room for stands in a member of its own before it. */
    private byte[] longText(String text, TarHeader.Field field, byte kind) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > field.size()) {
            TarHeader header = new TarHeader();
            header.kind(kind);
            header.text(TarHeader.NAME, "././@LongLink".getBytes(UTF_8));
            header.number(TarHeader.LENGTH, bytes.length + 1);
            write(header.sealed());
            write(bytes);
            write(0);
            pad(TarHeader.SIZE);
        }
        return bytes;
    }

    private static int mode(Path file) throws IOException {
        if (!Files.getFileStore(file.getParent() == null ? file : file.getParent()).supportsFileAttributeView("posix")) {
            return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) ? FOLDER_MODE : FILE_MODE;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        return Permissions.bits(permissions);
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
        written++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        written += length;
    }

    private void pad(int unit) throws IOException {
        write(new byte[(int) ((unit - written % unit) % unit)]);
    }

    /** Ends the archive, and the stream. */
    @Override
    public void close() throws IOException {
        try (OutputStream stream = out) {
            write(new byte[2 * TarHeader.SIZE]);
            pad(RECORD);
            stream.flush();
        }
    }
}
