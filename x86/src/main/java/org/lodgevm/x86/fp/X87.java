package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.put8;

/**
 * The x87 unit of one vCPU: its register stack, control and status, and what instructions share. @sdm 1:8.1
 *
 * <p>The registers live off heap, in a 512-byte block laid out as the 64-bit FXSAVE image with one difference: the eight
 * 16-byte slots hold the <em>physical</em> registers R0 to R7, so that a push moves nothing and MMX register n is always
 * the low half of slot n. Control, status and tags are fields here while the unit runs; {@link #store} writes them to
 * the block and {@link #load} reads them back. The selectors of the last instruction and operand, for which the 64-bit image
 * has no room, are kept in the bytes it leaves to software. Everything from {@link FxArea#MXCSR} and from
 * {@link FxArea#XMM} on belongs to others.
 *
 * <p>Instructions are static methods of the {@code X87...} classes, named as their mnemonic. The waiting ones expect that
 * {@link #pendingException} was found false. An instruction that stores to memory computes its value, the caller writes
 * it if {@link #stores} says so, and then calls {@link #commit}: a page fault in between leaves the unit as it was.
 */
public final class X87 extends RegisterStack {
    /** Status word. @sdm 1:8.1.3 */
    public static final int SF = 1 << 6;
    public static final int ES = 1 << 7;
    public static final int C0 = 1 << 8;
    public static final int C1 = 1 << 9;
    public static final int C2 = 1 << 10;
    public static final int C3 = 1 << 14;
    public static final int B = 1 << 15;
    static final int TOP_SHIFT = 11;
    static final int TOP_MASK = 7 << TOP_SHIFT;

    /** Control word: bit 6 reads as 1, the rest of the reserved bits as 0. @sdm 1:8.1.5 */
    private static final int CONTROL_RESERVED_ONE = 1 << 6;
    private static final int CONTROL_WRITABLE = 0x1f3f;
    static final int INITIAL_CONTROL = 0x37f;
    /** By PC; the reserved encoding acts as full precision. */
    private static final int[] PRECISIONS = {24, 64, 53, 64};

    final FpContext fp = new FpContext();
    final Logarithms logarithms = new Logarithms();
    final Angles angles = new Angles();
    private final long block;
    private int control;
    /** Without TOP. */
    private int status;
    /** SF and C1 of a stack fault of this instruction. */
    private int stackFault;
    private int poppedOnCommit;

    /** @param block the host address of 512 bytes, which the caller keeps allocated */
    public X87(long block) {
        super(block + FxArea.REGISTERS);
        this.block = block;
        initialize();
    }

    /** Reads the unit's state from its block. */
    public void load() {
        setControl(get16(block + FxArea.FCW));
        valid = get8(block + FxArea.FTW);
        setStatus(get16(block + FxArea.FSW));
    }

    /** Writes the unit's state to its block. */
    public void store() {
        put16(block + FxArea.FCW, control);
        put16(block + FxArea.FSW, status());
        put8(block + FxArea.FTW, valid);
    }

    public int control() {
        return control;
    }

    /** The status word, TOP included. */
    public int status() {
        return status | top << TOP_SHIFT;
    }

    /** Whether an unmasked exception awaits the next waiting instruction, which then raises #MF. @sdm 1:8.7 */
    public boolean pendingException() {
        return (status & ES) != 0;
    }

    /** Whether no exception can become pending. */
    public boolean masksAll() {
        return (control & FpContext.EXCEPTIONS) == FpContext.EXCEPTIONS;
    }

    /** Notes what FSTENV and FXSAVE report as the last non-control instruction. @sdm 1:8.1.8 */
    public void recordInstruction(int opcode, int selector, long rip) {
        put16(block + FxArea.FOP, opcode & 0x7ff);
        put64(block + FxArea.FIP, rip);
        put16(block + FxArea.INSTRUCTION_SELECTOR, selector);
    }

    /** Notes the memory operand of the last non-control instruction that had one. */
    public void recordOperand(int selector, long address) {
        put64(block + FxArea.FDP, address);
        put16(block + FxArea.OPERAND_SELECTOR, selector);
    }

    /**
     * What an MMX instruction other than EMMS does first: TOP becomes 0 and every register valid. One that writes to a register
     * also sets the 16 bits above it in its slot. @sdm 1:9.5.1
     */
    public void enterMmx() {
        top = 0;
        valid = ALL;
    }

    /** EMMS. */
    public void emptyAll() {
        valid = 0;
    }

