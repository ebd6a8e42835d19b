package org.lodgevm.manage.migration;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.lodgevm.vm.migration.Decisions;

/** Decisions in files, which outlive the processes that make them; whichever process is first decides. */
public final class DecisionFolder implements Decisions {
    private static final String TAKEN = "taken";
    private static final String REFUSED = "refused";

    private final Path folder;

    /** @param folder made when there is something to decide */
    public DecisionFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public boolean decide(UUID migration, boolean taken) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(migration.toString());
        Path fresh = folder.resolve("." + UUID.randomUUID());
        try {
            write(fresh, taken ? TAKEN : REFUSED);
            Files.createLink(file, fresh); // in one step, with its content, or not at all
            return taken;
        } catch (FileAlreadyExistsException e) {
            return Files.readString(file, US_ASCII).equals(TAKEN);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void write(Path file, String word) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(word.getBytes(US_ASCII)));
            channel.force(true);
        }
    }
}
