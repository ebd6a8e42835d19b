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
 * <p>The GDT has code, data and task in this order, beginning at the selector of the code segment. Linux demands 0x10 ({@code
 * __BOOT_CS}). Multiboot and PVH leave it open, but there are kernels that load a GDT of their own and keep CS: they count on their
 * code being the first descriptor, as it is with QEMU.
 */
enum FlatSegments {
    CODE32(0xc09b, 0x08),
    LINUX32(0xc09b, 0x10),
    LINUX64(0xa09b, 0x10);

    private static final int DATA_ATTRIBUTES = 0xc093;
    private static final int BUSY_TASK_ATTRIBUTES = 0x8b;
    private static final int TASK_LIMIT = 0x67;
    private static final int DESCRIPTORS = 6;
    static final int GDT_SIZE = 8 * DESCRIPTORS;

    private final int codeAttributes;
    private final int codeSelector;

    FlatSegments(int codeAttributes, int codeSelector) {
        this.codeAttributes = codeAttributes;
        this.codeSelector = codeSelector;
    }

    /** Writes the GDT and loads all segment registers from it. */
    void apply(VcpuState state, GuestMemory memory, long gdt) {
        Segment code = new Segment(codeSelector, 0, -1, codeAttributes);
        Segment data = new Segment(codeSelector + 8, 0, -1, DATA_ATTRIBUTES);
        Segment task = new Segment(codeSelector + 16, 0, TASK_LIMIT, BUSY_TASK_ATTRIBUTES);
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
