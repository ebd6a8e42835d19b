package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.asm.Gpr.SI;
import static org.lodgevm.x86.asm.Gpr.SP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Rflags;

/** Real mode, and the ways from one mode to another. @sdm 3A:10.8, 3A:10.9, 3A:20.1 */
@OnEveryEngine
class ModesTest {
    private static final int TABLE_POINTER = 0x5000;
    @Parameter
    Engine engine;

    /** Out of the reach of 32-bit code. */
    private static final long HIGH = 0x1234_5000_0000L;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.REAL);
        a = g.kernel();
        g.put16(TABLE_POINTER, 0xfff);
        g.put32(TABLE_POINTER + 2, Guest.GDT);
    }

    @AfterEach
    void close() {
        g.close();
    }

    private Assembler control(Creg register, long set, long cleared) {
        return a.mov(EAX, register).and(EAX, ~cleared & 0xffff_ffffL).or(EAX, set).mov(register, EAX);
    }

    private Assembler protect() {
        a.lgdt(mem(TABLE_POINTER));
        return control(Creg.CR0, Cr.CR0_PE, 0);
    }

    private Assembler dataSegments(int selector) {
        return a.mov(EAX, selector).mov(Sreg.DS, AX).mov(Sreg.ES, AX).mov(Sreg.SS, AX);
    }

    // --- real mode ---------------------------------------------------------------------------------------------------------------

    @Test
    void interruptsGoThroughTheVectorTable() {
        a.sti().stc().interrupt(0x50);
        Label next = a.label("next");
        Guest.done(a);
        Stop stop = g.run();
        assertThat(stop.event()).isEqualTo("interrupt 0x50");
        assertThat(stop.rip()).isEqualTo(next.address());
        assertThat(stop.flag(Rflags.IF)).isTrue();
        assertThat(g.state().rflags & Rflags.IF).isZero();
        assertThat(stop.frame()).isEqualTo(Guest.KERNEL_STACK - 6);
        assertThat(g.resume().event()).isEqualTo("done");
    }

    @Test
    void aSegmentEndsAt64KiB() {
        a.mov(SI, 0xffff).mov(AX, mem(SI));
        assertThat(g.run().event()).startsWith("#GP");
    }

    @Test
    void effectiveAddressesWrapAt16Bits() {
        g.put16(0x10, 0x5678);
        Guest.done(a.mov(SI, 0xfff8).mov(AX, mem(SI, 0x18)));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(0x5678);
    }

    @Test
    void aVectorBeyondTheTablesLimitIsAProtectionFault() {
        g.start.idtr = new VcpuState.Table(0, 4 * 0x50 - 1);
        a.interrupt(0x50);
        assertThat(g.run().event()).startsWith("#GP");
    }

    @Test
    void instructionsOfProtectedModeAreUndefined() {
        a.ltr(AX);
        assertThat(g.run().event()).isEqualTo("#UD");
    }

    @Test
    void controlRegistersMoveWithAll32BitsIn16BitCode() {
        g.start.cr0 |= Cr.CR0_CD | Cr.CR0_NW;
        Guest.done(a.mov(EAX, Creg.CR0).mov(Creg.CR0, EAX));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.gpr(0)).isEqualTo(Cr.CR0_CD | Cr.CR0_NW | Cr.CR0_ET);
        assertThat(g.state().cr0).isEqualTo(g.gpr(0));
    }

    @Test
    void limitsLoadedInProtectedModeStayInRealMode() {
        protect().mov(EAX, Guest.DATA).mov(Sreg.DS, AX);
        control(Creg.CR0, 0, Cr.CR0_PE).mov(EAX, 0).mov(Sreg.DS, AX).mov(EBX, Guest.FRAMES);
        Guest.done(a.mov(mem32(EBX, 0), 0x4711));
        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get32(Guest.FRAMES)).isEqualTo(0x4711);
    }

    // --- from mode to mode -------------------------------------------------------------------------------------------------------

    @Test
    void fromRealModeThroughLongModeAndBack() {
        Label code32 = new Label("code32");
        Label code64 = new Label("code64");
        Label compatible = new Label("compatible");
        Label back16 = new Label("back16");
        Label real = new Label("real");
        Label pointer = new Label("pointer");
        int code64Selector = Guest.FREE;
        PageTables pages = new PageTables(g.memory, Mode.LONG, Guest.PAGE_TABLES);
        pages.map(0, 0, Guest.LOW_MEMORY, PageTables.WRITABLE);
        pages.map(HIGH, Guest.FRAMES, PageTables.PAGE, PageTables.WRITABLE);
        g.descriptor(code64Selector, Descriptors.flat(Descriptors.CODE, Descriptors.LONG));

        protect().jmpFar(32, Guest.CODE32, code32);
        a.bits32().bind(code32);
        dataSegments(Guest.DATA);
        control(Creg.CR4, Cr.CR4_PAE, 0).mov(EAX, Guest.PAGE_TABLES).mov(Creg.CR3, EAX);
        a.mov(ECX, Msr.IA32_EFER).rdmsr().or(EAX, Cr.EFER_LME).wrmsr();
        control(Creg.CR0, Cr.CR0_PG, 0).jmpFar(32, code64Selector, code64);
        a.bits64().bind(code64).mov(RSI, HIGH).mov(EAX, 0x6464).mov(mem(RSI), EAX);
        a.jmpFar(32, mem(pointer)).align(8).bind(pointer).dd(compatible).dw(Guest.CODE32);
        a.bits32().bind(compatible);
        control(Creg.CR0, 0, Cr.CR0_PG);
        a.mov(ECX, Msr.IA32_EFER).rdmsr().mov(EDX, 0).and(EAX, ~Cr.EFER_LME & 0xffff_ffffL).wrmsr();
        a.jmpFar(32, Guest.CODE16, back16).bits16().bind(back16);
        dataSegments(Guest.DATA16);
        control(Creg.CR0, 0, Cr.CR0_PE).jmpFar(16, 0, real).bind(real).mov(AX, 0).mov(Sreg.SS, AX).mov(SP, Guest.KERNEL_STACK);
        Guest.done(a.mov(Sreg.DS, AX));

        assertThat(g.run().event()).isEqualTo("done");
        assertThat(g.get32(Guest.FRAMES)).isEqualTo(0x6464);
        assertThat(g.state().cr0 & (Cr.CR0_PE | Cr.CR0_PG)).isZero();
        assertThat(g.state().msrs.get(Msr.IA32_EFER) & (Cr.EFER_LMA | Cr.EFER_LME)).isZero();
    }

    @Test
    void pagingNeedsProtection() {
        a.mov(EAX, Cr.CR0_PG).mov(Creg.CR0, EAX);
        assertThat(g.run().event()).startsWith("#GP");
    }

    @Test
    void longModeNeedsPhysicalAddressExtension() {
        try (Guest flat = new Guest(engine, Mode.FLAT32)) {
            flat.start.msrs.put(Msr.IA32_EFER, Cr.EFER_LME);
            flat.kernel().mov(EAX, Creg.CR0).or(EAX, Cr.CR0_PG).mov(Creg.CR0, EAX);
            assertThat(flat.run().event()).isEqualTo("#GP(0x0)");
        }
    }

    @Test
    void cacheControlThatContradictsItselfIsRefused() {
        a.mov(EAX, Cr.CR0_NW).mov(Creg.CR0, EAX);
        assertThat(g.run().event()).startsWith("#GP");
    }

    @Test
    void loadingTheMachineStatusWordCannotLeaveProtectedMode() {
        try (Guest flat = new Guest(engine, Mode.FLAT32)) {
            Guest.done(flat.kernel().mov(EAX, 0).lmsw(AX));
            assertThat(flat.run().event()).isEqualTo("done");
            assertThat(flat.state().cr0 & Cr.CR0_PE).isNotZero();
        }
    }
}
