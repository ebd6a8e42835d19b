package org.lodgevm.x86.interpret;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Tsc;
import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.fp.X87;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;
import org.lodgevm.x86.state.Vector;
import org.lodgevm.x86.translate.Context;

/**
 * The state of one CPU, and the accessors that operations are written with.
 *
 * <p>General registers are an array, vector and x87 registers lie in the off-heap {@link StateBlock}, the rest are fields. Only the CPU's
 * own thread touches any of it, but any may {@link #ask} for its attention.
 */
public final class Cpu {
    /** In {@link #context}. */
    private static final int CPL_SHIFT = 5;
    private static final int CPL = 3 << CPL_SHIFT;
    private static final int WIDTH = 3;
    private static final int WIDTH_64 = 2;
    /** In 64-bit code only. */
    private static final int SMAP = 512;
    /** Above a segment limit. */
    private static final int REGIME_SHIFT = 30;

    /** The registers that operands name, by {@link Gpr}. */
    final long[] r = new long[Gpr.COUNT];
    /** Host address of the block that holds vector and x87 state. */
    final long block;
    private final MemorySegment memory;

    final int index;
    final Bus bus;
    final LocalInterrupts interrupts;
    final Tsc tsc;
    final Clock clock;
    final Tracer tracer;
    final Mmu mmu;
    final CodeCache code;
    final CpuidModel cpuid;
    final Msrs msrs;
    final Breakpoints breakpoints = new Breakpoints(this);
    final Debugger debugger = new Debugger(this);
    final Revocations revocations = new Revocations(this);
    final Sse sse = new Sse();
    final X87 x87;
    private final GuestFault fault = new GuestFault();

    /** Offset of the next instruction in CS. While a block runs: of the instruction after the block. */
    long rip;
    /** Lazily kept status flags: see {@link Flags}. */
    long flagResult;
    long flagAux;
    /** RFLAGS but for the six status flags and the fixed bit. */
    int flagsOther;

    /** ES, CS, SS, DS, FS, GS. */
    final Segment[] segments = new Segment[6];
    final Segment ldtr = new Segment();
    final Segment tr = new Segment();
    long gdtBase;
    int gdtLimit;
    long idtBase;
    int idtLimit;

    long cr0;
    long cr2;
    long cr3;
    long cr4;
    long xcr0 = 1;
    long efer;
    int cpl;

    /** EFER.LMA: IA-32e mode. */
    boolean longMode;
    /** 64-bit code: {@link #longMode} and CS.L. */
    boolean code64;
    boolean v86;
    /** Bits that the stack pointer wraps at. */
    long stackMask;
    long csBase;

    /** The host address of the current regime's TLB, and the regime's number. */
    long tlb;
    int regime;
    /** Misaligned accesses are #AC. */
    boolean alignmentCheck;
    /** Accesses are the processor's own, not an instruction's. */
    boolean implicit;
    /** What decoding, binding and translating depend on; part of a block's key. */
    int context;
    /** The same without {@link #regime}. */
    private int mode;
    /** Blocks found by linear address. */
    final JumpCache jumps = new JumpCache();
    /** Counts changes of the linear-to-physical mapping. */
    int mapping;

    /** Of code that is executed often; null where there is no translator. */
    Translations translations;
    /** Compares translations with what is interpreted; null unless that is asked for. */
    Lockstep lockstep;
    /** The block being run, and whether it is a single instruction run apart: see {@link RunLoop}. */
    Block current;
    boolean solo;

    /** Which part of a fused op is running. */
    int part;
    /** How many undefined instructions the log has named. */
    int undefinedNamed;

    /** Read-modify-write under way: see {@link Linear#readForWrite}. */
    long rmwHost;
    long rmwLinear;
    final Atomic atomic = new Atomic();
    /** Second result of an operation that has two: see {@link Semantics}. */
    long second;

    /** Why the CPU shut down. */
    String failure;
    /** x87 and MMX, or SSE, or AVX instructions have to be refused: see {@link Units}. */
    boolean fpuBlocked;
    boolean sseBlocked;
    boolean avxBlocked;
    /** FERR#, by which x87 exceptions leave the CPU when CR0.NE is clear. */
    IrqLine ferr = IrqLine.unconnected();

