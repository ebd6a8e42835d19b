package org.lodgevm.fuzz.virtio;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.lodgevm.devices.virtio.transport.VirtioMmio;
import org.lodgevm.fuzz.Dice;

/** Uses a device's registers and memory in ways that are right in most of their parts. Numbers are those of the specification. */
final class HostileDriver {
    static final int MEMORY = 1 << 18;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(LITTLE_ENDIAN);

    private static final int[] REGISTERS = {
        0x010, 0x014, 0x020, 0x024, 0x030, 0x034, 0x038, 0x044, 0x050, 0x060, 0x064, 0x070, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4, 0x0c0, 0x0fc,
    };
    private static final int AREAS = 0x4000;
    /** Of each queue: table, available and used ring. */
    private static final int AREA = 0x400;

    private static final int BUFFERS = 0x1_0000;
    private static final int MOST_QUEUES = 9;
    /** Of requests to the file system device. */
    private static final int REQUEST_HEADER = 40;

    private static final int OPCODES = 52;
    private static final int INIT = 26;
    private static final int FALLOCATE = 43;
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "..", ".", "", "/", "../outside/secret", "a/b");

    private static final int DEVICE_ID = 0x008;
    /** Network cards, consoles and sockets. @virtio 5 */
    private static final List<Integer> OF_PAIRS = List.of(1, 3, 19);

    /** From which the host connects to the guest's sockets. */
    private static final int FIRST_HOST_PORT = 1 << 30;

    private static final int VERSION_1 = 1;
    private static final int PACKED = 1 << 2;

    private final VirtioMmio device;
    private final MemorySegment memory;
    private final Dice dice;
    /** Whether its queues are to receive and to transmit in turn: else few buffers would be of any use. */
    private final boolean isOfPairs;

    private boolean packed;
    private int size = 8;

    HostileDriver(VirtioMmio device, MemorySegment memory, Dice dice) {
        this.isOfPairs = OF_PAIRS.contains((int) device.read(DEVICE_ID, 4));
        this.device = device;
        this.memory = memory;
        this.dice = dice;
    }

    void act() {
        switch (dice.below(32)) {
            case 0, 5 -> initialize();
            case 1 -> register();
            case 2 -> device.write(0x100 + dice.below(72), dice.of(1, 2, 4), dice.number());
            case 3 -> device.read(dice.below(0x200), dice.of(1, 2, 4, 8));
            case 4 -> memory.set(ValueLayout.JAVA_BYTE, dice.below(MEMORY), (byte) dice.bits());
            default -> offer(dice.below(MOST_QUEUES));
        }
    }

    private void set(int register, long value) {
        device.write(register, 4, value & 0xffff_ffffL);
    }

    private void register() {
        set(dice.of(REGISTERS), dice.oneIn(2) ? dice.below(16) : dice.number());
    }

    private void initialize() {
        set(0x070, 0);
        set(0x070, 3);
        set(0x014, 0);
        int offered = (int) device.read(0x010, 4);
        set(0x014, 1);
        int offeredHigh = (int) device.read(0x010, 4);
        set(0x024, 0);
        set(0x020, dice.oneIn(2) ? offered : dice.some(offered));
        set(0x024, 1);
        packed = dice.oneIn(2);
        set(0x020, VERSION_1 | (packed ? PACKED : 0) | dice.some(offeredHigh & ~PACKED));
        set(0x070, 11);
        size = 1 << dice.between(0, 4);
        for (int queue = 0; queue < MOST_QUEUES; queue++) {
            set(0x030, queue);
            set(0x038, dice.oneIn(256) ? dice.number() : size);
            set(0x080, area(queue, 0));
            set(0x084, 0);
            set(0x090, area(queue, 1));
            set(0x094, 0);
            set(0x0a0, area(queue, 2));
            set(0x0a4, dice.oneIn(256) ? dice.number() : 0);
            memory.asSlice(AREAS + 3 * AREA * queue, 3 * AREA).fill((byte) 0);
            set(0x044, 1);
        }
        set(0x070, 15);
    }

    /** Queues do not overlap, unless they do. */
    private int area(int queue, int part) {
        return dice.oneIn(512) ? dice.below(MEMORY) & -2 : AREAS + AREA * (3 * queue + part);
    }

    private void offer(int queue) {
        int parts = dice.between(1, 4);
        int writable = isOfPairs && !dice.oneIn(8) ? queue % 2 * parts : dice.below(parts + 1);
        int table = AREAS + AREA * 3 * queue;
        int first = dice.below(size);
        for (int i = 0; i < parts; i++) {
            boolean more = i + 1 < parts;
            int flags = (more ? 1 : 0) | (i >= writable ? 2 : 0) | (dice.oneIn(16) ? 4 : 0) | (dice.oneIn(64) ? (int) dice.some(0xffff) : 0);
            if (packed) {
                flags = flags & ~0x8080 | (dice.oneIn(2) ? 0x80 : 0x8000);
            }
            int at = table + 16 * ((first + i) % size);
            descriptor(at, flags, dice.oneIn(64) ? (int) dice.number() : (first + i + 1) % size);
        }
        if (!packed) {
            int available = table + AREA;
            int index = memory.get(SHORT, available + 2) & 0xffff;
            memory.set(SHORT, available + 4 + 2 * (index % size), (short) first);
            memory.set(SHORT, available + 2, (short) (index + (dice.oneIn(64) ? dice.number() : 1)));
        }
        set(0x050, dice.oneIn(64) ? dice.number() : queue);
    }

    /** Of the socket device. */
    private void packet(int at) {
        memory.set(LONG, at, 3);
        memory.set(LONG, at + 8, 2);
        memory.set(INT, at + 16, dice.below(3));
        memory.set(INT, at + 20, dice.oneIn(3) ? FIRST_HOST_PORT + dice.below(4) : dice.below(3));
        memory.set(INT, at + 24, dice.oneIn(32) ? (int) dice.number() : dice.of(0, 0, 1, 8, 512));
        memory.set(INT, at + 28, dice.of(1, 1, 1, 1, 2) | dice.below(8) << 16);
        memory.set(INT, at + 32, dice.below(4));
        memory.set(INT, at + 36, dice.oneIn(8) ? (int) dice.number() : 1 << 16);
        memory.set(INT, at + 40, dice.oneIn(8) ? (int) dice.number() : 0);
    }

    /** Of the file system device: a header, numbers that may be those of nodes, handles, sizes, flags and modes, and names. */
    private void fileRequest(int at) {
        int opcode = dice.oneIn(16) ? INIT : dice.oneIn(64) ? (int) dice.number() : dice.between(1, OPCODES);
        memory.set(INT, at + 4, opcode);
        memory.set(LONG, at + 16, fileNumber(opcode));
        int words = dice.below(12);
        for (int i = 0; i < words; i++) {
            memory.set(LONG, at + REQUEST_HEADER + 8 * i, fileNumber(opcode));
        }
        String names = dice.of(NAMES) + '\0' + dice.of(NAMES) + '\0';
        MemorySegment.copy(MemorySegment.ofArray(names.getBytes(US_ASCII)), 0, memory, at + REQUEST_HEADER + 8L * words, names.length());
    }

    private long fileNumber(int opcode) {
        boolean takesSpace = opcode == FALLOCATE;
        return switch (dice.below(takesSpace ? 3 : 5)) {
            case 0 -> 1;
            case 1 -> dice.below(8);
            case 2 -> dice.below(1 << 16);
            case 3 -> dice.below(010000) | dice.of(0x1000, 0x2000, 0x4000, 0x8000, 0xa000);
            default -> dice.number();
        };
    }

    private void descriptor(int at, int flags, int next) {
        int buffer = BUFFERS + (dice.below(MEMORY - BUFFERS - 0x4000) & -16);
        int length = dice.oneIn(32) ? (int) dice.number() : dice.of(1, 8, 12, 16, 17, 20, 24, 44, 44, 512, 1024, 1536, dice.below(0x4000));
        memory.set(LONG, at, dice.oneIn(64) ? dice.number() : buffer);
        memory.set(INT, at + 8, length);
        memory.set(SHORT, at + 12, (short) (packed ? next : flags));
        memory.set(SHORT, at + 14, (short) (packed ? flags : next));
        memory.set(INT, buffer, dice.of(0, 1, 4, 8, 11, 13, 0x0100, 0x0101, 0x0204, dice.below(1 << 16)));
        memory.set(INT, buffer + 4, dice.below(8) << 16 | dice.below(8));
        memory.set(LONG, buffer + 8, dice.oneIn(4) ? dice.number() : dice.below(2048));
        if (dice.oneIn(3)) {
            packet(buffer);
        } else if (dice.oneIn(2)) {
            fileRequest(buffer);
        }
    }
}
