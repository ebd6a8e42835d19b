package org.lodgevm.x86.interpret;

import org.lodgevm.machine.Accelerator;

/** The accelerator named {@code interpreter}: closures over decoded blocks. Works on every host. */
public final class InterpreterAccelerator implements Accelerator {
    /** Entries of a block: with fewer, compiling costs a booting kernel more than it gains. */
    static final int FUSE_AFTER = 60_000;

    private final int fuseAfter;

    public InterpreterAccelerator() {
        this(FUSE_AFTER);
    }

    /**
     * For tests, whose code never becomes as hot as a kernel's.
     *
     * @param fuseAfter entries after which a block's instructions become one class
     */
    public InterpreterAccelerator(int fuseAfter) {
        this.fuseAfter = fuseAfter;
    }

    @Override
    public String name() {
        return "interpreter";
    }

    @Override
    public String unavailable() {
        return null;
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public VcpuFactory open(MachineContext context) {
        return new CpuFactory(context, fuseAfter, cpu -> {});
    }
}
