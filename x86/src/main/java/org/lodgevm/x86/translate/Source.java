package org.lodgevm.x86.translate;

import org.lodgevm.x86.decode.Instruction;

/** The page of guest code that is translated, as whoever asks for it knows it. */
public interface Source {
    int PAGE = 0x1000;

    /** The page's bytes, all 4096; behind them those of the {@link #second} page that an instruction may have. */
    byte[] bytes();

    /** Physical address of the page behind this one, if what is to be translated is one instruction that lies over the boundary; else -1. */
    default long second() {
        return -1;
    }

    /** Whether it is one instruction that lies in two pages. */
    default boolean isOverBoundary() {
        return second() >= 0;
    }

    /** Whether a run of instructions that begins there has been executed. */
    boolean executed(long rip);

    /** Whether a translation begins there: it is jumped to rather than made again. */
    boolean translated(long rip);

    /** A number for an instruction that is to be executed outside, or is to be named there; 0 in what is only recorded, whose copies get numbers of each CPU's own. */
    default int callOut(Instruction in, long rip) {
        return 0;
    }

    /** The same for an instruction that is only looked at when it is executed. */
    default int laterCallOut() {
        return 0;
    }

    /** Told of each instruction that goes into the translation. */
    void use(long rip, int length);
}