    /** From the delivery of an NMI to the next IRET; one more may be waiting for that. */
    boolean nmiBlocked;
    boolean nmiPending;
    boolean waitingForStartup;
    private volatile int startupVector;

    /** Instructions executed. */
    long instructions;

    Cpu(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc, Clock clock, CodeCache code, CpuidModel cpuid, Trace trace) {
        this.index = index;
        this.clock = clock;
        tracer = new Tracer(trace, index);
        this.bus = bus;
        this.interrupts = interrupts;
        this.tsc = tsc;
        this.code = code;
        this.cpuid = cpuid;
        // freed when nothing refers to this CPU any more: others may ask for its attention at any time
        memory = HostMemory.zeroed(StateBlock.SIZE, 4096);
        block = memory.address();
        mmu = new Mmu(bus, fault, new Mmu.PagePolicy() {
            @Override
            public boolean holdsCode(long physicalPage) {
                return code.holdsCode(physicalPage);
            }

            @Override
            public boolean watched(long linearPage) {
                return alignmentCheck || breakpoints.watches(linearPage) || debugger.watches(linearPage);
            }
        }, new Tlb(block + StateBlock.TLB, block + StateBlock.SECOND_TLB));
        x87 = new X87(block + StateBlock.X87);
        msrs = new Msrs(this);
        Arrays.setAll(segments, i -> new Segment());
        Reset.powerUp(this);
    }

    /** Of the code that CS selects. */
    CodeSize codeSize() {
        return code64 ? CodeSize.BITS_64 : segments[Segment.CS].big() ? CodeSize.BITS_32 : CodeSize.BITS_16;
    }

    // --- registers -------------------------------------------------------------------------------------------------

    long gpr(int number) {
        return r[number];
    }

    void gpr(int number, long value) {
        r[number] = value;
    }

    /** A register cut to 2, 4 or 8 bytes. */
    long register(int number, int size) {
        long value = r[number];
        return size == 8 ? value : size == 4 ? value & 0xffff_ffffL : value & 0xffff;
    }

    /** Writes a register as an instruction does: 4 bytes clear the upper half, 2 leave the rest alone. */
    void register(int number, int size, long value) {
        switch (size) {
            case 8 -> r[number] = value;
            case 4 -> r[number] = value & 0xffff_ffffL;
            default -> r[number] = r[number] & ~0xffffL | value & 0xffff;
        }
    }

    /** A byte register; the number of AH to BH is that of the whole plus {@link Gpr#HIGH_BYTE}. */
    int byteRegister(int place) {
        return (int) (r[place & 31] >>> (place >> 2 & 8)) & 0xff;
    }

    void byteRegister(int place, int value) {
        int shift = place >> 2 & 8;
        int number = place & 31;
        r[number] = r[number] & ~(0xffL << shift) | (value & 0xffL) << shift;
    }

    /** A stack pointer update, which leaves the bits above the stack's width alone. */
    void stackPointer(long value) {
        r[Gpr.RSP] = value & stackMask | r[Gpr.RSP] & ~stackMask;
    }

    int rflags() {
        return Flags.status(this) | flagsOther | Rflags.FIXED;
    }

    /** Sets all of RFLAGS, with no check of what the guest may change. */
    void rflags(int value) {
        Flags.status(this, value);
        flagsOther = value & Rflags.ALL & ~Rflags.STATUS;
        boolean virtual = (value & Rflags.VM) != 0;
        if (virtual != v86) {
            v86 = virtual;
        }
        updateRegime();
        if ((value & Rflags.TF) != 0) {
            ask(Attention.STEP);
        }
        if ((value & Rflags.IF) != 0) {
            interruptsMayCome();
        }
    }

    /** RFLAGS.IF may have been set: one that waited for it comes now. */
    void interruptsMayCome() {
        if (interrupts.pending()) {
            ask(Attention.INTERRUPT);
        } else {
            HostMemory.put8(block + StateBlock.INTERRUPT_HELD, 0);
        }
    }

    boolean flag(int bit) {
        return (flagsOther & bit) != 0;
    }

    void flag(int bit, boolean on) {
        flagsOther = on ? flagsOther | bit : flagsOther & ~bit;
    }

    int iopl() {
        return flagsOther >> Rflags.IOPL_SHIFT & 3;
    }

