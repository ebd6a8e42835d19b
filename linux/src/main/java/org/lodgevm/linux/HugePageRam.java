package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.lodgevm.machine.RamSource;

/**
 * Guest RAM on pages of 2 MiB that the host keeps ready for that: no guest waits for them, and the host neither takes them back nor swaps them.
 * Source: Linux's Documentation/admin-guide/mm/hugetlbpage.rst.
 *
 * <p>Such a page cannot be copied when it is written to, unless there is another one to spare. Hence what a file or a machine before had is
 * copied at the beginning, frozen RAM is a copy, and nothing is given back to the host before the end.
 */
final class HugePageRam implements RamSource {
    static final long PAGE = 2 << 20;

    private static final String POOL = "sys/kernel/mm/hugepages/hugepages-2048kB";

    private final MemoryCalls calls;
    /** Where the host's files are: {@code /}, but for tests. */
    private final Path root;

    HugePageRam(MemoryCalls calls, Path root) {
        this.calls = calls;
        this.root = root;
    }

    /** All pages are there on return. */
    @Override
    public MemorySegment map(long size, Arena arena) {
        long bytes = Math.ceilDiv(size, PAGE) * PAGE;
        try {
            int file = calls.createHugePageFile("lodge-ram", bytes);
            try {
                long address = calls.mapFile(file, bytes);
                return MemorySegment.ofAddress(address).reinterpret(size, arena, memory -> calls.unmap(address, bytes));
            } finally {
                calls.closeFile(file); // the mapping keeps it
            }
        } catch (MemoryCalls.Failure e) {
            throw new IllegalStateException(explain(bytes, e), e);
        }
    }

    private String explain(long bytes, MemoryCalls.Failure e) {
        Path pool = root.resolve(POOL);
        try {
            long wanted = bytes / PAGE;
            long all = Long.parseLong(Files.readString(pool.resolve("nr_hugepages")).strip());
            long free = Long.parseLong(Files.readString(pool.resolve("free_hugepages")).strip())
                    - Long.parseLong(Files.readString(pool.resolve("resv_hugepages")).strip());
            return free >= wanted
                    ? "%d MiB of guest memory cannot be mapped on huge pages, though there are enough (%s); look at the limits of this process's control group"
                            .formatted(bytes >> 20, e.getMessage())
                    : "%d MiB of guest memory take %d huge pages, and %d are free; reserve them (echo %d | sudo tee /%s/nr_hugepages), or leave out --huge-pages"
                            .formatted(bytes >> 20, wanted, free, all + wanted - free, POOL);
        } catch (IOException | NumberFormatException unknown) {
            return "this kernel has no huge pages of 2 MiB (%s); leave out --huge-pages".formatted(e.getMessage());
        }
    }

    @Override
    public MemorySegment map(Path file, long offset, long size, Arena arena) throws IOException {
        MemorySegment memory = map(size, arena);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ); Arena reading = Arena.ofConfined()) {
            memory.copyFrom(channel.map(FileChannel.MapMode.READ_ONLY, offset, size, reading));
        }
        return memory;
    }
}
