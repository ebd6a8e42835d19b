package org.lodgevm.linux.confine;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
                new Barrier("limits", "dumps no core, locks no memory, takes no priority", system),
                new Barrier("cgroup", "takes no more memory and CPU time than it is given, if it is given limits",
                        system != null ? system : ControlGroup.ofHost().unavailable()));
    }

    @Override
    public void limit(Resources resources) {
        String system = LibC.unavailable();
        if (system != null) {
            throw new IllegalStateException(system);
        }
        ControlGroup.ofHost().enter(resources, ProcessHandle.current().pid());
    }

    @Override
    public void rehearse() {
        barriers();
        try (Prepared _ = prepare(new Access(List.of(), List.of()))) {
            if (LibC.unavailable() == null) {
                EveryThread.call(List.of(new Call(SystemCall.GETPID)));
            }
        }
    }

    @Override
    public Prepared prepare(Access access) {
        if (LibC.unavailable() != null) {
            return new NoBarriers();
        }
        return new Barriers(
                Landlock.unavailable() == null ? Optional.of(rules(access)) : Optional.empty(),
                Limits.ofProcess(),
                Seccomp.unavailable() == null ? Optional.of(CallPolicy.filter((int) ProcessHandle.current().pid())) : Optional.empty());
    }

    private static Landlock rules(Access access) {
        Landlock rules = Landlock.nothing();
        GivenFiles.addTo(rules);
        access.readable().forEach(rules::read);
        access.writable().forEach(rules::change);
        return rules;
    }

    /** Of a system that has none. */
    private record NoBarriers() implements Prepared {
        @Override
        public void raise() {
            // there is nothing to raise
        }

        @Override
        public void close() {
            // nor to give back
        }
    }

    /** Those of them that take preparation; the others are raised with them. */
    private record Barriers(Optional<Landlock> rules, Limits limits, Optional<FilterProgram> filter) implements Prepared {
        @Override
        public void raise() {
            try (Arena arena = Arena.ofConfined()) {
                EveryThread.call(callsOfEach(arena));
            }
            limits.lower();
            if (filter.isPresent()) { // lambdas would be made at each start: no rehearsal comes here
                Seccomp.install(filter.get());
            }
        }

        /** What is kept for each thread. */
        private List<Call> callsOfEach(Arena arena) {
            MemorySegment header = arena.allocate(CAPABILITY_HEADER_BYTES, Long.BYTES);
            header.set(JAVA_INT, 0, CAPABILITY_VERSION_3);
            MemorySegment none = arena.allocate(CAPABILITY_DATA_BYTES, Long.BYTES);
            List<Call> calls = new ArrayList<>();
            calls.add(new Call(SystemCall.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0));
            if (rules.isPresent()) {
                calls.add(new Call(SystemCall.LANDLOCK_RESTRICT_SELF, rules.get().descriptor(), 0));
            }
            calls.add(new Call(SystemCall.CAPSET, header.address(), none.address()));
            return calls;
        }

        @Override
        public void close() {
            rules.ifPresent(Landlock::close);
        }
    }
}
