package org.lodgevm.vm.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.lodgevm.devices.chipset.PcLayout;

/**
 * The tables by which operating systems without ACPI find CPUs and interrupts. Source: Intel MultiProcessor Specification 1.4,
 * chapter 4.
 */
final class MpTable {
    static final int POINTER_SIZE = 16;

    private static final int SPECIFICATION_1_4 = 4;
    private static final int HEADER_SIZE = 44;
    private static final int HEADER_CHECKSUM = 7;
    private static final int POINTER_CHECKSUM = 10;

    private static final byte PROCESSOR = 0;
    private static final byte BUS = 1;
    private static final byte IO_APIC = 2;
    private static final byte IO_INTERRUPT = 3;
    private static final byte LOCAL_INTERRUPT = 4;

    private static final int LOCAL_APIC_VERSION = 0x14;
    private static final int IO_APIC_VERSION = 0x20;
    private static final int ENABLED = 1;
    private static final int BOOTSTRAP = 2;

    /** The four features that the specification defines: FPU, MCE, CMPXCHG8B, APIC. */
    private static final int FEATURES = 1 | 1 << 7 | 1 << 8 | 1 << 9;

    private static final byte INT = 0;
    private static final byte NMI = 1;
    private static final byte EXT_INT = 3;
    private static final short CONFORMS = 0;
    private static final short LEVEL_ACTIVE_HIGH = 0xd;
    private static final byte ALL_LOCAL_APICS = (byte) 0xff;

    private static final byte PCI_BUS = 0;
    private static final byte ISA_BUS = 1;
    private static final int ISA_IRQS = 16;
    private static final int IRQ_CASCADE = 2;
    private static final int PCI_SLOTS = 32;
    private static final int PCI_PINS = 4;

    private final ByteBuffer table = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
    private final byte ioApicId;
    private int entries;

    private MpTable(int cpus, int signature) {
        ioApicId = (byte) PcLayout.ioApicId(cpus);
        table.position(HEADER_SIZE);
        for (int cpu = 0; cpu < cpus; cpu++) {
            int flags = ENABLED | (cpu == 0 ? BOOTSTRAP : 0);
            entry(PROCESSOR).put((byte) cpu).put((byte) LOCAL_APIC_VERSION).put((byte) flags).putInt(signature).putInt(FEATURES).putLong(0);
        }
        entry(BUS).put(PCI_BUS).put("PCI   ".getBytes(US_ASCII));
        entry(BUS).put(ISA_BUS).put("ISA   ".getBytes(US_ASCII));
        entry(IO_APIC).put(ioApicId).put((byte) IO_APIC_VERSION).put((byte) ENABLED).putInt((int) PcLayout.IO_APIC);
        isaInterrupts();
        pciInterrupts();
        entry(LOCAL_INTERRUPT).put(EXT_INT).putShort(CONFORMS).put(ISA_BUS).put((byte) 0).put((byte) 0).put((byte) 0);
        entry(LOCAL_INTERRUPT).put(NMI).putShort(CONFORMS).put(ISA_BUS).put((byte) 0).put(ALL_LOCAL_APICS).put((byte) 1);
    }

    /** @param signature the CPU's, from CPUID leaf 1: EAX */
    static byte[] configuration(int cpus, int signature) {
        return new MpTable(cpus, signature).finish();
    }

    /** The floating pointer: no default configuration, virtual wire mode. */
    static byte[] pointer(long configurationGpa) {
        byte[] pointer = ByteBuffer.allocate(POINTER_SIZE).order(ByteOrder.LITTLE_ENDIAN)
                .put("_MP_".getBytes(US_ASCII)).putInt((int) configurationGpa).put((byte) 1).put((byte) SPECIFICATION_1_4).array();
        Sums.fix(pointer, POINTER_CHECKSUM, 0, POINTER_SIZE);
        return pointer;
    }

    private ByteBuffer entry(byte type) {
        entries++;
        return table.put(type);
    }

    private void isaInterrupts() {
        for (int irq = 0; irq < ISA_IRQS; irq++) {
            if (irq != IRQ_CASCADE) {
                short flags = irq == PcLayout.IRQ_SCI ? LEVEL_ACTIVE_HIGH : CONFORMS;
                ioInterrupt(flags, ISA_BUS, irq, PcLayout.isaGsi(irq));
            }
        }
    }

    private void pciInterrupts() {
        for (int slot = 0; slot < PCI_SLOTS; slot++) {
            for (int pin = 0; pin < PCI_PINS; pin++) {
                ioInterrupt(CONFORMS, PCI_BUS, slot << 2 | pin, PcLayout.pciGsi(slot, pin));
            }
        }
    }

    private void ioInterrupt(short flags, byte bus, int source, int gsi) {
        entry(IO_INTERRUPT).put(INT).putShort(flags).put(bus).put((byte) source).put(ioApicId).put((byte) gsi);
    }

    private byte[] finish() {
        int length = table.position();
        table.position(0);
        table.put("PCMP".getBytes(US_ASCII)).putShort((short) length).put((byte) SPECIFICATION_1_4).put((byte) 0);
        table.put("LODGE   PC          ".getBytes(US_ASCII)).putInt(0).putShort((short) 0).putShort((short) entries);
        table.putInt((int) PcLayout.LOCAL_APIC);
        byte[] bytes = Arrays.copyOf(table.array(), length);
        Sums.fix(bytes, HEADER_CHECKSUM, 0, length);
        return bytes;
    }
}
