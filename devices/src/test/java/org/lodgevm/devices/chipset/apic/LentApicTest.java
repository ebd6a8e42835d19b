package org.lodgevm.devices.chipset.apic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.devices.chipset.apic.ApicRig.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.ApicRegisters;
import org.lodgevm.machine.LocalApics;

/** Local APICs that somebody has borrowed, and given back. */
class LentApicTest {
    private static final int LEVEL = 1 << 15;
    private static final int ASSERT = 1 << 14;
    private static final int REMOTE_IRR = 1 << 14;
    private static final int X2APIC_ICR = 0x830;
    private static final int X2APIC_LDR = 0x80d;

    private final ApicRig rig = new ApicRig(2);
    private final Borrower borrower = new Borrower();

    /** Keeps what it has, as a page of 16 bytes a register. */
    private static final class Borrower implements LocalApics.Borrower {
        private final ApicRegisters[] taken = new ApicRegisters[2];
        private final List<String> delivered = new ArrayList<>();
        private List<LocalApics.Message> levels = List.of();
        private boolean accepts = true;

        @Override
        public void take(int cpu, ApicRegisters registers) {
            taken[cpu] = registers;
        }

        @Override
        public ApicRegisters giveBack(int cpu) {
            return taken[cpu];
        }

        @Override
        public boolean deliver(long address, int data) {
            delivered.add("%x=%x".formatted(address, data));
            return accepts;
        }

        @Override
        public void levelTriggered(List<LocalApics.Message> messages) {
            levels = messages;
        }

        private int register(int cpu, int offset) {
            return taken[cpu].registers()[offset / 16];
        }

        private void register(int cpu, int offset, int value) {
            taken[cpu].registers()[offset / 16] = value;
        }
    }

    @Test
    void everyRegisterComesBack() {
        int[] offsets = {ID, TPR, LDR, DFR, SVR, ISR + 0x50, TMR + 0x50, IRR + 0x40, ESR, ICR, ICR_HIGH, LVT_TIMER, LVT_LINT0, LVT_LINT1,
            LVT_ERROR, DIVIDE, INITIAL_COUNT, CURRENT_COUNT};
        rig.write(1, TPR, 0x20);
        rig.write(1, LDR, 0x0400_0000);
        rig.write(1, DFR, 0x0fff_ffff);
        rig.write(1, LVT_TIMER, 0xec | PERIODIC);
        rig.write(1, LVT_LINT1, 0x400);
        rig.write(1, LVT_ERROR, 0x5e);
        rig.write(1, DIVIDE, 0b0001);
        rig.write(1, INITIAL_COUNT, 1_000_000);
        rig.clock.advance(1_200_000);
        rig.ipi(1, 1, 0xa1);
        assertThat(rig.apics[1].acknowledge()).isEqualTo(0xa1);
        rig.ipi(1, 1, 0x81);
        int[] before = registers(offsets);
        assertThat(before).contains(0xa1 - 0xa0 << 1, 1 << 1, 700_000);
        rig.bus.lend(borrower);
        rig.bus.takeBack();
        assertThat(registers(offsets)).containsExactly(before);
        rig.clock.advance(2_800_000);
        assertThat(rig.read(1, IRR + 0x70)).as("the timer went on").isEqualTo(1 << 12);
    }

    private int[] registers(int[] offsets) {
        int[] values = new int[offsets.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = rig.read(1, offsets[i]);
        }
        return values;
    }

    @Test
    void itsTimerStandsStillMeanwhile() {
        rig.write(0, LVT_TIMER, 0xec);
        rig.write(0, DIVIDE, 0b1011);
        rig.write(0, INITIAL_COUNT, 1_000);
        rig.bus.lend(borrower);
        assertThat(borrower.register(0, CURRENT_COUNT)).isEqualTo(1_000);
        rig.clock.advance(5_000);
        assertThat(rig.apics[0].pending()).isFalse();
        borrower.register(0, CURRENT_COUNT, 300);
        rig.bus.takeBack();
        rig.clock.advance(299);
        assertThat(rig.apics[0].pending()).isFalse();
        rig.clock.advance(1);
        assertThat(rig.serve(0)).isEqualTo(0xec);
    }

    /** The kernel's timer has run out, and its CPU has not run since then: no register tells of the interrupt. */
    @Test
    void oneThatHasRunOutFires() {
        rig.write(0, LVT_TIMER, 0xec);
        rig.write(0, INITIAL_COUNT, 1_000);
        rig.bus.lend(borrower);
        borrower.register(0, CURRENT_COUNT, 0);
        rig.bus.takeBack();
        rig.clock.advance(0);
        assertThat(rig.serve(0)).isEqualTo(0xec);
        rig.clock.advance(5_000);
        assertThat(rig.apics[0].pending()).as("once").isFalse();
    }

    @Test
    void aTimerThatHasFiredIsNoneToTheBorrower() {
        rig.write(0, LVT_TIMER, 0xec);
        rig.write(0, INITIAL_COUNT, 1_000);
        rig.clock.advance(5_000);
        assertThat(rig.serve(0)).isEqualTo(0xec);
        rig.bus.lend(borrower);
        assertThat(borrower.register(0, INITIAL_COUNT)).isZero();
    }

