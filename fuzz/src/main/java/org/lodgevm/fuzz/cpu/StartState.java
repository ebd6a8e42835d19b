package org.lodgevm.fuzz.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;
import org.lodgevm.x86.state.Rflags;

/** Registers to begin with: a mode's, and anything that it allows. */
final class StartState {
    private static final int CS = 1;
    private static final int SS = 2;
    private static final int RSP = 4;
    private static final int V86_DATA = 0xf3;
    private static final int XSAVE_HEADER_END = 576;
    private static final int XSAVE_BYTES = 832;
    private static final int FXSAVE_MXCSR = 24;
    private static final int XSTATE_BV = 512;
    private static final int MXCSR_DEFINED = 0xffff;
    private static final int MXCSR_MASKED = 0x1f80;
    private static final long DR6_FIXED = 0xffff_0ff0L;
    private static final long DR7_FIXED = 0x400;
    private static final int XCR0 = 7;
    private static final int XCR0_WITHOUT_AVX = 3;
    private static final int STACK_OF_EACH = 0x400;

    private final Image image;
    private final Setting setting;
    private final Dice dice;
    private final VcpuState state = new VcpuState();

    private StartState(Image image, Setting setting, Dice dice) {
        this.image = image;
        this.setting = setting;
        this.dice = dice;
    }

    static VcpuState of(Image image, Setting setting, int cpu, Dice dice) {
        StartState start = new StartState(image, setting, dice);
        start.general(cpu);
        start.segments();
        start.control();
        start.units();
        return start.state;
    }

    private void general(int cpu) {
        for (int i = 0; i < 16; i++) {
            long value = dice.oneIn(2) ? Image.place(dice) : dice.number();
            state.gpr[i] = setting.isLong() ? value : value & 0xffff_ffffL;
        }
        state.gpr[RSP] = Image.STACK_END - STACK_OF_EACH * cpu - (dice.oneIn(16) ? dice.below(16) : 0);
        state.rip = Image.CODE + (dice.oneIn(2) ? 0x1000 * dice.below(4) : 0) + (dice.oneIn(8) ? dice.below(0x100) : 0);
        long choices = Rflags.STATUS | Rflags.IF | (dice.oneIn(4) ? Rflags.DF : 0) | (dice.oneIn(32) ? Rflags.TF : 0)
                | (dice.oneIn(8) ? Rflags.AC : 0) | (dice.oneIn(16) ? Rflags.NT | Rflags.RF : 0);
        state.rflags = Rflags.FIXED | dice.some(choices) | (long) dice.below(4) << Rflags.IOPL_SHIFT
                | (setting == Setting.VIRTUAL_8086 ? Rflags.VM : 0);
    }

    private void segments() {
        boolean paragraphs = !setting.isProtected() || setting == Setting.VIRTUAL_8086;
        int user = dice.oneIn(2) ? Tables.USER : 0;
        for (int i = 0; i < 6; i++) {
            if (paragraphs) {
                int attributes = setting.isProtected() ? V86_DATA : Tables.ACCESS_DATA;
                state.segments[i] = new VcpuState.Segment(0, 0, 0xffff, attributes);
            } else {
                state.segments[i] = loaded(user + (i == CS ? codeSelector() : i == SS ? stackSelector() : Tables.DATA));
            }
        }
        state.gdtr = new VcpuState.Table(Image.GDT, Tables.LIMIT);
        state.idtr = new VcpuState.Table(setting.isProtected() ? Image.IDT : 0, Tables.LIMIT);
        state.tr = new VcpuState.Segment(Tables.TASK, Image.TSS, Tables.TSS_LIMIT, Tables.ACCESS_BUSY_TSS);
        state.ldtr = new VcpuState.Segment(Tables.LOCAL, Image.LDT, Tables.LDT_LIMIT, Tables.ACCESS_LDT);
    }

    private int codeSelector() {
        return switch (setting.code) {
            case BITS_16 -> Tables.CODE16;
            case BITS_32 -> Tables.CODE32;
            case BITS_64 -> Tables.CODE64;
        };
    }

    private int stackSelector() {
        return switch (setting.code) {
            case BITS_16 -> Tables.STACK16;
            default -> Tables.DATA;
        };
    }

    /** A segment register as loading it from the image's descriptor fills it. */
    private VcpuState.Segment loaded(int selector) {
        long d = image.get64(Image.GDT + (selector & ~7));
        long limit = d & 0xffff | d >>> 32 & 0xf_0000;
        boolean pages = (d >>> 55 & 1) != 0;
        long base = d >>> 16 & 0xff_ffff | d >>> 32 & 0xff00_0000L;
        return new VcpuState.Segment(selector, base, (int) (pages ? limit << 12 | 0xfff : limit), (int) (d >>> 40) & 0xf0ff);
    }

    private void control() {
        state.cr0 = setting.cr0() | dice.some(Cr.CR0_MP | Cr.CR0_NE | Cr.CR0_WP | Cr.CR0_AM)
                | (dice.oneIn(8) ? dice.some(Cr.CR0_TS | Cr.CR0_EM) : 0);
        state.cr3 = setting.cr3();
        // with these the handlers, which are in user pages, do not get far
        state.cr4 = setting.cr4() | dice.some(setting.cr4Choices()) | (dice.oneIn(16) ? dice.some(Cr.CR4_SMEP | Cr.CR4_SMAP) : 0);
        state.cr8 = dice.oneIn(4) ? dice.below(16) : 0;
        state.msrs.put(Msr.IA32_EFER, setting.efer() | dice.some(Cr.EFER_SCE | Cr.EFER_NXE));
        state.msrs.put(Msr.IA32_STAR, dice.oneIn(4) ? dice.bits() : (long) Tables.CODE32 << 48 | (long) Tables.CODE32 << 32);
        state.msrs.put(Msr.IA32_LSTAR, (long) dice.between(Image.HANDLERS, Image.CODE_END));
        state.msrs.put(Msr.IA32_SYSENTER_CS, (long) Tables.selector(dice));
        state.msrs.put(Msr.IA32_SYSENTER_EIP, (long) dice.between(Image.HANDLERS, Image.CODE_END));
        state.msrs.put(Msr.IA32_SYSENTER_ESP, (long) Image.STACK_END);
        state.dr[4] = DR6_FIXED;
        state.dr[5] = DR7_FIXED;
        if (dice.oneIn(8)) {
            for (int i = 0; i < 4; i++) {
                state.dr[i] = Image.place(dice) & 0xffff_ffffL;
            }
            state.dr[5] |= dice.below(0x100) | (long) dice.below(0x1_0000) << 16;
        }
    }

    private void units() {
        state.xcr0 = dice.of(1, XCR0_WITHOUT_AVX, XCR0, XCR0);
        ByteBuffer xsave = ByteBuffer.wrap(dice.bytes(XSAVE_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        xsave.putInt(FXSAVE_MXCSR, dice.oneIn(2) ? MXCSR_MASKED : dice.below(MXCSR_DEFINED + 1));
        for (int at = XSTATE_BV; at < XSAVE_HEADER_END; at += Long.BYTES) {
            xsave.putLong(at, at == XSTATE_BV ? XCR0 : 0);
        }
        state.xsave = xsave.array();
    }
}
