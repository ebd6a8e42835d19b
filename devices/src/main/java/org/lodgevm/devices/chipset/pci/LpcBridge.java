package org.lodgevm.devices.chipset.pci;

import java.util.List;
import org.lodgevm.devices.chipset.wiring.Window;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/**
 * The ICH9's LPC bridge as a PCI function: where the ACPI block is, and where PCI interrupts go. ICH9 13.1. The root complex register
 * block is absent: RCBA reads as disabled.
 */
public final class LpcBridge {
    private static final PciIdentity IDENTITY = new PciIdentity(0x8086, 0x2918, 0x02, 0x06_01_00);

    private static final int PMBASE_IO = 1;
    private static final int PMBASE_ADDRESS = 0xff80;
    private static final ConfigRegister PMBASE = ConfigRegister.of(0x40, 4).reset(PMBASE_IO).writable(PMBASE_ADDRESS);
    private static final int ACPI_EN = 1 << 7;
    private static final ConfigRegister ACPI_CNTL = ConfigRegister.of(0x44, 1).writable(ACPI_EN);

    private static final int PIRQA_ROUT = 0x60;
    private static final int PIRQE_ROUT = 0x68;
    private static final int PIRQS_A_GROUP = 4;
    private static final int PIRQ_NOT_ROUTED = 1 << 7;
    private static final int PIRQ_IRQ = 0xf;

    /** ISA interrupts that a PIRQ may be routed to: 3 to 7, 9 to 12, 14, 15. */
    private static final int ROUTABLE = 0b1101_1110_1111_1000;

    private final ConfigSpace config;
    private final PirqRouter router;
    private final Window pm;
    private final int pmSize;

    /**
     * @param pm the ACPI block
     * @param pins the I/O APIC pins of PIRQA# to PIRQH#
     * @param picInputs a driver for each of the 16 ISA interrupts
     */
    public LpcBridge(
            PciBus pci, int slot, Bus bus, IoRegion pm, int pmSize, List<IrqLine> pins, List<IrqLine> picInputs) {
        this.pm = Window.ofPorts(bus, pm);
        this.pmSize = pmSize;
        router = new PirqRouter(pins, picInputs);
        config = pci.plug(slot, 0, IDENTITY).config();
        config.define(PMBASE, this::mapPm);
        config.define(ACPI_CNTL, this::mapPm);
        for (int i = 0; i < PirqRouter.PIRQS; i++) {
            int pirq = i;
            config.define(pirqRegister(pirq), () -> route(pirq));
        }
    }

    /**
     * Shows the ACPI block and routes PIRQs to the PIC, as firmware does.
     *
     * @param irqs ISA interrupts of PIRQA# to PIRQD#, and again of PIRQE# to PIRQH#
     */
    public void program(int pmBase, List<Integer> irqs) {
        config.write(PMBASE.offset(), PMBASE.size(), pmBase);
        config.write(ACPI_CNTL.offset(), ACPI_CNTL.size(), ACPI_EN);
        for (int i = 0; i < PirqRouter.PIRQS; i++) {
            config.write(pirqRegister(i).offset(), 1, irqs.get(i % irqs.size()));
        }
    }

    private static ConfigRegister pirqRegister(int pirq) {
        int offset = pirq < PIRQS_A_GROUP ? PIRQA_ROUT + pirq : PIRQE_ROUT + pirq - PIRQS_A_GROUP;
        return ConfigRegister.of(offset, 1).reset(PIRQ_NOT_ROUTED).writable(PIRQ_NOT_ROUTED | PIRQ_IRQ);
    }

    /** A new driver of PIRQA# (0) to PIRQH# (7). */
    public IrqLine pirq(int pirq) {
        return router.input(pirq);
    }

    private void route(int pirq) {
        long register = config.get(pirqRegister(pirq));
        int irq = (int) register & PIRQ_IRQ;
        boolean routed = (register & PIRQ_NOT_ROUTED) == 0 && (ROUTABLE >> irq & 1) != 0;
        router.route(pirq, routed ? irq : PirqRouter.NOWHERE);
    }

    private void mapPm() {
        boolean enabled = (config.get(ACPI_CNTL) & ACPI_EN) != 0;
        long base = config.get(PMBASE) & PMBASE_ADDRESS;
        pm.place(enabled && base != 0 ? base : Window.NOWHERE, pmSize);
    }
}
