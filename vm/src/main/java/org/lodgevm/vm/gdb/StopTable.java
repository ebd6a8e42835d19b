package org.lodgevm.vm.gdb;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.lodgevm.machine.Debuggable.Stops;
import org.lodgevm.machine.Debuggable.Watchpoint;

/** The breakpoints and watchpoints that GDB has set, by its kinds. @gdb E.2, packets z and Z */
final class StopTable {
    private static final int SOFTWARE = 0;
    private static final int HARDWARE = 1;
    private static final int WRITE = 2;
    private static final int READ = 3;
    private static final int ACCESS = 4;
    /** Of all kinds; more would be a mistake, and searching them slow. */
    private static final int MOST = 4096;

    private static final int LONGEST_WATCHED = 4096;
    private static final long PAGE = ~0xfffL;

    private final Set<Long> software = new TreeSet<>();
    private final Set<Long> hardware = new TreeSet<>();
    private final Set<Watchpoint> watchpoints = new LinkedHashSet<>();

    /** Whether there are stops of such a kind. */
    static boolean knows(int kind) {
        return kind >= SOFTWARE && kind <= ACCESS;
    }

    /** @return false if there are too many, or the bytes make no sense */
    boolean set(int kind, long address, int size) {
        if (software.size() + hardware.size() + watchpoints.size() >= MOST) {
            return false;
        }
        if (kind <= HARDWARE) {
            addresses(kind).add(address);
            return true;
        }
        if (size < 1 || size > LONGEST_WATCHED || (address & PAGE) != (address + size - 1 & PAGE)) {
            return false;
        }
        watchpoints.add(watchpoint(kind, address, size));
        return true;
    }

    void clear(int kind, long address, int size) {
        if (kind <= HARDWARE) {
            addresses(kind).remove(address);
        } else {
            watchpoints.remove(watchpoint(kind, address, size));
        }
    }

    private Set<Long> addresses(int kind) {
        return kind == SOFTWARE ? software : hardware;
    }

    private static Watchpoint watchpoint(int kind, long address, int size) {
        return new Watchpoint(address, size, kind != WRITE, kind != READ);
    }

    Stops stops() {
        Set<Long> breakpoints = new TreeSet<>(software);
        breakpoints.addAll(hardware);
        return new Stops(breakpoints, watchpoints.stream().toList());
    }

    /** How a stop reply calls the reason. */
    String reason(long breakpoint) {
        return hardware.contains(breakpoint) ? "hwbreak:;" : software.contains(breakpoint) ? "swbreak:;" : "";
    }

    /** The same of what was watched. */
    static String reason(Watchpoint watchpoint) {
        return "%s:%x;".formatted(watchpoint.reads() ? watchpoint.writes() ? "awatch" : "rwatch" : "watch", watchpoint.linear());
    }
}
