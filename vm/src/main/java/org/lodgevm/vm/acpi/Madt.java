package org.lodgevm.vm.acpi;

import static org.lodgevm.vm.acpi.Aml.bytes;
import static org.lodgevm.vm.acpi.Aml.join;
import static org.lodgevm.vm.acpi.Aml.little;

import org.lodgevm.devices.chipset.PcLayout;

/** The Multiple APIC Description Table. @acpi 5.2.12 */
final class Madt {
    static final int REVISION = 5;

    private static final int PCAT_COMPAT = 1;
    private static final int LOCAL_APIC = 0;
    private static final int IO_APIC = 1;
    private static final int INTERRUPT_SOURCE_OVERRIDE = 2;
    private static final int LOCAL_APIC_NMI = 4;
    private static final int ENABLED = 1;
    private static final int ALL_PROCESSORS = 0xff;
    private static final int NMI_LINT = 1;

    /** MPS INTI flags. @acpi 5.2.12.5, table 5.25 */
    private static final int CONFORMS_TO_BUS = 0;

    private static final int ACTIVE_HIGH = 1;
    private static final int LEVEL_TRIGGERED = 3 << 2;

    private Madt() {}

    /** The table after its header. */
    static byte[] body(int cpus) {
        byte[] body = join(little(PcLayout.LOCAL_APIC, 4), little(PCAT_COMPAT, 4));
        for (int cpu = 0; cpu < cpus; cpu++) {
            body = join(body, bytes(LOCAL_APIC, 8, cpu, cpu), little(ENABLED, 4));
        }
        return join(
                body,
                bytes(IO_APIC, 12, PcLayout.ioApicId(cpus), 0), little(PcLayout.IO_APIC, 4), little(0, 4),
                override(PcLayout.IRQ_TIMER, CONFORMS_TO_BUS),
                override(PcLayout.IRQ_SCI, ACTIVE_HIGH | LEVEL_TRIGGERED),
                bytes(LOCAL_APIC_NMI, 6, ALL_PROCESSORS), little(CONFORMS_TO_BUS, 2), bytes(NMI_LINT));
    }

    private static byte[] override(int isaIrq, int flags) {
        return join(bytes(INTERRUPT_SOURCE_OVERRIDE, 10, 0, isaIrq), little(PcLayout.isaGsi(isaIrq), 4), little(flags, 2));
    }
}
