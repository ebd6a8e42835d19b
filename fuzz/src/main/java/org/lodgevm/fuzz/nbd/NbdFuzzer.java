package org.lodgevm.fuzz.nbd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.Fuzzer;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.storage.nbd.NbdServer;

/** A hostile client of the one server and a hostile server, in turn. */
public final class NbdFuzzer implements Fuzzer {
    private static final long DISK = 1 << 20;
    private static final int ACTS = 30;

    private final Path folder = Files.createTempDirectory("lodge-nbd");
    private final DiskImage raw;
    private final DiskImage qcow2;
    private final NbdServer server;
    private final HostileServer hostile;
    private int refused;
    private int opened;

    public NbdFuzzer() throws IOException {
        raw = image("raw");
        qcow2 = image("qcow2");
        server = NbdServer.start(UnixDomainSocketAddress.of(folder.resolve("server")), Map.of("", raw, "qcow2", qcow2));
        hostile = new HostileServer(UnixDomainSocketAddress.of(folder.resolve("hostile")));
    }

    private DiskImage image(String format) throws IOException {
        Path file = folder.resolve("a." + format);
        Images.create(file.toString(), format, DISK, CreateOptions.none(), ReferencePolicy.ALLOW);
        return Images.open(file, Access.WRITE);
    }

    @Override
    public void run(long seed) throws IOException {
        Dice dice = new Dice(seed);
        if (dice.oneIn(2)) {
            new HostileClient(dice).visit(server.address());
            requireService();
        } else {
            hostile.choices(dice.split());
            try (DiskImage disk = Images.open(uri("hostile"), OpenOptions.of(Access.WRITE).as("raw"))) {
                opened++;
                use(disk, dice);
            } catch (StorageException e) {
                requireName(e);
                refused++;
            }
        }
    }

    private String uri(String socket) {
        return "nbd+unix:///?socket=" + folder.resolve(socket);
    }

    private void requireService() throws IOException {
        try (DiskImage disk = Images.open(uri("server"), OpenOptions.of(Access.READ).as("raw"))) {
            disk.read(DISK - 10, ByteBuffer.allocate(10));
        }
    }

    private static void requireName(StorageException e) {
        if (!e.getMessage().startsWith("nbd+unix:")) {
            throw new AssertionError("it does not say which export: " + e.getMessage(), e);
        }
    }

    private static void use(DiskImage disk, Dice dice) throws IOException {
        for (int i = 0; i < ACTS; i++) {
            long offset = disk.size() == 0 ? 0 : dice.below(Math.min(disk.size(), DISK));
            int length = (int) Math.min(dice.below(10_000), disk.size() - offset);
            try {
                switch (dice.below(6)) {
                    case 0, 1 -> disk.read(offset, ByteBuffer.allocate(length));
                    case 2 -> disk.write(offset, ByteBuffer.allocate(length));
                    case 3 -> disk.writeZeroes(offset, length, dice.oneIn(2));
                    case 4 -> disk.discard(offset, length);
                    default -> disk.extent(offset, Math.max(1, length));
                }
            } catch (StorageException e) {
                requireName(e);
            }
        }
    }

    @Override
    public String summary() {
        return "hostile servers whose export was opened: %,d; refused: %,d".formatted(opened, refused);
    }

    @Override
    public void close() {
        try (raw; qcow2; server; hostile) {
            for (String name : new String[] {"a.raw", "a.qcow2", "hostile"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        folder.toFile().delete();
    }
}
