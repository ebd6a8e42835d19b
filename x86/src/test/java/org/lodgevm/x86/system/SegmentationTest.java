package org.lodgevm.x86.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBP;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.ESP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem16;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.state.Rflags;

/** Limits, types and privilege of segments in 32-bit protected mode. @sdm 3A:3.4, 3A:5.3 to 3A:5.7 */
@OnEveryEngine
class SegmentationTest {
    private static final int SELECTOR = Guest.FREE;
    private static final int BASE = 0x5000;

    @Parameter
    Engine engine;

    private Guest g;
    private Assembler a;

    @BeforeEach
    void start() {
        g = new Guest(engine, Mode.FLAT32);
        a = g.kernel();
    }

    @AfterEach
    void close() {
        g.close();
    }

    private void segment(long limit, int access, int flags) {
        g.descriptor(SELECTOR, Descriptors.segment(BASE, limit, access, flags));
    }

    private Assembler load(Sreg register, int selector) {
        return a.mov(EAX, selector).mov(register, AX);
    }

    private Stop stop() {
        Guest.done(a);
        return g.run();
    }

    private String outcome() {
        return stop().event();
    }

    @Test
    void theLastByteWithinTheLimitIsReachedThroughTheBase() {
        segment(0xff, Descriptors.DATA, 0);
        g.put32(BASE + 0xfc, 0x7654_3210);
        load(Sreg.ES, SELECTOR).mov(ECX, mem32(null, 0xfc).in(Sreg.ES));
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.gpr(1)).isEqualTo(0x7654_3210);
    }

    @Test
    void anAccessThatEndsBeyondTheLimitFaults() {
        segment(0xff, Descriptors.DATA, 0);
        load(Sreg.ES, SELECTOR).mov(ECX, mem32(null, 0xfd).in(Sreg.ES));
        assertThat(outcome()).isEqualTo("#GP(0x0)");
    }

    @Test
    void granularityCountsTheLimitInPages() {
        segment(0, Descriptors.DATA, Descriptors.PAGES);
        load(Sreg.ES, SELECTOR).mov(ECX, mem32(null, 0xffc).in(Sreg.ES));
        Label beyond = a.label("beyond");
        a.mov(ECX, mem32(null, 0xffd).in(Sreg.ES));
        Stop fault = stop();
        assertThat(fault.event()).isEqualTo("#GP(0x0)");
        assertThat(fault.rip()).isEqualTo(beyond.address());
    }

    @Test
    void anExpandDownSegmentIsWhatLiesAboveTheLimit() {
        segment(0xfff, Descriptors.DATA_DOWN, 0);
        load(Sreg.ES, SELECTOR).mov(ECX, mem32(null, 0x1000).in(Sreg.ES)).mov(EDX, mem16(null, 0xfffe).in(Sreg.ES).bits(32));
        assertThat(outcome()).isEqualTo("#GP(0x0)");
    }

    @Test
    void anExpandDownSegmentEndsAtFourGigabytesIfItIsBig() {
        g.descriptor(SELECTOR, Descriptors.segment(0, 1, Descriptors.DATA_DOWN, Descriptors.BIG | Descriptors.PAGES));
        load(Sreg.ES, SELECTOR).mov(ECX, mem32(null, 0x1_0000).in(Sreg.ES)).mov(ECX, mem8(null, 0x1fff).in(Sreg.ES).bits(32));
        assertThat(outcome()).isEqualTo("#GP(0x0)");
        assertThat(g.gpr(1)).isZero();
    }

    @Test
    void readOnlyDataCannotBeWritten() {
        segment(0xfff, Descriptors.DATA_READ_ONLY, 0);
        load(Sreg.ES, SELECTOR).mov(ECX, mem(0).in(Sreg.ES)).mov(mem32(null, 0).in(Sreg.ES), 1);
        assertThat(outcome()).isEqualTo("#GP(0x0)");
        assertThat(g.get32(BASE)).isZero();
    }

    @Test
    void executeOnlyCodeCannotBeReadNorLoadedForData() {
        segment(0xfff, Descriptors.CODE_EXECUTE_ONLY, Descriptors.BIG);
        load(Sreg.ES, SELECTOR);
        assertThat(outcome()).isEqualTo("#GP(0x60)");
    }

    @Test
    void codeIsNeverWritableEvenThroughItsOwnRegister() {
        a.mov(ECX, mem(Guest.KERNEL).in(Sreg.CS)).mov(mem32(null, Guest.KERNEL).in(Sreg.CS), 0);
        assertThat(outcome()).isEqualTo("#GP(0x0)");
    }

    @Test
    void aNullSelectorCanBeLoadedButNotUsed() {
        load(Sreg.ES, 3);
        Label use = a.label("use");
        a.mov(ECX, mem(0).in(Sreg.ES));
        Stop fault = stop();
        assertThat(fault.event()).isEqualTo("#GP(0x0)");
        assertThat(fault.rip()).isEqualTo(use.address());
    }

    @Test
    void theStackCannotBeNull() {
        load(Sreg.SS, 0);
        assertThat(outcome()).isEqualTo("#GP(0x0)");
    }

    @Test
    void aStackAccessBeyondTheLimitIsAStackFault() {
        segment(0xff, Descriptors.DATA, Descriptors.BIG);
        // the handler runs on the same stack, of which the lowest 256 bytes are good
        load(Sreg.SS, SELECTOR).mov(ESP, 0x100).mov(ECX, mem(ESP));
        Stop fault = stop();
        assertThat(fault.event()).isEqualTo("#SS(0x0)");
        assertThat(fault.frame()).isEqualTo(BASE + 0x100 - 12);
    }

    @Test
    void aStackWithoutBigHasAStackPointerOf16Bits() {
        segment(0xffff, Descriptors.DATA, 0);
        load(Sreg.SS, SELECTOR).mov(ESP, 0xabcd_0000L).push(0x1234);
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.gpr(4)).isEqualTo(0xabcd_fffcL);
        assertThat(g.get32(BASE + 0xfffc)).isEqualTo(0x1234);
    }

    @Test
    void theStackThatItsOwnSegmentIsPoppedOffMovesByItsOwnWidth() {
        segment(0xffff, Descriptors.DATA, 0);
        load(Sreg.SS, SELECTOR).mov(ESP, 0xabcd_0000L).push(Guest.DATA).pop(Sreg.SS);
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.gpr(4)).isEqualTo(0xabcd_0000L);
    }

    /** EBP gets all of ESP where operands have 32 bits, however wide the stack is. */
    @Test
    void enterFramesAllOfTheStackPointer() {
        segment(0xffff, Descriptors.DATA, 0);
        load(Sreg.SS, SELECTOR).mov(EBP, 0x1234_8000).mov(ESP, 0xabcd_0000L).enter(8, 2);
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.gpr(5)).isEqualTo(0xabcd_fffcL);
        assertThat(g.get32(BASE + 0xfff4)).isEqualTo(0xabcd_fffc);
        assertThat(g.gpr(4)).isEqualTo(0xabcd_ffecL);
    }

    @Test
    void anAbsentDataSegmentFaultsWithItsIndex() {
        segment(0xfff, Descriptors.DATA & ~Descriptors.PRESENT, 0);
        load(Sreg.ES, SELECTOR);
        assertThat(outcome()).isEqualTo("#NP(0x60)");
    }

    @Test
    void anAbsentStackIsAStackFault() {
        segment(0xfff, Descriptors.DATA & ~Descriptors.PRESENT, 0);
        load(Sreg.SS, SELECTOR);
        assertThat(outcome()).isEqualTo("#SS(0x60)");
    }

    @Test
    void aSelectorBeyondTheTableFaultsWithItsIndex() {
        load(Sreg.ES, 0x1002);
        assertThat(outcome()).isEqualTo("#GP(0x1000)");
    }

    @Test
    void aSelectorOfTheLdtFaultsWhileThereIsNone() {
        load(Sreg.ES, 0xf);
        assertThat(outcome()).isEqualTo("#GP(0xc)");
    }

    @Test
    void theLdtIsASecondTable() {
        g.descriptor(Guest.LOCAL, Descriptors.segment(Guest.LDT, 0xf, Descriptors.LDT, 0));
        g.put64(Guest.LDT + 8, Descriptors.segment(BASE, 0xff, Descriptors.DATA, 0));
        g.put32(BASE, 0x77);
        a.mov(EAX, Guest.LOCAL).lldt(AX).mov(EAX, 0xc).mov(Sreg.ES, AX).mov(ECX, mem(0).in(Sreg.ES)).mov(EAX, 0x14).mov(Sreg.ES, AX);
        assertThat(outcome()).isEqualTo("#GP(0x14)");
        assertThat(g.gpr(1)).isEqualTo(0x77);
    }

    @Test
    void loadingASegmentMarksItsDescriptorAccessed() {
        segment(0xfff, Descriptors.DATA & ~Descriptors.ACCESSED, 0);
        load(Sreg.ES, SELECTOR);
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.get8(Guest.GDT + SELECTOR + 5)).isEqualTo(Descriptors.DATA);
    }

    @Test
    void level3CannotLoadDataOfLevel0() {
        g.user().mov(EAX, Guest.DATA | 3).mov(Sreg.ES, AX);
        assertThat(g.runUser().event()).isEqualTo("#GP(0x10)");
    }

    @Test
    void theRequestedPrivilegeLevelWeakensTheKernel() {
        load(Sreg.ES, Guest.DATA | 3);
        assertThat(outcome()).isEqualTo("#GP(0x10)");
    }

    @Test
    void conformingCodeCanBeReadFromAnyLevel() {
        segment(0xfff, Descriptors.CODE_CONFORMING, Descriptors.BIG);
        g.put32(BASE, 0x5a);
        g.user().mov(EAX, SELECTOR | 3).mov(Sreg.ES, AX).mov(ECX, mem(0).in(Sreg.ES)).ud2();
        assertThat(g.runUser().event()).isEqualTo("#UD");
        assertThat(g.gpr(1)).isEqualTo(0x5a);
    }

    @Test
    void theStackMustHaveThePrivilegeOfItsCode() {
        load(Sreg.SS, Guest.USER_DATA);
        assertThat(outcome()).isEqualTo("#GP(0x20)");
    }

    @Test
    void fetchingBeyondTheCodeLimitFaults() {
        g.descriptor(SELECTOR, Descriptors.segment(BASE, 2, Descriptors.CODE, Descriptors.BIG));
        g.memory.write(BASE, new byte[] {(byte) 0x90, (byte) 0x90, (byte) 0x90, (byte) 0x90});
        a.jmpFar(32, SELECTOR, 0);
        Stop fault = stop();
        assertThat(fault.event()).isEqualTo("#GP(0x0)");
        assertThat(fault.rip()).isEqualTo(3);
        assertThat(fault.cs()).isEqualTo(SELECTOR);
    }

    @Test
    void larLslVerrAndVerwTellWithoutFaulting() {
        segment(0xab, Descriptors.DATA_READ_ONLY, 0);
        a.mov(EAX, SELECTOR).lar(ECX, AX).lsl(EDX, AX).verw(AX).pushf().verr(AX).pushf();
        a.mov(EAX, 0x2000).lsl(EBX, AX).pushf();
        assertThat(outcome()).isEqualTo("done");
        assertThat(g.gpr(1) & 0xff00).isEqualTo(Descriptors.DATA_READ_ONLY << 8);
        assertThat(g.gpr(2)).isEqualTo(0xab);
        long sp = g.gpr(4);
        assertThat(g.get32(sp + 8) & Rflags.ZF).as("writable").isZero();
        assertThat(g.get32(sp + 4) & Rflags.ZF).as("readable").isNotZero();
        assertThat(g.get32(sp) & Rflags.ZF).as("exists").isZero();
    }

    @Test
    void ltrWantsAnIdleTssAndMarksItBusy() {
        g.descriptor(SELECTOR, Descriptors.segment(Guest.OTHER_TSS, Guest.TSS_LIMIT, Descriptors.TSS, 0));
        a.mov(EAX, SELECTOR).ltr(AX).str(ECX).ltr(AX);
        assertThat(outcome()).isEqualTo("#GP(0x60)");
        assertThat(g.gpr(1)).isEqualTo(SELECTOR);
        assertThat(g.get8(Guest.GDT + SELECTOR + 5)).isEqualTo(Descriptors.TSS_BUSY);
    }
}
