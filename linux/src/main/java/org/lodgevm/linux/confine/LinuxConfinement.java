package org.lodgevm.linux.confine;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.linux.confine.EveryThread.Call;
import org.lodgevm.machine.Confinement;

/** By what the Linux kernel has for it, without any privilege. */
public final class LinuxConfinement implements Confinement {
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    /** Of {@code capset}: two words of each of three sets. */
    private static final int CAPABILITY_VERSION_3 = 0x2008_0522;

    private static final int CAPABILITY_HEADER_BYTES = 8;
    private static final int CAPABILITY_DATA_BYTES = 24;

    @Override
    public List<Barrier> barriers() {
        String system = LibC.unavailable();
        return List.of(
                new Barrier("no_new_privs", "gains no rights by set-user-ID programs", system),
                new Barrier("capabilities", "has none of root's", system),
                new Barrier("Landlock", "opens only files that its machine was given", system != null ? system : Landlock.unavailable()),
                new Barrier("seccomp", "makes no system calls that a machine does not need", system != null ? system : Seccomp.unavailable()),
                new Barrier("limits", "dumps no core, locks no memory, takes no priority", system));
    }

    @Override
    public void confine(Access access) {
        if (LibC.unavailable() != null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            if (Landlock.unavailable() == null) {
                try (Landlock rules = Landlock.nothing()) {
                    GivenFiles.addTo(rules);
                    access.readable().forEach(rules::read);
                    access.writable().forEach(rules::change);
                    callEverywhere(arena, List.of(new Call(SystemCall.LANDLOCK_RESTRICT_SELF, rules.descriptor(), 0)));
                }
            } else {
                callEverywhere(arena, List.of());
            }
        }
        Limits.lower();
        if (Seccomp.unavailable() == null) {
            Seccomp.install(CallPolicy.filter((int) ProcessHandle.current().pid()));
        }
    }

    /** What is kept for each thread. */
    private static void callEverywhere(Arena arena, List<Call> more) {
        MemorySegment header = arena.allocate(CAPABILITY_HEADER_BYTES, Long.BYTES);
        header.set(JAVA_INT, 0, CAPABILITY_VERSION_3);
        MemorySegment none = arena.allocate(CAPABILITY_DATA_BYTES, Long.BYTES);
        List<Call> calls = new ArrayList<>();
        calls.add(new Call(SystemCall.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0));
        calls.addAll(more);
        calls.add(new Call(SystemCall.CAPSET, header.address(), none.address()));
        EveryThread.call(calls);
    }
}
