package org.lodgevm.bench;

/** What is measured of a machine beside its workloads, in the order of the report. */
enum Figure {
    FIRST_INSTRUCTION("Process start to the guest's first instruction", Unit.SECONDS, "under 0.5 s"),
    BOOT("Boot to shell, wall", Unit.SECONDS, "under 20 s"),
    BOOT_CPU("Boot to shell, host CPU time", Unit.SECONDS, ""),
    IDLE("Idle at the shell, of one host CPU", Unit.PERCENT, ""),
    OVERHEAD("Resident beside guest RAM, at the shell", Unit.BYTES, "under 150 MiB"),
    OVERHEAD_AFTER_WORK("Resident beside guest RAM, after the workloads", Unit.BYTES, "under 150 MiB"),
    GUEST_RAM("Guest RAM resident, at the shell", Unit.BYTES, "");

    final String title;
    final Unit unit;
    /** What issue 2 wants of Lodge. */
    final String wanted;

    Figure(String title, Unit unit, String wanted) {
        this.title = title;
        this.unit = unit;
        this.wanted = wanted;
    }
}
