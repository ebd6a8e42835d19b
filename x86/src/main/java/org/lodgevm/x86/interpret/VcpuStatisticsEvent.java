package org.lodgevm.x86.interpret;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For the JDK's flight recorder, once a second: what one CPU has done since it was made. */
@Name("org.lodgevm.VcpuStatistics")
@Label("vCPU Statistics")
@Category({"Lodge", "CPU"})
@Description("What a CPU has executed and translated since it was made, and how often translated code was left")
@Period("1 s")
@StackTrace(false)
final class VcpuStatisticsEvent extends Event {
    @Label("CPU")
    int cpu;

    @Label("Interpreted Instructions")
    long interpreted;

    @Label("Regions")
    @Description("Translations made")
    long regions;

    @Label("Translated Instructions")
    long translated;

    @Label("Translation Time")
    @Timespan
    long translationTime;

    @Label("Entries")
    @Description("How often translated code was entered from the run loop")
    long entries;

    @Label("Exits for Attention")
    long attention;

    @Label("Exits to the Interpreter")
    long interpret;

    @Label("TLB Misses")
    long tlbMisses;

    @Label("Unlinked Jumps")
    long links;

    @Label("Unknown Jump Targets")
    long lookups;

    @Label("Refused Units")
    @Description("Vector or x87 code met while the guest's settings forbid it to run on the host")
    long units;

    @Label("Called Out Instructions")
    long callOuts;

    @Label("Moved Code Pages")
    long moved;
}
