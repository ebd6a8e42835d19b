package org.lodgevm.fuzz;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.x86.interpret.InterpreterAccelerator;
import org.lodgevm.x86.interpret.JitAccelerator;

/** What executes hostile code: the interpreter, and where it works the translator, each as eager as it can be. */
public final class Accelerators {
    /** Entries after which a block is compiled as one class. */
    private static final int FUSE_AFTER = 16;
    /** Little enough memory for translations that they are dropped again and again. */
    private static final long CODE_BYTES = 1 << 20;

    private static final List<Supplier<Accelerator>> ALL = new JitAccelerator().unavailable() != null
            ? List.of(Accelerators::interpreter)
            : List.of(Accelerators::interpreter, () -> new JitAccelerator(0, CODE_BYTES), () -> new JitAccelerator(2, CODE_BYTES),
                    () -> new JitAccelerator(2, CODE_BYTES, true));
    private static final AtomicInteger TURN = new AtomicInteger();

    private Accelerators() {}

    private static Accelerator interpreter() {
        return new InterpreterAccelerator(FUSE_AFTER);
    }

    /** All in turn. */
    public static Accelerator next() {
        return ALL.get(Math.floorMod(TURN.getAndIncrement(), ALL.size())).get();
    }
}
