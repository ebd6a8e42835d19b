package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.vm.migration.ComingDisk;
import org.lodgevm.vm.migration.Decisions;
import org.lodgevm.vm.migration.MigrationLink;
import org.lodgevm.vm.migration.MigrationOptions;
import org.lodgevm.vm.migration.MigrationProgress;
import org.lodgevm.vm.migration.MigrationTarget;

/** Disks in files go along with a machine; what the guest writes meanwhile is written here. */
@Timeout(120)
class DiskMigrationTest {
    private static final int SIZE = 5 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final MigrationOptions OPTIONS = new MigrationOptions(0, Duration.ofMillis(300), true, false, false, true, true, 1, PATIENCE);

    @TempDir
    Path folder;

    private final SplittableRandom dice = new SplittableRandom(1);
    private final UUID uuid = UUID.randomUUID();
    private Path chain;
    private Path raw;
    private Path readOnly;

    @BeforeEach
    void makeDisks() throws Exception {
        Path base = folder.resolve("base.qcow2");
        chain = folder.resolve("chain.qcow2");
        raw = folder.resolve("raw.img");
        readOnly = folder.resolve("ro.raw");
        Images.create(base.toString(), "qcow2", SIZE, CreateOptions.none(), ReferencePolicy.REFUSE);
        try (DiskImage image = Images.open(base, Access.WRITE)) {
            image.write(100_000, random(300_000));
        }
        Images.create(chain.toString(), "qcow2", SIZE, CreateOptions.none().with("backing_file", base.toString()).with("backing_fmt", "qcow2"), ReferencePolicy.ALLOW);
        Images.create(raw.toString(), "raw", SIZE + 512, CreateOptions.none(), ReferencePolicy.REFUSE);
        Images.create(readOnly.toString(), "raw", SIZE, CreateOptions.none(), ReferencePolicy.REFUSE);
    }

    private ByteBuffer random(int length) {
        byte[] bytes = new byte[length];
        dice.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private MachineBuilder builder() {
        return MachineTest.builder(FakeAccelerator.IDLE)
                .uuid(uuid)
                .device(new DeviceSpec.Disk(readOnly.toString(), "raw", true, "ro"))
                .device(new DeviceSpec.Disk(chain.toString(), "qcow2", false, "d0"))
                .device(new DeviceSpec.Disk(raw.toString(), "raw", false, "d1"));
    }

    /** What the guest does. */
    private void write(Machine machine, int disk) {
        try {
            int length = 1 + dice.nextInt(100_000);
            long offset = dice.nextInt(SIZE - length);
            if (dice.nextInt(3) == 0) {
                machine.arriving().zero(disk, offset, length);
            } else {
                machine.arriving().write(disk, offset, random(length));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuffer content(Path image, String format) throws IOException {
        try (DiskImage opened = Images.open(image.toString(), OpenOptions.of(Access.READ).as(format))) {
            ByteBuffer content = ByteBuffer.allocate((int) opened.size());
            opened.read(0, content);
            return content.flip();
        }
    }

    private Machine target(List<ComingDisk> coming) {
        Iterator<ComingDisk> disks = coming.iterator();
        return builder().incomingWithDisks().disks(disk -> {
            if (disk.readOnly()) {
                return disk;
            }
            ComingDisk content = disks.next();
            Path image = folder.resolve("moved-" + disk.serial());
            try {
                Images.create(image.toString(), content.format(), content.size(), CreateOptions.none(), ReferencePolicy.REFUSE);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return disk.in(image.toString(), content.format());
        }).build();
    }

    private interface Use {
        void of(Machine target) throws Exception;
    }

    private void move(Machine source, Consumer<MigrationProgress> listener, Use use) throws Exception {
        CompletableFuture<Machine> arrived = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                Machine[] made = new Machine[1];
                try (MigrationLink link = MigrationLink.of(server.accept(), PATIENCE)) {
                    new MigrationTarget(link, Decisions.inMemory()).run(hello -> {
                        made[0] = target(hello.disks());
                        return made[0].arriving();
                    });
                    arrived.complete(made[0]);
                } catch (IOException | RuntimeException e) {
                    if (made[0] != null) {
                        made[0].close();
                    }
                    arrived.completeExceptionally(e);
                }
            });
            source.migration(() -> MigrationLink.of(new Socket(server.getInetAddress(), server.getLocalPort()), PATIENCE), new byte[0], OPTIONS, listener).run();
            try (Machine target = arrived.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                use.of(target);
            }
        }
    }

    @Test
    void eachDiskIsAnImageOfItsFormatWithAllThatTheGuestWrote() throws Exception {
        try (Machine source = builder().build()) {
            source.start();
            for (int i = 0; i < 20; i++) {
                write(source, i % 2);
            }
            int[] left = {60};
            move(source, progress -> {
                if (source.state() == Machine.State.RUNNING && left[0]-- > 0) {
                    write(source, left[0] % 2);
                }
            }, target -> {
                assertThat(left[0]).as("it wrote meanwhile").isLessThan(50);
                assertThat(target.state()).isEqualTo(Machine.State.RUNNING);
                assertThat(target.disks()).extracting(DeviceSpec.Disk::format).containsExactly("raw", "qcow2", "raw");
                assertThatThrownBy(() -> Images.open(folder.resolve("moved-d0"), Access.WRITE)).as("it has its lock").isInstanceOf(IOException.class);
            });
        }
        assertThat(content(folder.resolve("moved-d0"), "qcow2")).isEqualTo(content(chain, "qcow2"));
        assertThat(content(folder.resolve("moved-d1"), "raw")).isEqualTo(content(raw, "raw"));
        try (DiskImage moved = Images.open(folder.resolve("moved-d0"), Access.READ)) {
            assertThat(moved.backing()).isEmpty();
        }
    }

    @Test
    void aMachineIsNotForkedWhileItsDisksGo() throws Exception {
        try (Machine source = builder().build()) {
            source.start();
            write(source, 0);
            Path forks = Files.createDirectory(folder.resolve("forks"));
            boolean[] tried = new boolean[1];
            move(source, progress -> {
                if (!tried[0]) {
                    tried[0] = true;
                    assertThat(progress.round()).isZero();
                    assertThatThrownBy(() -> source.fork(forks, copy -> {})).isInstanceOf(MachineException.class).hasMessageContaining("about to move");
                }
            }, target -> assertThat(tried[0]).isTrue());
        }
    }

    @Test
    void aTargetThatCannotMakeTheImageRefuses() throws Exception {
        Files.createDirectory(folder.resolve("moved-d0"));
        try (Machine source = builder().build()) {
            source.start();
            assertThatThrownBy(() -> move(source, progress -> {}, target -> {})).hasMessageContaining("moved-d0");
            assertThat(source.state()).isEqualTo(Machine.State.RUNNING);
            write(source, 0);
        }
    }
}
