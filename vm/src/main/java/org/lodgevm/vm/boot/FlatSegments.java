package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.machine.VcpuState.Segment;

/**
 * Segments with base 0 and a limit of 4 GiB, and a GDT in guest memory that agrees with them. @sdm 3.4.5
 *
 * <p>The selectors are those of Linux ({@code __BOOT_CS}, {@code __BOOT_DS}), which multiboot and PVH leave open.
 */
enum FlatSegments {
    CODE32(0xc09b),
    CODE64(0xa09b);

    private static final int CODE_SELECTOR = 0x10;
    private static final int DATA_SELECTOR = 0x18;
    private static final int TASK_SELECTOR = 0x20;
    private static final int DATA_ATTRIBUTES = 0xc093;
    private static final int BUSY_TASK_ATTRIBUTES = 0x8b;
    private static final int TASK_LIMIT = 0x67;
    private static final int DESCRIPTORS = 6;
    static final int GDT_SIZE = 8 * DESCRIPTORS;

    private final int codeAttributes;

    FlatSegments(int codeAttributes) {
        this.codeAttributes = codeAttributes;
    }

    /** Writes the GDT and loads all segment registers from it. */
    void apply(VcpuState state, GuestMemory memory, long gdt) {
        Segment data = new Segment(DATA_SELECTOR, 0, -1, DATA_ATTRIBUTES);
        Segment code = new Segment(CODE_SELECTOR, 0, -1, codeAttributes);
        Segment task = new Segment(TASK_SELECTOR, 0, TASK_LIMIT, BUSY_TASK_ATTRIBUTES);
        ByteBuffer table = ByteBuffer.allocate(GDT_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (Segment segment : new Segment[] {code, data, task}) {
            table.putLong(segment.selector(), descriptor(segment));
        }
        memory.write(gdt, table.array());
        Arrays.fill(state.segments, data);
        state.segments[1] = code;
        state.tr = task;
        state.gdtr = new VcpuState.Table(gdt, GDT_SIZE - 1);
        state.idtr = new VcpuState.Table(0, 0);
    }

    /** A flat segment or one at address 0: the base is zero. */
    private static long descriptor(Segment segment) {
        long limit = (segment.attributes() & 0x8000) != 0 ? Integer.toUnsignedLong(segment.limit()) >>> 12 : segment.limit();
        return limit & 0xffff | (limit >>> 16 & 0xf) << 48 | (long) segment.attributes() << 40;
    }
}
