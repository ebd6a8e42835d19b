package org.lodgevm.x86.system;

import java.util.List;
import java.util.function.Supplier;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.TranslationFile;
import org.lodgevm.x86.interpret.InterpreterAccelerator;
import org.lodgevm.x86.interpret.JitAccelerator;
import org.lodgevm.x86.interpret.LockstepAccelerator;

/**
 * What executes a guest's code: the interpreter alone; translations of whatever can be translated, from the first time on, which are
 * recorded; those translations; translations that are made
 * aside, while the interpreter goes on; or the first two, and they are compared.
 */
enum Engine {
    INTERPRETER(InterpreterAccelerator::new),
    TRANSLATOR(() -> new JitAccelerator(0, 1 << 20)),
    /** After {@link #TRANSLATOR}. */
    ARCHIVE(() -> new JitAccelerator(0, 1 << 20)),
    /** As users have it, but for when: which blocks are interpreted, and how often, differs from run to run. */
    ASIDE(() -> new JitAccelerator(1, 1 << 20, true)),
    LOCKSTEP(LockstepAccelerator::new);

    private final Supplier<Accelerator> accelerator;

    Engine(Supplier<Accelerator> accelerator) {
        this.accelerator = accelerator;
    }

    /** Those that this host offers. */
    static List<Engine> available() {
        return TRANSLATOR.accelerator().unavailable() == null ? List.of(values()) : List.of(INTERPRETER);
    }

    Accelerator accelerator() {
        return accelerator.get();
    }

    /** For the next guest of the test that runs; null for none. */
    TranslationFile translations() {
        return switch (this) {
            case TRANSLATOR -> Recordings.next(true);
            case ARCHIVE -> Recordings.next(false);
            default -> null;
        };
    }
}