    boolean protectedMode() {
        return (cr0 & Cr.CR0_PE) != 0;
    }

    // --- memory by segment -----------------------------------------------------------------------------------------

    /** Segment base plus offset, with limit and type checked. The offset is already masked to the address size. */
    long linear(int segment, long offset, int size, boolean write) {
        if (code64) {
            return segment >= Segment.FS ? offset + segments[segment].base : offset;
        }
        Segment s = segments[segment];
        if (offset + size > (write ? s.writeEnd : s.readEnd) && !allows(s, offset, size, write)) {
            throw fault(segment == Segment.SS ? Vector.SS : Vector.GP, 0);
        }
        return s.base + offset & 0xffff_ffffL;
    }

    /** Real mode knows limits but no types. */
    boolean allows(Segment s, long offset, int size, boolean write) {
        return protectedMode() ? s.allows(offset, size, write) : offset + size - 1 <= s.limit;
    }

    // --- modes -----------------------------------------------------------------------------------------------------

    /** To be called when CPL, RFLAGS.AC or CR0.AM, CR4.SMAP have changed. */
    void updateRegime() {
        int now = cpl == 3 ? Tlb.USER : supervisorRegime((flagsOther & Rflags.AC) != 0);
        boolean check = SlowMemory.alignmentChecked(this);
        if (check != alignmentCheck) {
            alignmentCheck = check;
            mmu.tlb.flush();
        }
        implicit = false;
        regime = now;
        tlb = mmu.tlb.regime(now);
        context = context(mode, now);
    }

    private boolean smap() {
        return (cr4 & Cr.CR4_SMAP) != 0;
    }

    /** What the present code is translated for. */
    Context translationContext() {
        return translationContext(mode, regime, codeSize(), smap());
    }

    private static Context translationContext(int mode, int regime, CodeSize size, boolean smap) {
        int system = mode & ~CPL;
        return new Context(context(mode, regime), size, regime, context(system, supervisorRegime(smap, false)), context(system | CPL, Tlb.USER),
                context(mode, supervisorRegime(smap, true)), context(mode, supervisorRegime(smap, false)));
    }

    /** What 64-bit code was translated for in a {@link #context}; null if there is no such context. */
    static Context context64(int context) {
        int mode = context & (1 << REGIME_SHIFT) - 1;
        int regime = context >>> REGIME_SHIFT;
        return (mode & WIDTH) == WIDTH_64 && regime < Tlb.REGIMES ? translationContext(mode, regime, CodeSize.BITS_64, (mode & SMAP) != 0) : null;
    }

    private static int context(int mode, int regime) {
        return mode | regime << REGIME_SHIFT;
    }

    /** The CPL in a {@link #context}. */
    static int cpl(int context) {
        return (context & CPL) >> CPL_SHIFT;
    }

    private int supervisorRegime(boolean ac) {
        return supervisorRegime(smap(), ac);
    }

    private static int supervisorRegime(boolean smap, boolean ac) {
        return smap && !ac ? Tlb.SUPERVISOR_NO_USER : Tlb.SUPERVISOR;
    }

    /** Accesses until {@link #updateRegime} are the processor's own: descriptor tables, TSS. @sdm 4.6.1 */
    void implicitSupervisor() {
        implicit = true;
        alignmentCheck = false;
        regime = supervisorRegime(false);
        tlb = mmu.tlb.regime(regime);
    }

    /** To be called when CR0.PE/PG, CR4, EFER, CS, SS, CPL or RFLAGS.VM have changed. */
    void updateMode() {
        Segment cs = segments[Segment.CS];
        Segment ss = segments[Segment.SS];
        longMode = (efer & Cr.EFER_LMA) != 0;
        code64 = longMode && cs.longCode();
        v86 = (flagsOther & Rflags.VM) != 0;
        csBase = code64 ? 0 : cs.base;
        stackMask = code64 ? -1L : ss.big() ? 0xffff_ffffL : 0xffff;
        int width = code64 ? WIDTH_64 : cs.big() ? 1 : 0;
        mode = width | (!code64 && ss.big() ? 4 : 0) | (protectedMode() ? 8 : 0) | (v86 ? 16 : 0) | cpl << CPL_SHIFT
                | (longMode ? 128 : 0) | ((cr4 & Cr.CR4_LA57) != 0 ? 256 : 0) | (code64 ? smap() ? SMAP : 0 : cs.limitCode() << 9);
        updateRegime();
    }

