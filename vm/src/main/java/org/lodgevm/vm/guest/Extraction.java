package org.lodgevm.vm.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Unpacks an archive that a guest made. Its first member becomes the target; no other leads out of that, neither by its name nor by a
 * link that came before it.
 */
final class Extraction {
    private static final Pattern SEPARATORS = Pattern.compile("/+");
    private static final int OWNERS_ALL = 0700;

    private final TarReader archive;
    private final Path target;

    Extraction(TarReader archive, Path target) {
        this.archive = archive;
        this.target = target.toAbsolutePath().normalize();
    }

    /** @return whether there was anything */
    boolean run() throws IOException {
        boolean any = false;
        try {
            for (TarReader.Member member = archive.next(); member != null; member = archive.next()) {
                extract(member);
                any = true;
            }
        } catch (NumberFormatException e) {
            throw new GuestException("the guest's tar sends what is no archive");
        }
        return any;
    }

    private void extract(TarReader.Member member) throws IOException {
        Path file = place(member.path());
        switch (member.kind()) {
            case TarHeader.FOLDER -> folder(file, member);
            case TarHeader.FILE -> file(file, member);
            case TarHeader.SYMBOLIC_LINK -> {
                Files.deleteIfExists(file);
                Files.createSymbolicLink(file, Path.of(member.target()));
            }
            case TarHeader.HARD_LINK -> {
                Path same = place(member.target());
                if (!Files.isRegularFile(same, LinkOption.NOFOLLOW_LINKS)) {
                    throw hostile(member.target());
                }
                Files.deleteIfExists(file);
                Files.copy(same, file, LinkOption.NOFOLLOW_LINKS);
            }
            default -> {
                // a device, a socket or a pipe
            }
        }
    }

    private void folder(Path file, TarReader.Member member) throws IOException {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(file);
        }
        permit(file, member.mode() | OWNERS_ALL);
    }

    private void file(Path file, TarReader.Member member) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString(), null, "it is a folder");
        }
        Files.deleteIfExists(file);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            archive.copyTo(out);
        }
        permit(file, member.mode());
        Files.setLastModifiedTime(file, FileTime.from(member.seconds(), TimeUnit.SECONDS));
    }

    private static void permit(Path file, int mode) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, Permissions.of(mode));
        }
    }

    /** Where a member belongs. The first part of its path stands for the target. */
    private Path place(String path) throws IOException {
        Path place = target;
        String[] parts = SEPARATORS.split(path);
        for (int i = 1; i < parts.length; i++) {
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS) || parts[i].equals("..") || parts[i].indexOf('\0') >= 0) {
                throw hostile(path);
            }
            if (!parts[i].equals(".")) {
                place = place.resolve(parts[i]);
            }
        }
        return place;
    }

    private static GuestException hostile(String path) {
        return new GuestException("the guest's tar sends the name '%s', which leads elsewhere; nothing more is copied".formatted(path));
    }
}