    long block() {
        return block;
    }

    void setControl(int value) {
        control = value & CONTROL_WRITABLE | CONTROL_RESERVED_ONE;
        fp.masks = value & FpContext.EXCEPTIONS;
        fp.rounding = value >> 10 & 3;
        fp.precision = PRECISIONS[value >> 8 & 3];
        summarize();
    }

    void setStatus(int value) {
        top = value >> TOP_SHIFT & 7;
        status = value & ~TOP_MASK;
        summarize();
    }

    void initialize() {
        setControl(INITIAL_CONTROL);
        setStatus(0);
        valid = 0;
        recordInstruction(0, 0, 0);
        recordOperand(0, 0);
    }

    /** Derives ES, and B which mirrors it, from flags and masks. */
    private void summarize() {
        boolean unmasked = (status & ~control & FpContext.EXCEPTIONS) != 0;
        status = unmasked ? status | ES | B : status & ~(ES | B);
    }

    /** Starts an instruction. */
    void begin() {
        fp.flags = 0;
        fp.roundedUp = false;
        stackFault = 0;
    }

    /** Raises the stack underflow of an instruction that reads an empty register, with its masked answer as the result. */
    void underflow() {
        Extended.setInvalid(fp);
        stackFault = SF;
    }

    /** Raises the stack overflow of an instruction that pushes onto a full register, with its masked answer as the result. */
    void overflow() {
        Extended.setInvalid(fp);
        stackFault = SF | C1;
    }

    /** Loads ST(i) as the result, or raises stack underflow. */
    boolean fetch(int i) {
        if (isEmpty(i)) {
            underflow();
            return false;
        }
        fp.setExtended(signExponent(i), significand(i));
        return true;
    }

    /** Whether ST(0) is there and a register free to push onto; raises the stack fault otherwise. */
    boolean readyToPush() {
        if (isEmpty(0)) {
            underflow();
        } else if (!isEmpty(-1)) {
            overflow();
        }
        return stackFault == 0;
    }

    /** Ends an instruction that puts the context's result into ST(0) and pushes a second one. */
    void finishPair(int pushedSignExponent, long pushed) {
        if (!fp.hasNoResult()) {
            put(0, fp.signExponent, fp.significand);
            push(pushedSignExponent, pushed);
        }
        raise();
    }

    /** Ends an instruction whose result goes to ST(destination), then pops. */
    void finish(int destination, int pops) {
        if (!fp.hasNoResult()) {
            put(destination, fp.signExponent, fp.significand);
            pop(pops);
        }
        raise();
    }

    /** Ends an instruction that pushes its result. */
    void finishPush() {
        if (!fp.hasNoResult()) {
            push(fp.signExponent, fp.significand);
        }
        raise();
    }

    /** Enters the instruction's exceptions into the status word, leaving C1 as it is unless the stack faulted. */
    void raiseKeepingC1() {
        int kept = stackFault == 0 ? status & C1 : 0;
        raise();
        status |= kept;
    }

    /** Enters the instruction's exceptions and C1 into the status word. */
    void raise() {
        int c1 = stackFault | (fp.roundedUp && (fp.flags & FpContext.PE) != 0 ? C1 : 0);
        status = status & ~C1 | fp.flags | c1;
        summarize();
    }

    /** Replaces C0, C2 and C3. */
    void setConditions(int conditions) {
        status = status & ~(C0 | C2 | C3) | conditions;
    }

    void setC1(boolean set) {
        status = set ? status | C1 : status & ~C1;
    }

    void setC2(boolean set) {
        status = set ? status | C2 : status & ~C2;
    }

    /** Raises the denormal exception of a load, which even when unmasked does not keep it from its result. */
    void raiseDenormal() {
        status |= FpContext.DE;
        summarize();
    }

    /** Prepares {@link #commit}. An unmasked overflow or underflow keeps the store from being inexact. */
    void finishStore(int pops) {
        if (!stores()) {
            fp.flags &= ~FpContext.PE;
        }
        poppedOnCommit = pops;
    }

    /** Whether the value that a store instruction returned is to be written to memory. */
    public boolean stores() {
        int forbidding = FpContext.BEFORE_RESULT | FpContext.OE | FpContext.UE;
        return (fp.flags & ~fp.masks & forbidding) == 0;
    }

    /** Completes a store instruction, after its value was written if {@link #stores}: raises its exceptions, pops. */
    public void commit() {
        if (stores()) {
            pop(poppedOnCommit);
        }
        raise();
    }
}
