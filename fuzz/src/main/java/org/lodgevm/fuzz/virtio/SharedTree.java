package org.lodgevm.fuzz.virtio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.devices.virtio.filesystem.FileSystemDevice;
import org.lodgevm.devices.virtio.filesystem.Tag;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.share.SharedFolder;

/** A folder to be shared, with ways out of it, and one beside it that no guest may reach. */
final class SharedTree {
    private static final String SECRET = "the moon is hollow";
    private static final Tag TAG = new Tag("fuzz");

    private final Path top;
    private final Path shared;
    private final Path secret;

    private SharedTree() throws IOException {
        top = Files.createTempDirectory("lodge-fuzz-");
        shared = Files.createDirectories(top.resolve("shared/a/b")).getParent().getParent();
        secret = Files.writeString(Files.createDirectory(top.resolve("outside")).resolve("secret"), SECRET);
        Files.writeString(shared.resolve("c"), "content");
        Files.createSymbolicLink(shared.resolve("d"), secret);
        Files.createSymbolicLink(shared.resolve("e"), secret.getParent());
    }

    /** A device for such a folder, which is gone when the case is. */
    static Subjects.Subject subject(Dice dice) {
        try {
            SharedTree tree = new SharedTree();
            SharedFolder folder = SharedFolder.open(tree.shared);
            boolean readOnly = dice.oneIn(4);
            int queues = dice.between(1, 4);
            return new Subjects.Subject(driver -> new FileSystemDevice(driver, folder, readOnly, TAG, queues), tree::stir, tree::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The host has its own plans for what is in there. */
    private void stir(Dice dice) {
        Path one = shared.resolve(dice.of(List.of("a", "b", "c", "d")));
        try {
            switch (dice.below(4)) {
                case 0 -> Files.deleteIfExists(one);
                case 1 -> Files.createSymbolicLink(one, secret);
                case 2 -> Files.createDirectory(one);
                default -> Files.move(one, shared.resolve("a/b"));
            }
        } catch (IOException e) {
            // the guest was faster
        }
    }

    private void close() throws IOException {
        try (Stream<Path> outside = Files.list(secret.getParent())) {
            if (!outside.toList().equals(List.of(secret)) || !Files.readString(secret).equals(SECRET)) {
                throw new AssertionError("the guest reached out of its folder: see " + top);
            }
        }
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            /** Whatever modes a guest has given. */
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                folder.toFile().setReadable(true);
                folder.toFile().setWritable(true);
                folder.toFile().setExecutable(true);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException problem) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
