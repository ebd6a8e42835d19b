package org.lodgevm.devices.chipset.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

class PciTest {
    private static final int SLOT = 3;
    private static final long ECAM = 0xb000_0000L;
    private static final int MEMORY_SPACE = 2;
    private static final int BUS_MASTER = 4;

    private final Bus bus = new Bus(new GuestMemory());
    private final List<Wire> pins = Stream.generate(Wire::new).limit(8).toList();
    private final List<Wire> isa = Stream.generate(Wire::new).limit(16).toList();
    private final List<String> messages = new ArrayList<>();
    private final List<String> shadow = new ArrayList<>();
    private final PciBus pci = new PciBus(bus, new PciBus.Wiring() {
        @Override
        public IrqLine pin(int slot, int pin) {
            return lpc().pirq(4 + (slot + pin & 3));
        }

        @Override
        public MessageSink messages() {
            return (address, data) -> messages.add("%x=%x".formatted(address, data));
        }
    });
    private final HostBridge host = new HostBridge(
            pci, 0, bus, (gpa, size, reads, writes) -> shadow.add("%x+%x %b %b".formatted(gpa, size, reads, writes)));
    private final LpcBridge lpc = new LpcBridge(
            pci, 31, bus, constant(0x77), 128, List.copyOf(pins), List.copyOf(isa));
    private final PciFunction device = pci.plug(SLOT, 0, new PciIdentity(0x1234, 0x5678, 1, 0x02_00_00, 0x1af4, 9));

    PciTest() {
        bus.mapPorts(0xcf8, ConfigPorts.SIZE, new ConfigPorts(pci));
    }

    private LpcBridge lpc() {
        return lpc;
    }

    private static IoRegion constant(long value) {
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return value;
            }

