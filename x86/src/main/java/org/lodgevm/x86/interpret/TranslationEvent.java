package org.lodgevm.x86.interpret;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the JDK's flight recorder: one region of guest code was translated. */
@Name("org.lodgevm.Translation")
@Label("Translation")
@Category({"Lodge", "CPU"})
@Description("A region of guest code was translated into the host's machine code")
@StackTrace(false)
final class TranslationEvent extends Event {
    @Label("CPU")
    @Description("The CPU that asked for it")
    int cpu;

    @Label("Guest Address")
    @MemoryAddress
    long rip;

    @Label("Instructions")
    long instructions;

    @Label("Code Size")
    @DataAmount
    long codeSize;

    /** Ends the time that began with {@link #begin}. */
    void commit(int askedBy, long from, long count, long bytes) {
        if (shouldCommit()) {
            cpu = askedBy;
            rip = from;
            instructions = count;
            codeSize = bytes;
            commit();
        }
    }
}