    @Test
    void inX2apicModeIdAndDestinationAreWhereTheyWere() {
        rig.x2apic(1);
        rig.apics[1].writeMsr(X2APIC_ICR, 0x1_0001_0000_00fbL);
        rig.bus.lend(borrower);
        assertThat(borrower.taken[1].base() & 1 << 10).isNotZero();
        assertThat(borrower.register(1, ID)).isEqualTo(1 << 24);
        assertThat(borrower.register(1, ICR_HIGH)).isEqualTo(0x1_0001);
        rig.bus.takeBack();
        assertThat(rig.apics[1].readMsr(X2APIC_ICR)).isEqualTo(0x1_0001_0000_00fbL);
        assertThat(rig.apics[1].readMsr(X2APIC_LDR)).isEqualTo(2);
    }

    @Test
    void messagesGoToTheBorrower() {
        rig.bus.lend(borrower);
        rig.bus.msi(0xfee0_1004L, 0x4051);
        rig.redirect(4, 0x34, 1);
        rig.ioApic.pin(4).set(true);
        assertThat(borrower.delivered).containsExactly("fee01004=4051", "fee01000=4034");
        assertThat(rig.apics[1].pending()).isFalse();
        rig.bus.takeBack();
        rig.bus.msi(0xfee0_1000L, 0x4051);
        assertThat(borrower.delivered).hasSize(2);
        assertThat(rig.serve(1)).isEqualTo(0x51);
    }

    @Test
    void theBorrowerLearnsWhichInterruptsEndsAreWaitedFor() {
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.redirect(4, 0x34, 1);
        rig.bus.lend(borrower);
        assertThat(borrower.levels).containsExactly(new LocalApics.Message(0xfee0_0000L, 0x91 | LEVEL | ASSERT));
        rig.redirect(18, 0x92 | LEVEL, 1);
        assertThat(borrower.levels).hasSize(2).contains(new LocalApics.Message(0xfee0_1000L, 0x92 | LEVEL | ASSERT));
        rig.redirect(17, 0x91, 0);
        assertThat(borrower.levels).hasSize(1);
    }

    @Test
    void anEndOfInterruptThatItTellsLetsALevelComeAgain() {
        rig.bus.lend(borrower);
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.ioApic.pin(17).set(true);
        assertThat(borrower.delivered).hasSize(1);
        rig.bus.endOfInterrupt(0x91);
        assertThat(borrower.delivered).hasSize(2);
        rig.ioApic.pin(17).set(false);
        rig.bus.endOfInterrupt(0x91);
        assertThat(borrower.delivered).hasSize(2);
        assertThat(rig.ioApicRead(0x10 + 2 * 17) & REMOTE_IRR).isZero();
    }

    @Test
    void aLevelThatNobodyAcceptedIsNotWaitedFor() {
        rig.bus.lend(borrower);
        borrower.accepts = false;
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.ioApic.pin(17).set(true);
        assertThat(rig.ioApicRead(0x10 + 2 * 17) & REMOTE_IRR).isZero();
    }

    /** The guest may write EOI, and be stopped before anybody hears of it. */
    @Test
    void anInterruptThatWasServedUnheardIsOverWhenTheyComeBack() {
        rig.bus.lend(borrower);
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.redirect(18, 0x92 | LEVEL, 0);
        rig.ioApic.pin(17).set(true);
        rig.ioApic.pin(18).set(true);
        borrower.register(0, ISR + 0x40, 1 << 0x92 - 0x80);
        rig.ioApic.pin(17).set(false);
        rig.bus.takeBack();
        assertThat(rig.ioApicRead(0x10 + 2 * 17) & REMOTE_IRR).isZero();
        assertThat(rig.ioApicRead(0x10 + 2 * 18) & REMOTE_IRR).isNotZero();
    }

    @Test
    void onlyWiresReachTheCpuMeanwhile() {
        rig.ipi(0, 0, 0x51);
        rig.bus.lend(borrower);
        assertThat(rig.apics[0].pending()).as("the borrower has it").isFalse();
        assertThat(borrower.register(0, IRR + 0x20)).isEqualTo(1 << 0x11);
        rig.apics[0].lint(0).set(true);
        assertThat(rig.apics[0].pending()).isTrue();
        assertThat(rig.apics[0].acknowledge()).isEqualTo(PIC_VECTOR);
        rig.apics[0].lint(0).set(false);
        assertThat(rig.apics[0].pending()).isFalse();
        assertThat(rig.apics[0].acknowledge()).isEqualTo(-1);
        rig.apics[0].lint(1).set(true);
        assertThat(rig.cpus[0].signals).containsExactly("nmi");
    }

    @Test
    void theyAreLentAndComeBackOnce() {
        rig.bus.takeBack();
        rig.bus.lend(borrower);
        Borrower other = new Borrower();
        rig.bus.lend(other);
        assertThat(other.taken[0]).isNull();
        rig.bus.takeBack();
        borrower.taken[0] = null;
        rig.bus.takeBack();
        assertThat(rig.read(0, SVR)).isEqualTo(0x1ff);
    }
}
