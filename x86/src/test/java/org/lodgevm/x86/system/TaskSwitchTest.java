package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Mem.mem32;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Rflags;

/** Hardware task switches. @sdm 3A:8.2, 3A:8.3 */
@OnEveryEngine
class TaskSwitchTest {
    private static final int OTHER = Guest.FREE;
    private static final int GATE = Guest.FREE + 8;
    private static final int VECTOR = 0x50;
    private static final int OTHER_CODE = 0xb800;
    private static final int OTHER_STACK = 0xd000;

    @Parameter
    Engine engine;

    /** Offsets in a 32-bit TSS. */
    private static final int LINK = 0;
    private static final int CR3 = 28;
    private static final int EIP = 32;
    private static final int EFLAGS = 36;
    private static final int GPRS = 40;
    private static final int SELECTORS = 72;
    private static final int LDT = 96;
    private static final int TRAP = 100;

    private Guest g;
    private Assembler a;
    private Assembler other;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.PAGED32);
        a = g.kernel();
        other = new Assembler(OTHER_CODE).bits32();
        g.pages.map(OTHER_CODE & ~0xfff, OTHER_CODE & ~0xfff, PageTables.PAGE, PageTables.WRITABLE);
        tss(Guest.OTHER_TSS);
        g.put32(Guest.TSS + CR3, Guest.PAGE_TABLES);
        g.descriptor(OTHER, Descriptors.segment(Guest.OTHER_TSS, Guest.TSS_LIMIT, Descriptors.TSS, 0));
        g.descriptor(GATE, Descriptors.gate(OTHER, 0, Descriptors.TASK_GATE, 0));
        g.put64(Guest.IDT + 8 * VECTOR, Descriptors.gate(OTHER, 0, Descriptors.TASK_GATE, 0));
    }

    @AfterEach
    void close() {
        g.close();
    }

    private void tss(int at) {
        g.put32(at + 4, Guest.INNER_STACK);
        g.put16(at + 8, Guest.DATA);
        g.put32(at + CR3, Guest.PAGE_TABLES);
        g.put32(at + EIP, OTHER_CODE);
        g.put32(at + EFLAGS, 2);
        for (int i = 0; i < 8; i++) {
            g.put32(at + GPRS + 4 * i, 0x100 + i);
        }
        g.put32(at + GPRS + 16, OTHER_STACK);
        for (int i = 0; i < 6; i++) {
            g.put16(at + SELECTORS + 4 * i, i == 1 ? Guest.CODE : Guest.DATA);
        }
        g.put16(at + 102, Guest.TSS_LIMIT + 1);
    }

    private Stop run() {
        g.memory.write(OTHER_CODE, Guest.done(other).toBytes());
        return g.run();
    }

    private int access(int selector) {
        return g.get8(Guest.GDT + selector + 5);
    }

    @Test
    void aJumpSavesTheOldTaskAndLoadsTheNew() {
        a.mov(EBX, 0x77).jmpFar(32, OTHER, 0);
        Label next = a.label("next");
        assertThat(run().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(0x100);
        assertThat(g.gpr(4)).isEqualTo(OTHER_STACK);
        assertThat(g.get32(Guest.TSS + GPRS + 12)).isEqualTo(0x77);
        assertThat(g.get32(Guest.TSS + EIP)).isEqualTo((int) next.address());
        assertThat(access(OTHER)).isEqualTo(Descriptors.TSS_BUSY);
        assertThat(access(Guest.TASK)).isEqualTo(Descriptors.TSS);
        assertThat(g.state().cr0 & Cr.CR0_TS).isNotZero();
        assertThat(g.state().tr.selector()).isEqualTo(OTHER);
    }

    @Test
    void aCallNestsAndIretReturns() {
        other.mov(ECX, 5).iret(32);
        a.mov(ECX, 1).callFar(32, GATE, 0);
        Guest.done(a);
        assertThat(run().event()).isEqualTo("done");
        assertThat(g.gpr(1)).as("the caller's ECX").isEqualTo(1);
        assertThat(g.get32(Guest.OTHER_TSS + GPRS + 4)).isEqualTo(5);
        assertThat(g.get16(Guest.OTHER_TSS + LINK)).isEqualTo(Guest.TASK);
        assertThat(g.get32(Guest.OTHER_TSS + EFLAGS) & Rflags.NT).isZero();
        assertThat(access(OTHER)).isEqualTo(Descriptors.TSS);
        assertThat(access(Guest.TASK)).isEqualTo(Descriptors.TSS_BUSY);
    }

    @Test
    void anInterruptThroughATaskGateNests() {
        g.start.rflags |= Rflags.IF;
        a.mov(AL, VECTOR).out(GuestCpu.RAISE, AL);
        assertThat(run().event()).isEqualTo("done");
        assertThat(g.state().rflags & Rflags.NT).isNotZero();
        assertThat(access(Guest.TASK)).isEqualTo(Descriptors.TSS_BUSY);
    }

    @Test
    void anErrorCodeGoesOntoTheNewTasksStackAndTheResumeFlagIntoTheOldTss() {
        g.put64(Guest.IDT + 8 * 13, Descriptors.gate(OTHER, 0, Descriptors.TASK_GATE, 0));
        a.mov(EAX, 0x1000).mov(Sreg.ES, AX);
        assertThat(run().event()).isEqualTo("done");
        assertThat(g.gpr(4)).isEqualTo(OTHER_STACK - 4);
        assertThat(g.get32(OTHER_STACK - 4)).isEqualTo(0x1000);
        assertThat(g.get32(Guest.TSS + EIP)).isEqualTo(Guest.KERNEL + 5);
        assertThat(g.get32(Guest.TSS + EFLAGS) & Rflags.RF).isNotZero();
    }

    @Test
    void aBusyTaskCannotBeEntered() {
        a.jmpFar(32, Guest.TASK, 0);
        assertThat(run().event()).isEqualTo("#GP(0x40)");
    }

    @Test
    void aShortTssIsATssFaultInTheOldTask() {
        g.descriptor(OTHER, Descriptors.segment(Guest.OTHER_TSS, Guest.TSS_LIMIT - 1, Descriptors.TSS, 0));
        a.jmpFar(32, OTHER, 0);
        Stop stop = run();
        assertThat(stop.event()).isEqualTo("#TS(0x60)");
        assertThat(stop.rip()).isEqualTo(Guest.KERNEL);
        assertThat(g.state().tr.selector()).isEqualTo(Guest.TASK);
    }

    @Test
    void aBadSegmentIsAFaultOfTheNewTask() {
        g.put16(Guest.OTHER_TSS + SELECTORS + 4 * 5, Guest.TASK);
        a.jmpFar(32, OTHER, 0);
        Stop stop = run();
        assertThat(stop.event()).isEqualTo("#TS(0x40)");
        assertThat(stop.rip()).isEqualTo(OTHER_CODE);
        assertThat(g.state().tr.selector()).isEqualTo(OTHER);
    }

    @Test
    void theNewTaskHasItsOwnAddressSpaceAndLdt() {
        long root = g.pages.root + 0x4_0000;
        for (int i = 0; i < PageTables.PAGE; i += 4) {
            g.put32(root + i, g.get32(g.pages.root + i));
        }
        g.put32(Guest.OTHER_TSS + CR3, root);
        g.descriptor(Guest.LOCAL, Descriptors.segment(Guest.LDT, 0xf, Descriptors.LDT, 0));
        g.put16(Guest.OTHER_TSS + LDT, Guest.LOCAL);
        g.put64(Guest.LDT + 8, Descriptors.segment(0x5000, 0xff, Descriptors.DATA, 0));
        g.put16(Guest.OTHER_TSS + SELECTORS, 0xc);
        g.put32(0x5000, 0x99);
        other.mov(EAX, mem32(null, 0).in(Sreg.ES));
        a.jmpFar(32, OTHER, 0);
        assertThat(run().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(0x99);
        assertThat(g.state().cr3).isEqualTo(root);
    }

    @Test
    void aTasksTrapBitIsADebugExceptionBeforeItsFirstInstruction() {
        g.put16(Guest.OTHER_TSS + TRAP, 1);
        g.start.dr[5] = 0x455;
        a.jmpFar(32, OTHER, 0);
        Stop stop = run();
        assertThat(stop.event()).isEqualTo("#DB");
        assertThat(stop.rip()).isEqualTo(OTHER_CODE);
        assertThat(g.state().dr[4]).isEqualTo(0xffff_8ff0L);
        assertThat(g.state().dr[5]).as("without local breakpoints").isEqualTo(0x400);
    }

    @Test
    void tasksOf16BitsHaveATssOfTheirOwn() {
        g.descriptor(OTHER, Descriptors.segment(Guest.OTHER_TSS, 43, Descriptors.TSS16, 0));
        g.put16(Guest.OTHER_TSS + 14, OTHER_CODE);
        g.put16(Guest.OTHER_TSS + 16, 2);
        g.put16(Guest.OTHER_TSS + 18, 0x4321);
        g.put16(Guest.OTHER_TSS + 26, OTHER_STACK);
        g.put16(Guest.OTHER_TSS + 34, Guest.DATA);
        g.put16(Guest.OTHER_TSS + 36, Guest.CODE);
        g.put16(Guest.OTHER_TSS + 38, Guest.DATA);
        g.put16(Guest.OTHER_TSS + 40, Guest.DATA);
        g.put16(Guest.OTHER_TSS + 42, 0);
        a.jmpFar(32, OTHER, 0);
        assertThat(run().event()).isEqualTo("done");
        assertThat(g.gpr(0) & 0xffff).isEqualTo(0x4321);
    }
}
