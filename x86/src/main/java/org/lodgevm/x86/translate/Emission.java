package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.state.StateBlock;

/**
 * Host code being made: the assembler, what is known of the guest's flags at this point of it, and the rarely executed ends
 * that are appended last.
 *
 * <p>The guest's status flags are in the host's, or in the state block, or in both. Wherever blocks meet, and wherever code
 * leaves, they are in the state block.
 */
final class Emission {
    private static final int JMP = 0xE9;

    final Assembler a;
    private final Gate gate;
    private final long page;
    private final long region;
    private final Relocations relocations = new Relocations();
    private final List<Runnable> ends = new ArrayList<>();
    /** What makes flags again that are not in the state block where code leaves. */
    private final Map<FlagSource, Label> flagMakers = new LinkedHashMap<>();
    private FlagSource flagsOfEnd;
    private boolean inHost;
    private boolean inBlock = true;
    private boolean wanted;
    /** What has made the flags, if it could make them again; and whether it still could wherever they may be asked for. */
    private FlagSource source;
    private boolean lasting;
    /** Units whose registers are surely in the host's: bits as in {@link StateBlock#UNITS}. */
    private int loaded;

    /**
     * @param address of the region's {@link Head}, where the code begins
     * @param page linear address of the page of guest code
     */
    Emission(Gate gate, long address, long page) {
        this.gate = gate;
        this.page = page;
        a = new Assembler(address);
        region = address + Head.BYTES;
    }

    /** Where the code behind the head begins. */
    long region() {
        return region;
    }

    /** Whether an address of guest code can be named by {@link #fromPage}. */
    boolean isNear(long rip) {
        return (int) (rip - page) == rip - page;
    }

    /** How far, in bytes, an address of guest code is from the page. */
    int fromPage(long rip) {
        return Math.toIntExact(rip - page);
    }

    // --- what depends on where the code is, and on whose it is --------------------------------------------------------

    /** Leaves with the exit described behind it. */
    void callExit() {
        callGate(gate.exit());
    }

    private void callGate(Label place) {
        a.call(place);
        relocations.gate(a.size() - 4);
    }

    /** The last four bytes are what {@link Source#callOut} gave. */
    void numbered() {
        relocations.number(a.size() - 4);
    }

    /** The code names numbers of instructions, or a second page, in a way that only they who made it can follow. */
    void notToBeKept() {
        relocations.forbid();
    }

    /** The code is right only where the page is mapped now. */
    void notToBeMoved() {
        relocations.fix();
    }

    /** Loads an address that is always as far from the page of code. */
    void address(Gpr to, long address) {
        a.mov(to, address);
        addressAbove(address >>> 32 == 0 ? Relocations.UNSIGNED : (int) address == address ? Relocations.SIGNED : Relocations.WHOLE, address);
    }

    /** The last bytes depend on such an address. */
    void addressAbove(int kind, long address) {
        if (isNear(address)) {
            relocations.address(a.size() - Relocations.bytes(kind), kind, fromPage(address));
        } else {
            notToBeMoved();
        }
    }

    Relocations relocations() {
        return relocations;
    }

    /**
     * Goes on at the label if the second TLB has the page of an access, and else leaves with the exit.
     *
     * @param checked RAX is what the check of the TLB's entry has left, which RCX selects, and not the address
     */
    void refill(int regime, boolean write, boolean checked, Label again, Exit otherwise) {
        callGate(gate.refill(regime, write, checked), again, otherwise);
    }

    /** Goes on at the label if that part of the gate comes back; it may also leave with the exit, described behind the jump. */
    private void callGate(Label place, Label then, Exit otherwise) {
        callGate(place);
        a.op(0, JMP).rel(4, then);
        otherwise.describe(this);
    }

    /** Goes to the address in RAX, as it is in the context whose key is in RCX, or leaves with the exit. Takes the top return address away. */
    void returnElsewhere(Exit otherwise) {
        callGate(gate.returnElsewhere());
        otherwise.describe(this);
    }

    // --- units ---------------------------------------------------------------------------------------------------------

    /** An exit may lie between here and what came before. */
    void unitsUnknown() {
        loaded = 0;
    }

    /** Brings a unit's registers into the host's if they are not there. May leave. */
    void needUnit(int parts, Step step) {
        if ((loaded & parts) == parts) {
            return;
        }
        loaded |= parts;
        freeFlags();
        Label present = new Label();
        Label load = new Label();
        a.test(state(StateBlock.UNITS, 8), Integer.highestOneBit(parts)).jcc(Cond.E, load).bind(present);
        atEndWithoutFlags(load, () -> callGate(gate.load(parts), present, new Exit(Exit.UNIT, step.rip)));
    }