            @Override
            public void write(long offset, int size, long ignored) {}
        };
    }

    private static int id(int slot) {
        return slot << 3;
    }

    private int get(int slot, int offset, int size) {
        bus.writePort(0xcf8, 4, 0x8000_0000 | id(slot) << 8 | offset & 0xfc);
        return bus.readPort(0xcfc + (offset & 3), size);
    }

    private void set(int slot, int offset, int size, int value) {
        bus.writePort(0xcf8, 4, 0x8000_0000 | id(slot) << 8 | offset & 0xfc);
        bus.writePort(0xcfc + (offset & 3), size, value);
    }

    @Test
    void theBridgesAreThoseOfAQ35() {
        assertThat(get(0, 0, 4)).isEqualTo(0x29c0_8086);
        assertThat(get(0, 8, 4) >>> 8).isEqualTo(0x06_00_00);
        assertThat(get(31, 0, 4)).isEqualTo(0x2918_8086);
        assertThat(get(31, 8, 4) >>> 8).isEqualTo(0x06_01_00);
    }

    @Test
    void absentFunctionsBusesAndADisabledMechanismReadAsOnes() {
        assertThat(get(4, 0, 4)).isEqualTo(-1);
        bus.writePort(0xcf8, 4, 0x8001_0000);
        assertThat(bus.readPort(0xcfc, 4)).isEqualTo(-1);
        bus.writePort(0xcf8, 4, 0);
        assertThat(bus.readPort(0xcfc, 4)).isEqualTo(-1);
        assertThat(bus.readPort(0xcf8, 4)).isZero();
        bus.writePort(0xcf8, 2, 0xffff);
        assertThat(bus.readPort(0xcf8, 4)).as("only whole accesses").isZero();
    }

    @Test
    void identityCannotBeWritten() {
        set(SLOT, 0, 4, 0);
        set(SLOT, 0x2c, 4, 0);
        assertThat(get(SLOT, 0, 4)).isEqualTo(0x5678_1234);
        assertThat(get(SLOT, 2, 2)).isEqualTo(0x5678);
        assertThat(get(SLOT, 0x2c, 4)).isEqualTo(0x0009_1af4);
        set(SLOT, 0x3c, 1, 11);
        assertThat(get(SLOT, 0x3c, 1)).isEqualTo(11);
    }

    @Test
    void aMemoryRegisterIsSizedPlacedAndMoved() {
        device.memoryBar(1, 0x1000, constant(0x55));
        set(SLOT, 0x14, 4, -1);
        assertThat(get(SLOT, 0x14, 4)).isEqualTo(0xffff_f000);
        set(SLOT, 0x14, 4, 0xc000_0000);
        assertThat(bus.read(0xc000_0000L, 1)).as("not enabled").isEqualTo(0xff);
        set(SLOT, 4, 2, MEMORY_SPACE);
        assertThat(bus.read(0xc000_0fffL, 1)).isEqualTo(0x55);
        set(SLOT, 0x14, 4, -1);
        assertThat(bus.read(0xffff_f000L, 1)).as("sizing shows nothing").isEqualTo(0xff);
        set(SLOT, 0x14, 4, 0xd000_0000);
        assertThat(bus.read(0xc000_0000L, 1)).isEqualTo(0xff);
        assertThat(bus.read(0xd000_0000L, 1)).isEqualTo(0x55);
        pci.reset();
        assertThat(bus.read(0xd000_0000L, 1)).isEqualTo(0xff);
    }

    @Test
    void aWideRegisterReachesAbove4GiB() {
        device.memoryBar64(2, 1L << 32, constant(0x55));
        set(SLOT, 0x18, 4, -1);
        set(SLOT, 0x1c, 4, -1);
        assertThat(get(SLOT, 0x18, 4)).isEqualTo(0xc);
        assertThat(get(SLOT, 0x1c, 4)).isEqualTo(-1);
        set(SLOT, 0x1c, 4, 0x40);
        set(SLOT, 4, 2, MEMORY_SPACE);
        assertThat(bus.read(0x40_1234_5678L, 1)).isEqualTo(0x55);
    }

    @Test
    void aPortRegisterShowsPorts() {
        device.ioBar(0, 32, constant(0x55));
        set(SLOT, 0x10, 4, -1);
        assertThat(get(SLOT, 0x10, 4)).isEqualTo(0xffff_ffe1);
        set(SLOT, 0x10, 4, 0xc000);
        set(SLOT, 4, 2, 1);
        assertThat(bus.readPort(0xc01f, 1)).isEqualTo(0x55);
        assertThat(bus.readPort(0xc020, 1)).isEqualTo(0xff);
    }

    @Test
    void sizesThatNoRegisterCanDecodeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> device.memoryBar(0, 24, constant(0)));
        assertThatIllegalArgumentException().isThrownBy(() -> device.memoryBar(0, 8, constant(0)));
    }

    @Test
    void firmwareGivesAddressesThatDoNotOverlap() {
        device.memoryBar(0, 0x1000, constant(0x11));
        device.memoryBar64(2, 0x1_0000, constant(0x22));
        device.ioBar(4, 32, constant(0x33));
        device.interruptPin(1);
        PciFunction other = pci.plug(4, 0, new PciIdentity(1, 2, 3, 4));
        other.memoryBar(5, 0x100, constant(0x44));
        pci.programLikeFirmware(
                new AddressRange(0xc000_1000L, 0xc002_1100L), new AddressRange(0xc000, 0xd000), (slot, pin) -> 10 * slot + pin);
        assertThat(get(SLOT, 0x18, 4)).isEqualTo(0xc001_000c);
        assertThat(get(SLOT, 0x1c, 4)).isZero();
        assertThat(bus.read(0xc001_0000L, 1)).isEqualTo(0x22);
        assertThat(bus.read(0xc002_0000L, 1)).isEqualTo(0x11);
        assertThat(bus.read(0xc002_1000L, 1)).isEqualTo(0x44);
        assertThat(bus.readPort(0xc000, 1)).isEqualTo(0x33);
        assertThat(get(SLOT, 0x3c, 1)).isEqualTo(31);
        assertThatIllegalStateException().isThrownBy(() -> pci.programLikeFirmware(
                new AddressRange(0xc000_1000L, 0xc002_0000L), new AddressRange(0xc000, 0xd000), (slot, pin) -> 0));
    }

    @Test
    void ecamShowsTheSameRegistersWhereItsRegisterSays() {
        set(0, 0x60, 4, (int) ECAM | 1);
        long at = ECAM + ((long) id(SLOT) << 12);
        assertThat(bus.read(at, 4)).isEqualTo(0x5678_1234L);
        bus.write(at + 0x3c, 1, 7);
        assertThat(get(SLOT, 0x3c, 1)).isEqualTo(7);
        assertThat(bus.read(at + 0x100, 4)).as("no extended registers").isEqualTo(0xffff_ffffL);
        assertThat(bus.read(ECAM + (1 << 20), 4)).as("no bus 1").isEqualTo(0xffff_ffffL);
        assertThat(bus.read(ECAM + (255 << 20), 4)).isEqualTo(0xffff_ffffL);
        set(0, 0x60, 4, (int) ECAM);
        assertThat(bus.read(at, 4)).isEqualTo(0xffff_ffffL);
        assertThat(host.state.attributes).containsOnly(0);
    }

    @Test
    void attributeRegistersSwitchTheirSegments() {
        set(0, 0x90, 1, 0x30);
        set(0, 0x91, 1, 0x21);
        set(0, 0x96, 1, 0xff);
        assertThat(shadow).containsExactly(
                "f0000+10000 true true", "c0000+4000 true false", "c4000+4000 false true",
                "e8000+4000 true true", "ec000+4000 true true");
        assertThat(get(0, 0x96, 1)).isEqualTo(0x33);
        shadow.clear();
        pci.reset();
        assertThat(shadow).hasSize(5).allMatch(line -> line.endsWith("false false"));
    }

    @Test
    void anInterruptReachesItsApicPinAndIfRoutedThePic() {
        IrqLine inta = device.interruptPin(0);
        Wire pirqH = pins.get(7);
        inta.set(true);
        assertThat(pirqH.asserted()).isTrue();
        assertThat(isa).noneMatch(Wire::asserted);
        assertThat(get(SLOT, 6, 2) & 8).isNotZero();
        assertThat(get(SLOT, 0x3d, 1)).isEqualTo(1);
        set(31, 0x6b, 1, 11);
        assertThat(isa.get(11).asserted()).isTrue();
        set(31, 0x6b, 1, 10);
        assertThat(isa.get(11).asserted()).isFalse();
        assertThat(isa.get(10).asserted()).isTrue();
        set(31, 0x6b, 1, 8);
        assertThat(isa).as("no PIRQ reaches the clock's interrupt").noneMatch(Wire::asserted);
        set(SLOT, 4, 2, 0x400);
        assertThat(pirqH.asserted()).isFalse();
        assertThat(get(SLOT, 6, 2) & 8).as("the wish remains").isNotZero();
        set(SLOT, 4, 2, 0);
        inta.set(false);
        assertThat(pirqH.asserted()).isFalse();
        assertThat(get(SLOT, 6, 2) & 8).isZero();
    }

    @Test
    void theAcpiBlockIsWhereAndWhetherTheLpcBridgeSays() {
        set(31, 0x40, 4, 0x601);
        assertThat(get(31, 0x40, 4)).isEqualTo(0x601);
        assertThat(bus.readPort(0x600, 1)).isEqualTo(0xff);
        set(31, 0x44, 1, 0x80);
        assertThat(bus.readPort(0x67f, 1)).isEqualTo(0x77);
        set(31, 0x40, 4, 0xb00);
        assertThat(bus.readPort(0x600, 1)).isEqualTo(0xff);
        assertThat(bus.readPort(0xb00, 1)).isEqualTo(0x77);
    }

    @Test
    void msiSendsTheGrantedVectorsOfABusMaster() {
        Msi msi = device.addMsi(4);
        int at = get(SLOT, 0x34, 1);
        assertThat(get(SLOT, at, 1)).isEqualTo(5);
        assertThat(get(SLOT, 6, 2) & 0x10).isNotZero();
        assertThat(msi.signal(1)).isFalse();
        set(SLOT, at + 4, 4, 0xfee0_1003);
        set(SLOT, at + 12, 2, 0x43);
        set(SLOT, at + 2, 2, 2 << 4 | 1);
        assertThat(msi.signal(1)).isTrue();
        assertThat(messages).as("no bus master yet").isEmpty();
        set(SLOT, 4, 2, BUS_MASTER);
        msi.signal(1);
        set(SLOT, at + 2, 2, 1);
        msi.signal(2);
        assertThat(messages).containsExactly("fee01000=41", "fee01000=43");
        assertThatIllegalArgumentException().isThrownBy(() -> device.addMsi(3));
    }

    @Test
    void msixKeepsWhatIsMaskedUntilItIsNot() {
        Msix msix = device.addMsix(3, 1);
        int at = get(SLOT, 0x34, 1);
        assertThat(get(SLOT, at, 1)).isEqualTo(0x11);
        assertThat(get(SLOT, at + 2, 2)).isEqualTo(2);
        assertThat(get(SLOT, at + 4, 4)).isEqualTo(1);
        assertThat(get(SLOT, at + 8, 4)).isEqualTo(0x801);
        set(SLOT, 0x14, 4, 0xc000_0000);
        set(SLOT, 4, 2, MEMORY_SPACE | BUS_MASTER);
        assertThat(bus.read(0xc000_001cL, 4)).as("masked at first").isEqualTo(1);
        bus.write(0xc000_0010L, 8, 0x1_fee0_2000L);
        bus.write(0xc000_0018L, 4, 0x51);
        assertThat(msix.signal(1)).isFalse();
        set(SLOT, at + 2, 2, 0x8000);
        assertThat(msix.signal(1)).isTrue();
        assertThat(messages).isEmpty();
        assertThat(bus.read(0xc000_0800L, 8)).isEqualTo(2);
        bus.write(0xc000_0800L, 8, 0);
        bus.write(0xc000_001cL, 4, 0);
        assertThat(messages).containsExactly("1fee02000=51");
        assertThat(bus.read(0xc000_0800L, 8)).isZero();
        set(SLOT, at + 2, 2, 0xc000);
        msix.signal(1);
        assertThat(messages).hasSize(1);
        set(SLOT, at + 2, 2, 0x8000);
        assertThat(messages).hasSize(2);
    }

    @Test
    void capabilitiesFormAList() {
        device.addMsi(1);
        device.addMsix(1, 0);
        int first = get(SLOT, 0x34, 1);
        int second = get(SLOT, first + 1, 1);
        assertThat(get(SLOT, second, 1)).isEqualTo(0x11);
        assertThat(get(SLOT, second + 1, 1)).isZero();
        assertThat(second % 4).isZero();
    }

    @Test
    void noConfigurationAccessHarmsTheHost() {
        device.addMsi(32);
        Msix msix = device.addMsix(2048, 0);
        device.memoryBar64(2, 0x1000, constant(0));
        device.ioBar(4, 64, constant(0));
        IrqLine inta = device.interruptPin(0);
        Random random = new Random(42);
        int[] slots = {0, SLOT, 31, 5};
        for (int i = 0; i < 50_000; i++) {
            int size = 1 << random.nextInt(3);
            int offset = random.nextInt(256);
            int slot = slots[random.nextInt(4)];
            pci.write(id(slot) | random.nextInt(8) / 7, offset, size, random.nextInt());
            pci.read(id(slot), offset, size);
            msix.write(random.nextInt(0x1_0000) & -4, 4 << random.nextInt(2), random.nextLong());
            msix.read(random.nextInt(0x1_0000), size);
            msix.signal(random.nextInt(2048));
            inta.set(random.nextBoolean());
        }
        pci.reset();
        assertThat(get(SLOT, 4, 2)).isZero();
        assertThat(bus.hasDeviceInPage(0xc000_0000L)).isFalse();
    }
}
