package org.lodgevm.manage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files and folders that nobody but their owner may look into. */
final class PrivateFiles {
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final String FOLDER = "rwx------";

    private PrivateFiles() {}

    static void createFolders(Path folder) throws IOException {
        if (POSIX) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER)));
        } else {
            Files.createDirectories(folder); // a user's folders are private there
        }
    }

    /** Whether nobody but its owner can enter it. */
    static boolean isPrivate(Path folder) throws IOException {
        return !POSIX || PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)).equals(FOLDER);
    }

    /** What is in a file, or which files are in a folder, would survive a loss of power afterwards. */
    static void force(Path path) throws IOException {
        if (POSIX || !Files.isDirectory(path)) { // elsewhere a folder cannot be opened
            try (FileChannel file = FileChannel.open(path, POSIX ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
                file.force(true);
            }
        }
    }

    /** Removes a folder with all that is in it, if it is there. Links are removed, not followed. */
    static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