    // --- flags ---------------------------------------------------------------------------------------------------------

    /** What is known of the flags, to be gone back to. */
    record Flags(boolean inHost, boolean inBlock, FlagSource source) {}

    Flags flags() {
        return new Flags(inHost, inBlock, source);
    }

    void flags(Flags known) {
        inHost = known.inHost;
        inBlock = known.inBlock;
        source = known.source;
    }

    /** As it is where blocks meet. */
    void flagsInBlock() {
        inHost = false;
        inBlock = true;
        source = null;
    }

    /** Whether anybody will want the flags as they are now. */
    void flagsWanted(boolean are) {
        wanted = are;
    }

    /** An instruction has set all flags that count. */
    void flagsRenewed() {
        inHost = true;
        inBlock = false;
        source = null;
    }

    /** What could make the present flags again, or null. */
    FlagSource flagSource() {
        return source;
    }

    /** @param from an instruction that has just renewed them, or null */
    void flagSource(FlagSource from) {
        source = from;
        if (from == null && isAbroad()) {
            inBlock = true; // whoever wanted them would have had them saved
        }
    }

    /** Whether the {@linkplain #flagSource source} can make the flags again until they are wanted no more. */
    void flagSourceLasts(boolean does) {
        lasting = does;
    }

    /** Whether the flags have to be made again. */
    private boolean isAbroad() {
        return !inHost && !inBlock;
    }

    /** Puts the flags, if wanted, into the state block. Uses RAX. */
    void saveFlags() {
        if (!inBlock) {
            if (wanted) {
                if (!inHost) {
                    source.append(a);
                }
                storeFlags();
            }
            inBlock = true;
        }
    }

    private void storeFlags() {
        storeFlags(a);
    }

    /** Into the state block. Uses RAX. */
    static void storeFlags(Assembler a) {
        a.lahf().set(Cond.O, AL).mov(state(StateBlock.FLAGS, 16), AX);
    }

    /** The host's flags may be overwritten after this. Uses RAX. */
    void freeFlags() {
        if (!lasting || source == null) {
            saveFlags();
        }
        inHost = false;
    }

    /** Puts the flags into the host's. Uses RAX. */
    void loadFlags() {
        if (isAbroad()) {
            source.append(a);
        } else if (!inHost) {
            loadFlags(a);
        }
        inHost = true;
    }

    /** From the state block: OF is what adding to its bit overflows, the others are SAHF's. Uses RAX. */
    static void loadFlags(Assembler a) {
        a.mov(AX, state(StateBlock.FLAGS, 16)).add(AL, 0x7f).sahf();
    }

    // --- ends ----------------------------------------------------------------------------------------------------------

    /** Appends code at the end, reached through the label. The flags must be in the state block there. */
    void atEnd(Label label, Runnable code) {
        FlagSource again = isAbroad() ? source : null;
        ends.add(() -> {
            a.bind(label);
            if (again != null) {
                a.push(RAX);
                again.append(a);
                storeFlags();
                a.pop(RAX);
            }
            code.run();
        });
    }

    /** The same for code that only leaves or goes back: the flags need not be in the state block there, if its {@link Exit}s tell what makes them. */
    void atEndWithoutFlags(Label label, Runnable code) {
        FlagSource again = isAbroad() ? source : null;
        if (again != null) {
            flagMakers.computeIfAbsent(again, _ -> new Label());
        }
        ends.add(() -> {
            a.bind(label);
            flagsOfEnd = again;
            code.run();
            flagsOfEnd = null;
        });
    }

    /** For an exit of the end that is being appended: distance from the region to what makes the flags, or 0. */
    int flagMaker() {
        return flagsOfEnd == null ? 0 : (int) (flagMakers.get(flagsOfEnd).address() - region);
    }

    /** A label behind which the code leaves. */
    Label leaving(int kind, long rip) {
        Label label = new Label();
        atEndWithoutFlags(label, () -> leave(kind, rip));
        return label;
    }

    void leave(int kind, long rip) {
        new Exit(kind, rip).append(this);
    }

    /** Leaves for one instruction, and goes on at the label; if that is not bound yet, here. */
    void callOut(Step step, Label resume) {
        new Exit(Exit.CALL_OUT, step.rip).detail(step.callOut).append(this);
        if (resume.isBound()) {
            a.jmp(resume);
        } else {
            a.bind(resume);
        }
    }

    byte[] finish() {
        flagsInBlock();
        lasting = false;
        flagMakers.forEach((from, label) -> {
            a.bind(label);
            from.append(a);
            a.ret();
        });
        for (int i = 0; i < ends.size(); i++) {
            ends.get(i).run();
        }
        return a.toBytes();
    }
}
