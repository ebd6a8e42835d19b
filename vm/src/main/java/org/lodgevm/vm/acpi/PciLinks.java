package org.lodgevm.vm.acpi;

import static org.lodgevm.vm.acpi.Aml.and;
import static org.lodgevm.vm.acpi.Aml.arg;
import static org.lodgevm.vm.acpi.Aml.createWordField;
import static org.lodgevm.vm.acpi.Aml.device;
import static org.lodgevm.vm.acpi.Aml.eisaId;
import static org.lodgevm.vm.acpi.Aml.findSetRightBit;
import static org.lodgevm.vm.acpi.Aml.integer;
import static org.lodgevm.vm.acpi.Aml.join;
import static org.lodgevm.vm.acpi.Aml.local;
import static org.lodgevm.vm.acpi.Aml.method;
import static org.lodgevm.vm.acpi.Aml.name;
import static org.lodgevm.vm.acpi.Aml.nowhere;
import static org.lodgevm.vm.acpi.Aml.or;
import static org.lodgevm.vm.acpi.Aml.pack;
import static org.lodgevm.vm.acpi.Aml.path;
import static org.lodgevm.vm.acpi.Aml.resourceTemplate;
import static org.lodgevm.vm.acpi.Aml.ret;
import static org.lodgevm.vm.acpi.Aml.serializedMethod;
import static org.lodgevm.vm.acpi.Aml.shiftLeft;
import static org.lodgevm.vm.acpi.Aml.subtract;
import static org.lodgevm.vm.acpi.Aml.when;

import org.lodgevm.devices.chipset.PcLayout;

/**
 * Where PCI interrupt pins lead: to fixed I/O APIC inputs, or, while the guest uses the PICs, through eight links to ISA
 * interrupts that it chooses. The links are the LPC bridge's PIRQ routing registers. @acpi 6.2.13; ICH9 datasheet 13.1.15
 */
final class PciLinks {
    private static final int SLOTS = 32;
    private static final int PINS = 4;
    private static final int LINKS = 8;
    /** Interrupts 5, 10 and 11, which no ISA device uses. */
    private static final int POSSIBLE_IRQS = 1 << 5 | 1 << 10 | 1 << 11;

    private static final int ROUTING_OFF = 0x80;
    private static final int ROUTING_IRQ = 0x0f;
    private static final int PRESENT_DISABLED = 0x9;
    private static final int PRESENT_ENABLED = 0xb;
    /** Offset of the interrupt mask in a resource template that begins with an interrupt. */
    private static final int IRQ_MASK = 1;

    private PciLinks() {}

    /** The register of link 0 to 7, a field of the LPC bridge. */
    static String register(int link) {
        return "PRQ" + (char) ('A' + link);
    }

    private static String linkName(int link) {
        return "LNK" + (char) ('A' + link);
    }

    /** The root bridge's _PRT. */
    static byte[] routing() {
        byte[][] apic = new byte[SLOTS * PINS][];
        byte[][] pic = new byte[SLOTS * PINS][];
        for (int i = 0; i < SLOTS * PINS; i++) {
            int slot = i / PINS;
            int pin = i % PINS;
            byte[] address = integer((long) slot << 16 | 0xffff);
            apic[i] = pack(address, integer(pin), integer(0), integer(PcLayout.pciGsi(slot, pin)));
            pic[i] = pack(address, integer(pin), path("\\_SB." + linkName(PcLayout.pirq(slot, pin))), integer(0));
        }
        return join(
                name("PRTA", pack(apic)),
                name("PRTP", pack(pic)),
                method("_PRT", 0, when(path("\\PICF"), ret(path("PRTA"))), ret(path("PRTP"))));
    }

    /** The link devices. @acpi 6.2.13.1 */
    static byte[] devices() {
        byte[][] devices = new byte[LINKS][];
        for (int link = 0; link < LINKS; link++) {
            devices[link] = device(linkName(link), link(link, path("\\_SB.PCI0.ISA." + register(link))));
        }
        return join(devices);
    }

    private static byte[] link(int link, byte[] register) {
        byte[] one = integer(1);
        byte[] mask = path("MASK");
        return join(
                name("_HID", eisaId("PNP0C0F")),
                name("_UID", integer(link)),
                name("_PRS", resourceTemplate(Resource.pciIrqs(POSSIBLE_IRQS))),
                name("CURR", resourceTemplate(Resource.pciIrqs(0))),
                method("_STA", 0,
                        when(and(register, integer(ROUTING_OFF), nowhere()), ret(integer(PRESENT_DISABLED))),
                        ret(integer(PRESENT_ENABLED))),
                method("_DIS", 0, or(register, integer(ROUTING_OFF), register)),
                serializedMethod("_CRS", 0,
                        createWordField(path("CURR"), IRQ_MASK, "MASK"),
                        shiftLeft(one, and(register, integer(ROUTING_IRQ), nowhere()), mask),
                        ret(path("CURR"))),
                serializedMethod("_SRS", 1,
                        createWordField(arg(0), IRQ_MASK, "MASK"),
                        findSetRightBit(mask, local(0)),
                        subtract(local(0), one, register)));
    }
}
