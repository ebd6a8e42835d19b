package org.lodgevm.vm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.lodgevm.devices.virtio.filesystem.Tag;
import org.lodgevm.net.packet.MacAddress;

/** A device that a machine has beside what every PC has. Each is a virtio device, on the machine's {@link VirtioTransport}. */
public sealed interface DeviceSpec {
    /** A source of random numbers: the host's. */
    record Entropy() implements DeviceSpec {}

    /** Memory that the guest can lend back: see {@link Machine#balloon}. */
    record Balloon() implements DeviceSpec {}

    /**
     * Streams between programs in the guest and on the host: see {@link Machine#sockets}.
     *
     * @param cid the context id by which the guest knows itself, 3 or more
     * @param path of a Unix socket by which other programs of the host connect to the guest's, and beside which those listen that it connects to; or null
     */
    record Socket(long cid, Path path) implements DeviceSpec {
        /** The first one that is a guest's. */
        public static final long FIRST_CID = 3;

        public Socket(long cid) {
            this(cid, null);
        }
    }

    /**
     * A port of a console device: a stream of bytes between a program in the guest and one on the host.
     *
     * @param name by which the guest finds it, in Linux, by udev, as {@code /dev/virtio-ports/NAME}
     * @param terminal whether the guest is to use it as a terminal, in Linux {@code /dev/hvc0} and up
     * @param path of a Unix socket that is the host's end; or null, and {@link Machine#port} is
     */
    record Port(String name, boolean terminal, Path path) implements DeviceSpec {
        public Port {
            Objects.requireNonNull(name);
        }

        public Port(String name, boolean terminal) {
            this(name, terminal, null);
        }
    }

    /** A port of a console device for the guest's agent: see {@link Machine#guest}. */
    record Agent() implements DeviceSpec {}

    /**
     * A disk.
     *
     * @param image a path, or another location that the storage module knows
     * @param format of the image, or null to find out by its beginning; such an image may not refer to other files, since a guest that
     *     writes to a raw disk decides what stands there
     * @param serial at most 20 ASCII characters by which the guest knows it again
     */
    record Disk(String image, String format, boolean readOnly, String serial, HostFull hostFull, Cache cache) implements DeviceSpec {
        public Disk {
            Objects.requireNonNull(image);
            Objects.requireNonNull(serial);
            Objects.requireNonNull(hostFull);
            Objects.requireNonNull(cache);
        }

        public Disk(String image, String format, boolean readOnly, String serial) {
            this(image, format, readOnly, serial, HostFull.PAUSE, Cache.WRITEBACK);
        }

        /** One that nobody looks at unless all that is done with it ends well: it need not survive this process, and a full host is an error. */
        public static Disk draft(String image, String format, String serial) {
            return new Disk(image, format, false, serial, HostFull.ERROR, Cache.UNSAFE);
        }

        /** The same disk, with its content in another image. */
        public Disk in(String otherImage, String itsFormat) {
            return new Disk(otherImage, itsFormat, readOnly, serial, hostFull, cache);
        }

        /** Where on the host content is while it is not on its disk. */
        public enum Cache {
            /** In the host's cache until the guest flushes. */
            WRITEBACK,
            /** Nowhere: a write is done when it is on the disk. */
            WRITETHROUGH,
            /** As {@link #WRITEBACK}, but of whole blocks nothing is in the host's cache, only in that of its disk. */
            NONE,
            /** In this process and the host's cache until the image is closed, even if the guest flushes. If the process is killed the image may be of no use. */
            UNSAFE
        }

        /** What is done when the host has no room for what the guest writes. */
        public enum HostFull {
            /** The machine is paused, and tries again every few seconds, or when it is told to go on. The guest knows nothing of it. */
            PAUSE,
            /** The guest is told of an error, which most answer by writing no more. */
            ERROR
        }

        /** One to read and write. */
        public static Disk of(String image) {
            return new Disk(image, null, false, "");
        }
    }

    /**
     * A disk to be read, whose content is not in a file: what describes a machine to its guest, for instance.
     *
     * @param content at most 2 GiB, which reads as followed by zeroes up to a whole sector
     * @param serial as of a {@link Disk}
     */
    record MemoryDisk(byte[] content, String serial) implements DeviceSpec {
        public MemoryDisk {
            content = content.clone();
            Objects.requireNonNull(serial);
        }
    }

    /**
     * A file of the host's that is memory in the guest, in Linux {@code /dev/pmem0} and up. What is written to it is the file's at once, and durable when
     * the guest has flushed. A machine that has one is neither copied, nor does it move.
     *
     * @param size in bytes, a multiple of {@link PersistentMemory#UNIT}; a file that is not there is made that large, one that is has to be. 0 for the size of the file
     * @param readOnly whether the guest's writes are dropped
     */
    record PersistentMemory(Path file, long size, boolean readOnly) implements DeviceSpec {
        /** What Linux maps at a time, in bytes. */
        public static final long UNIT = 2 << 20;

        public PersistentMemory {
            Objects.requireNonNull(file);
            if (size < 0 || size % UNIT != 0) {
                throw new IllegalArgumentException("persistent memory of %d bytes is not possible; its size is a multiple of 2 MiB".formatted(size));
            }
        }

        /** A file that is there, to read and write. */
        public static PersistentMemory of(Path file) {
            return new PersistentMemory(file, 0, false);
        }
    }

    /**
     * A folder of the host's. In Linux: {@code mount -t virtiofs TAG /path}.
     *
     * @param tag 1 to 36 bytes by which the guest knows it; another of each folder
     * @param readOnly whether nothing in it may be changed by the guest
     */
    record SharedFolder(Path folder, String tag, boolean readOnly) implements DeviceSpec {
        public SharedFolder {
            Objects.requireNonNull(folder);
            new Tag(tag);
        }
    }

    /**
     * A network card. What it is plugged into is said where the machine is built.
     *
     * @param mac its address, as {@code 52:54:00:12:34:56}
     */
    record Network(String mac) implements DeviceSpec {
        /** The first one that QEMU gives, too: it is locally administered. */
        public static final Network DEFAULT = new Network("52:54:00:12:34:56");

        public Network {
            MacAddress.parse(mac);
        }

        /** One with an address of the machine's own: the same for the same name, and most likely another for another. */
        public static Network of(String machine) {
            String digits = UUID.nameUUIDFromBytes(machine.getBytes(StandardCharsets.UTF_8)).toString();
            return new Network("52:54:00:%s:%s:%s".formatted(digits.substring(0, 2), digits.substring(2, 4), digits.substring(4, 6)));
        }
    }
}