    /** After CR0, CR3, CR4 or EFER changed: the walker's copy. Does not flush. */
    void updatePaging() {
        mmu.walker.configure(cr0, cr3, cr4, efer);
        if (tracer.mmu) {
            tracer.paging(this);
        }
    }

    /** Whether the TLB knows that the block's pages are what is mapped at its address, and that they may be executed. */
    boolean fetches(Block block) {
        return Tlb.fetches(tlb, block.fetchEntry, block.fetchTag) && (block.second == null || fetchesSecond(block));
    }

    private boolean fetchesSecond(Block block) {
        long page = block.secondPage();
        return Tlb.fetches(tlb, Tlb.fetchEntry(page), Tlb.fetchTag(page, block.second.physical));
    }

    void flushTlb(boolean globalToo) {
        if (tracer.mmu) {
            tracer.flush(globalToo ? "all pages" : "all but global pages");
        }
        if (globalToo) {
            mmu.tlb.flush();
        } else {
            mmu.tlb.flushNonGlobal();
        }
        mapping++;
    }

    /** Goes on in another address space. @param keep whether what is known of it is still right */
    void enterAddressSpace(int pcid, boolean keep) {
        if (tracer.mmu) {
            tracer.flush(keep ? "what is not of PCID %x".formatted(pcid) : "all but global pages");
        }
        mmu.tlb.enter(pcid, keep);
        mapping++;
    }

    void flushPcid(int pcid) {
        if (tracer.mmu) {
            tracer.flush("PCID %x".formatted(pcid));
        }
        mmu.tlb.flush(pcid);
        mapping++;
    }

    void flushPage(long linear) {
        if (tracer.mmu) {
            tracer.flush("the page of %x".formatted(linear));
        }
        mmu.tlb.flushPage(linear);
        mapping++;
    }

    // --- faults ----------------------------------------------------------------------------------------------------

    /** To be thrown. */
    GuestFault fault(int vector, int errorCode) {
        return fault.with(vector, errorCode);
    }

    GuestFault undefined() {
        return fault.with(Vector.UD, 0);
    }

    GuestFault protection() {
        return fault.with(Vector.GP, 0);
    }

    // --- attention -------------------------------------------------------------------------------------------------

    /** See {@link Attention}. */
    int attention() {
        return HostMemory.getOpaque32(block + StateBlock.ATTENTION);
    }

    /** Any thread. */
    void ask(int bits) {
        if ((attention() & bits) != bits) {
            HostMemory.or32(block + StateBlock.ATTENTION, bits);
        }
    }

    /** Clears bits and tells which of them were set. */
    int answer(int bits) {
        return HostMemory.and32(block + StateBlock.ATTENTION, ~bits) & bits;
    }

    /** Nothing comes before the instruction there, if it is the next one. @sdm 3A:6.8.1 */
    void shadow(long next) {
        HostMemory.put16(block + StateBlock.SHADOWED, (int) next & StateBlock.OFFSET);
    }

    void noShadow() {
        HostMemory.put16(block + StateBlock.SHADOWED, StateBlock.OFFSET + 1);
    }

    /** An instruction elsewhere whose offset happens to be the same comes before an interrupt, too: that does no harm. */
    boolean inShadow() {
        return HostMemory.get16(block + StateBlock.SHADOWED) == ((int) rip & StateBlock.OFFSET);
    }

    void askNmi() {
        int before = HostMemory.or32(block + StateBlock.ATTENTION, Attention.NMI);
        if ((before & Attention.NMI) != 0) {
            ask(Attention.NMI_AGAIN);
        }
    }

    void askStartup(int vector) {
        startupVector = vector;
        ask(Attention.STARTUP);
    }

    int startupVector() {
        return startupVector;
    }

    /** Keeps the copy of a segment base that effective addresses are computed with. */
    void segmentBase(int segment, long base) {
        r[Gpr.SEGMENT_BASE + segment] = base;
    }

    void clearRegisters() {
        for (int i = 0; i < 16; i++) {
            gpr(i, 0);
        }
        r[Gpr.ZERO] = 0;
    }
}
