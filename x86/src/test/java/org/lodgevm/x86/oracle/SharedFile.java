package org.lodgevm.x86.oracle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file through which batches pass: a page whose first word is the address of the case being
 * run, then the records.
 */
final class SharedFile implements AutoCloseable {
    /**
     * Offsets in the file.
     *
     * @param capacity how many cases a batch can have
     */
    record Plan(int capacity) {
        long inputs() {
            return Layout.PAGE;
        }

        long outputs() {
            return inputs() + (long) capacity * Layout.RECORD;
        }

        long data() {
            return outputs() + (long) capacity * Layout.RECORD;
        }

        long constants() {
            return data() + Layout.DATA_BYTES;
        }

        long bytes() {
            return constants() + Layout.CONSTANTS_BYTES;
        }
    }

    private final Plan plan;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    SharedFile(Path path, Plan plan) throws IOException {
        this.plan = plan;
        try (FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            memory = file.map(FileChannel.MapMode.READ_WRITE, 0, plan.bytes(), arena);
        }
        for (int i = 0; i < Layout.CONSTANTS_BYTES; i++) {
            memory.set(ValueLayout.JAVA_BYTE, plan.constants() + i, Layout.constant(i));
        }
    }

    Case input(int index) {
        return new Case(
                memory.asSlice(plan.inputs() + (long) index * Layout.RECORD, Layout.RECORD));
    }

    Case output(int index) {
        return new Case(
                memory.asSlice(plan.outputs() + (long) index * Layout.RECORD, Layout.RECORD));
    }

    /** Index of the case that was being run last. */
    int current() {
        long address = memory.get(ValueLayout.JAVA_INT, 0) & 0xFFFF_FFFFL;
        return (int) ((address - NativeRunner.SHARED - plan.inputs()) / Layout.RECORD);
    }

    @Override
    public void close() {
        arena.close();
    }
}
