package org.lodgevm.devices.chipset.pci;

import java.util.stream.IntStream;
import org.lodgevm.devices.chipset.wiring.Window;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.state.Restorable;

/** The 82G33 memory controller as a PCI function: where ECAM is, and which parts of the BIOS area are RAM. MCH chapter 5. */
public final class HostBridge implements Restorable {
    static final class State {
        /** Attributes of the 13 segments as {@link ShadowRam} was last told. */
        final int[] attributes = new int[SEGMENTS];
    }

    private static final PciIdentity IDENTITY = new PciIdentity(0x8086, 0x29c0, 0x02, 0x06_00_00);

    private static final ConfigRegister PCIEXBAR =
            ConfigRegister.of(0x60, 8).reset(0xe000_0000L).writable(0xf_fc00_0007L);
    private static final int PCIEXBAR_ENABLE = 1;
    private static final int PCIEXBAR_LENGTH_SHIFT = 1;
    private static final int PCIEXBAR_LENGTH = 3;
    private static final int PCIEXBAR_LENGTH_RESERVED = 3;
    private static final long LARGEST_ECAM = 256L << 20;

    /** PAM0 to PAM6. PAM0 has one segment of 64 KiB at 0xf0000, the others two of 16 KiB each from 0xc0000. */
    private static final ConfigRegister PAM = ConfigRegister.of(0x90, 7).writable(0x33_3333_3333_3330L);

    private static final int PAM_READ = 1;
    private static final int PAM_WRITE = 1 << 1;
    private static final int PAM_ATTRIBUTES = PAM_READ | PAM_WRITE;
    private static final int PAM_SEGMENT_BITS = 4;
    private static final int SEGMENTS = 13;

    private static final long FIRST_SEGMENT = 0xc_0000;
    private static final long SEGMENT_SIZE = 0x4000;
    private static final long BIOS_SEGMENT = 0xf_0000;
    private static final long BIOS_SEGMENT_SIZE = 0x1_0000;

    /** SMRAM: there is no system management mode, hence it is locked. */
    private static final ConfigRegister SMRAM = ConfigRegister.of(0x9d, 1).reset(0x12);

    final State state = new State();
    private final ConfigSpace config;
    private final Window ecam;
    private final ShadowRam shadowRam;

    public HostBridge(PciBus pci, int slot, Bus bus, ShadowRam shadowRam) {
        this.ecam = Window.ofMemory(bus, pci.ecam());
        this.shadowRam = shadowRam;
        config = pci.plug(slot, 0, IDENTITY).config();
        config.define(PCIEXBAR, this::mapEcam);
        config.define(PAM, this::switchShadow);
        config.define(SMRAM);
    }

    /** Shows all of ECAM at {@code ecamBase} and RAM in the whole BIOS area, as firmware does. */
    public void program(long ecamBase) {
        config.write(PCIEXBAR.offset(), Integer.BYTES, (int) ecamBase | PCIEXBAR_ENABLE);
        for (int i = 0; i < PAM.size(); i++) {
            config.write(PAM.offset() + i, 1, (int) (PAM.writable() >> Byte.SIZE * i));
        }
    }

    private void mapEcam() {
        long register = config.get(PCIEXBAR);
        int length = (int) (register >> PCIEXBAR_LENGTH_SHIFT) & PCIEXBAR_LENGTH;
        boolean enabled = (register & PCIEXBAR_ENABLE) != 0 && length != PCIEXBAR_LENGTH_RESERVED;
        long size = LARGEST_ECAM >> length;
        ecam.place(enabled ? register & -size : Window.NOWHERE, size);
    }

    private void switchShadow() {
        long attributes = config.get(PAM) >> PAM_SEGMENT_BITS; // the first four bits are of no segment
        for (int i = 0; i < SEGMENTS; i++) {
            int now = (int) (attributes >> PAM_SEGMENT_BITS * i) & PAM_ATTRIBUTES;
            if (now != state.attributes[i]) {
                state.attributes[i] = now;
                showShadow(i);
            }
        }
    }

    private void showShadow(int segment) {
        boolean bios = segment == 0;
        long gpa = bios ? BIOS_SEGMENT : FIRST_SEGMENT + (segment - 1) * SEGMENT_SIZE;
        long size = bios ? BIOS_SEGMENT_SIZE : SEGMENT_SIZE;
        int attributes = state.attributes[segment];
        shadowRam.set(gpa, size, (attributes & PAM_READ) != 0, (attributes & PAM_WRITE) != 0);
    }

    @Override
    public void restored() {
        IntStream.range(0, SEGMENTS).forEach(this::showShadow);
    }
}
