package org.lodgevm.fuzz.virtio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.balloon.BalloonDevice;
import org.lodgevm.devices.virtio.block.BlockDevice;
import org.lodgevm.devices.virtio.block.DiskIdentity;
import org.lodgevm.devices.virtio.console.ConsoleDevice;
import org.lodgevm.devices.virtio.console.ConsolePort;
import org.lodgevm.devices.virtio.network.NetworkDevice;
import org.lodgevm.devices.virtio.pmem.PersistentRange;
import org.lodgevm.devices.virtio.pmem.PmemDevice;
import org.lodgevm.devices.virtio.rng.Entropy;
import org.lodgevm.devices.virtio.socket.SocketDevice;
import org.lodgevm.devices.virtio.socket.SocketStream;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Offload;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.StorageException;

/** A device of any kind, and what the host does to it meanwhile. */
final class Subjects {
    /** What the host does at some time. */
    interface Host {
        void act(Dice dice);
    }

    /** Chooses the subject of a case. */
    interface Choice {
        /** @param memory the guest's */
        Subject choose(Dice dice, GuestMemory memory);
    }

    /** What is left to do when the device is closed. */
    interface End {
        void act() throws IOException;
    }

    /** A device to be made, its host, and the end. */
    record Subject(DeviceLogic.Factory factory, Host host, End end) {
        private Subject(DeviceLogic.Factory factory, Host host) {
            this(factory, host, () -> {});
        }
    }

    private static final int DISK = 1 << 20;
    private static final long GUEST_CID = 3;

    private Subjects() {}

    /** One that has nothing to do with files of the host's. */
    static Subject any(Dice dice, GuestMemory memory) {
        return switch (dice.below(8)) {
            case 0 -> new Subject(driver -> new Entropy(), ignored -> {});
            case 1, 2 -> disk(dice.split());
            case 3 -> network(dice.split());
            case 4 -> balloon(memory);
            case 5 -> socket();
            case 6 -> persistentMemory(dice.oneIn(4));
            default -> console(dice.split());
        };
    }

    private static Subject disk(Dice dice) {
        Image image = new Image(dice.oneIn(4), dice.oneIn(4));
        DiskIdentity identity = new DiskIdentity("fuzz", 512, dice.between(1, 4));
        return new Subject(driver -> new BlockDevice(driver, image, identity, problem -> false), ignored -> {});
    }

    private static Subject network(Dice dice) {
        Cable cable = new Cable();
        int pairs = dice.between(1, 4);
        return new Subject(driver -> new NetworkDevice(driver, cable, MacAddress.parse("52:54:00:00:00:01"), pairs), cable::act);
    }

    private static Subject balloon(GuestMemory memory) {
        BalloonDevice[] made = new BalloonDevice[1];
        return new Subject(driver -> made[0] = new BalloonDevice(driver, memory), dice -> {
            made[0].target(dice.below(1 << 20));
            try {
                made[0].statistics(Duration.ZERO);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Everybody who connects gets back what he says, and so does a guest to which the host connects. */
    private static Subject socket() {
        SocketDevice[] made = new SocketDevice[1];
        return new Subject(
                driver -> {
                    made[0] = new SocketDevice(driver, GUEST_CID);
                    made[0].listen(0, Subjects::echo);
                    return made[0];
                },
                dice -> {
                    int port = dice.below(4);
                    if (dice.oneIn(2)) {
                        Thread.ofVirtual().start(() -> connect(made[0], port));
                    } else {
                        made[0].listen(port, dice.oneIn(4) ? null : Subjects::echo);
                    }
                });
    }

    private static void connect(SocketDevice device, int port) {
        try {
            SocketStream stream = device.connect(port);
            stream.write(ByteBuffer.allocate(port << 10));
            echo(stream);
        } catch (IOException e) {
            // the guest does not want to, or has gone
        }
    }

    private static Subject persistentMemory(boolean broken) {
        PersistentRange range = new PersistentRange() {
            @Override
            public long gpa() {
                return PcLayout.HIGH_RAM;
            }

            @Override
            public long size() {
                return DISK;
            }

            @Override
            public void flush() throws IOException {
                if (broken) {
                    throw new StorageException("memory", "broken");
                }
            }

            @Override
            public void close() {}
        };
        return new Subject(driver -> new PmemDevice(driver, range), ignored -> {});
    }

    private static void echo(ByteChannel channel) {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 12);
        try (channel) {
            while (channel.read(bytes.clear()) > 0) {
                channel.write(bytes.flip());
            }
        } catch (IOException e) {
            // the guest has gone
        }
    }

    private static Subject console(Dice dice) {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return dice.between(1, length);
            }
        };
        SerialEndpoint endpoint = new SerialEndpoint(endless, OutputStream.nullOutputStream());
        List<ConsolePort> ports = List.of(new ConsolePort("one", true, endpoint), new ConsolePort("two", false, endpoint));
        ConsoleDevice[] made = new ConsoleDevice[1];
        return new Subject(driver -> made[0] = new ConsoleDevice(driver, ports), d -> made[0].resize(d.below(1 << 16), d.below(1 << 16)));
    }

    /** The other end accepts some frames, and sends some. */
    private static final class Cable implements Link {
        private volatile Receiver receiver;
        private volatile boolean full;

        void act(Dice dice) {
            full = dice.oneIn(3);
            if (!full) {
                receiver.sendReady();
            }
            byte[] frame = dice.bytes(dice.oneIn(4) ? dice.below(Frame.MAX_SIZE) + 1 : dice.between(1, 2000));
            if (dice.oneIn(2)) {
                frame[0] = (byte) 0xff;
            }
            Offload offload = receiver.capabilities().checksum() && dice.oneIn(2) ? Offload.checksum(34, 16) : Offload.NONE;
            receiver.receive(new Frame(ByteBuffer.wrap(frame), offload));
        }

        @Override
        public boolean send(Frame frame) {
            return !full;
        }

        @Override
        public void connect(Receiver newReceiver) {
            receiver = newReceiver;
        }

        @Override
        public void receiveReady() {}

        @Override
        public void close() {}
    }

    /** All zeros; what is written is read through and forgotten. */
    private record Image(boolean isReadOnly, boolean broken) implements BlockImage {
        @Override
        public String name() {
            return "image";
        }

        @Override
        public long size() {
            return DISK;
        }

        private void use(long offset, long length) throws IOException {
            if (offset < 0 || length < 0 || offset > DISK - length) {
                throw new AssertionError("%d bytes at %d were not checked".formatted(length, offset));
            }
            if (broken) {
                throw new StorageException(name(), offset, "broken");
            }
        }

        private void change(long offset, long length) throws IOException {
            if (isReadOnly) {
                throw new AssertionError("the image is read-only");
            }
            use(offset, length);
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            use(offset, into.remaining());
            while (into.hasRemaining()) {
                into.put((byte) 0);
            }
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            change(offset, from.remaining());
            from.position(from.limit());
        }

        @Override
        public void flush() throws IOException {
            use(0, 0);
        }

        @Override
        public void discard(long offset, long length) throws IOException {
            change(offset, length);
        }

        @Override
        public void writeZeroes(long offset, long length, boolean release) throws IOException {
            change(offset, length);
        }

        @Override
        public Extent extent(long offset, long length) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public void resize(long size) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public void close() {}
    }
}
