package org.lodgevm.x86.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.Address;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.isa.RowEncoder;

/**
 * Makes cases from the instruction table: a row with some operands, from some state. A case follows
 * from its seed alone.
 *
 * <p>Not safe for use by several threads at once.
 */
final class Generator implements CaseSource {
    private record Choice(Row row, Mode mode) {}

    /** How many instructions of a row are tried. */
    private static final int PATIENCE = 200;

    private static final int STACK_SET_UP = 6;
    private static final int STACK_IS_16_BITS = Descriptors.DATA16;
    private static final int[] EXTRA_PREFIXES = {0x66, 0xF2, 0xF3, 0xF0, 0x67, 0x2E, 0x64};

    private final List<Choice> choices = new ArrayList<>();
    private final Decoder decoder = new Decoder();
    private final Instruction decoded = new Instruction();
    private final Predicate<Row> wanted;

    /**
     * @param wanted which rows to use; those of {@link Exclusions} are left out in any case
     */
    Generator(Predicate<Row> wanted) {
        this(wanted, Mode.values());
    }

    Generator(Predicate<Row> wanted, Mode... modes) {
        this.wanted = row -> Exclusions.reason(row) == null && wanted.test(row);
        for (Row row : InstructionTable.rows()) {
            for (Mode mode : modes) {
                if (this.wanted.test(row) && RowEncoder.operandSizes(row, mode.size()).length > 0) {
                    choices.add(new Choice(row, mode));
                }
            }
        }
    }

    /** How many rows there are to choose from, each counted once for each mode. */
    int choices() {
        return choices.size();
    }

    @Override
    public void fill(Case target, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        while (!attempt(target, choices.get(random.nextInt(choices.size())), random)) {
            // another instruction
        }
    }

    /**
     * A source that takes the rows and modes in turn, so that as many consecutive seeds leave none
     * out.
     */
    CaseSource inTurn() {
        return (target, seed) -> {
            Choice choice = choices.get((int) Math.floorMod(seed, (long) choices.size()));
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < PATIENCE; i++) {
                if (attempt(target, choice, random)) {
                    return;
                }
            }
            Cases.reset(target, choice.mode());
            Cases.code(target, new byte[0], Cases.CODE_AT);
        };
    }

    /** False if what came out is to be left out after all. */
    private boolean attempt(Case target, Choice choice, SplittableRandom random) {
        Draft draft = new Draft(target, choice.mode(), choice.row(), new Numbers(random));
        StateGenerator.fill(draft);
        int lead = needsStackSetUp(draft) ? STACK_SET_UP : 0;
        byte[] code = instruction(draft, lead);
        Outcome outcome = decoder.decode(code, 0, code.length, choice.mode().size(), decoded);
        if (outcome == Outcome.TRUNCATED || outcome == Outcome.DECODED && !isWanted(code, target)) {
            return false;
        }
        byte[] all = new byte[lead + code.length];
        if (lead != 0) {
            System.arraycopy(stackSetUp(draft), 0, all, 0, lead);
        }
        System.arraycopy(code, 0, all, lead, code.length);
        int start = draft.at - lead;
        if (draft.at + code.length == Layout.CODE_BYTES) {
            Cases.codeAtEnd(target, all);
        } else {
            Cases.code(target, all, start);
        }
        target.put32(Layout.INSTRUCTION_AT, lead);
        return true;
    }

    /** Whether the row decoded, which prefixes may have made another one, is to be tested. */
    private boolean isWanted(byte[] code, Case target) {
        boolean asWritten = decoded.length() == code.length;
        return asWritten
                && wanted.test(decoded.row())
                && !Exclusions.applies(decoded, code, target);
    }

    /** IRETQ sets no more than SP of a 16-bit stack; the rest of ESP takes an instruction. */
    private static boolean needsStackSetUp(Draft draft) {
        return !draft.is64() && draft.selector(2) == STACK_IS_16_BITS;
    }

    private static byte[] stackSetUp(Draft draft) {
        Assembler a = new Assembler(0);
        boolean wide = draft.mode == Mode.BITS_32;
        (wide ? a.bits32() : a.bits16()).mov(Gpr.ESP, draft.target.gpr(Draft.RSP));
        return (wide ? a.nop() : a).toBytes();
    }

    private byte[] instruction(Draft draft, int before) {
        Numbers numbers = draft.numbers;
        Row row = draft.row;
        RowEncoder encoder = new RowEncoder(row, draft.mode.size());
        draft.opSize = numbers.of(RowEncoder.operandSizes(row, draft.mode.size()));
        encoder.opSize(draft.opSize);
        draft.vexL = row.encoding().l() < 0 ? numbers.below(2) : row.encoding().l();
        encoder.vexL(draft.vexL);
        Address address = operands(draft, encoder);
        if (numbers.oneIn(16) && draft.is64() && !row.encoding().vex()) {
            encoder.rex();
        }
        if (draft.inMemory && row.has(Attribute.LOCK) && numbers.oneIn(4)) {
            encoder.lock();
        }
        if ((row.has(Attribute.REP) || row.has(Attribute.REPZ)) && !numbers.oneIn(3)) {
            encoder.repeat(numbers.of(0xF2, 0xF3));
        }
        byte[] prefix =
                numbers.oneIn(24) ? new byte[] {(byte) numbers.of(EXTRA_PREFIXES)} : new byte[0];
        Implicit.prepare(draft);
        int length = encoder.encode().length + prefix.length;
        draft.at = place(draft, before, length);
        if (Branching.applies(draft)) {
            Branching.direct(draft, encoder, length);
            Branching.indirect(draft, length);
        }
        if (address != null && address.base() == Address.RIP) {
            long end = Layout.CODE + draft.at + length;
            encoder.memory(new Address(Address.RIP, Address.NONE, 0, (int) (address.disp() - end)));
        }
        byte[] bytes = encoder.encode();
        byte[] all = Arrays.copyOf(prefix, prefix.length + bytes.length);
        System.arraycopy(bytes, 0, all, prefix.length, bytes.length);
        return all;
    }

    /** Chooses registers, immediates and memory; the address, if it counts from RIP. */
    private static Address operands(Draft draft, RowEncoder encoder) {
        Numbers numbers = draft.numbers;
        Row row = draft.row;
        int registers = draft.is64() ? 16 : 8;
        if (row.usesVvvv()) {
            encoder.vvvv(numbers.below(registers));
        }
        encoder.reg(
                numbers.below(
                        row.regMethod() == AddressingMethod.S
                                        || row.regMethod() == AddressingMethod.P
                                ? 8
                                : registers));
        if (row.hasVectorIndex()) {
            Gathers.choose(draft, encoder);
            return null;
        }
        boolean moffs = row.immediate() != null && row.immediate().method() == AddressingMethod.O;
        boolean modrm = row.encoding().hasModrm();
        boolean register = modrm && row.encoding().forms().allowsRegister();
        boolean memory = moffs || modrm && row.encoding().forms().allowsMemory();
        Address chosen = null;
        if (memory && (!register || !numbers.oneIn(3))) {
            chosen = Addressing.choose(draft, encoder, moffs);
            contents(draft);
        } else {
            int rm = numbers.below(modrm && isMmx(row) ? 8 : registers);
            encoder.rm(rm);
            if (modrm && hasSelector(row) && rm != Draft.RSP) {
                draft.register(rm, Implicit.selector(numbers));
            }
        }
        if (!moffs) {
            encoder.immediate(numbers.integer());
        }
        encoder.secondImmediate(numbers.oneIn(4) ? numbers.below(32) : numbers.below(3));
        return chosen;
    }

    private static boolean isMmx(Row row) {
        return row.usesMmx() || row.usesX87();
    }

    /** Whether the r/m operand is a selector. */
    private static boolean hasSelector(Row row) {
        return switch (row.operation()) {
            case "VERR", "VERW", "LAR", "LSL", "ARPL", "LLDT", "LTR" -> true;
            case "MOV" -> row.operand(0) == Operand.Sw;
            default -> false;
        };
    }

    /** What lies at the memory operand. */
    private static void contents(Draft draft) {
        Numbers numbers = draft.numbers;
        Case target = draft.target;
        int width = draft.memoryWidth();
        int at = draft.inRecord(draft.operand, Math.max(width, 16));
        if (at < 0) {
            return;
        }
        if (hasSelector(draft.row)) {
            target.put16(at, Implicit.selector(numbers));
        } else if (draft.row.operation().matches("L[DEFGS]S")) {
            target.put16(at + draft.opSize, Implicit.selector(numbers));
        } else if (width == 16) {
            numbers.vector(target, at);
        } else if (width == 32) {
            numbers.vector(target, at);
            numbers.vector(target, at + 16);
        } else if (width == 10) {
            numbers.fp80(target, at);
        } else if (draft.row.usesX87() && width == 4) {
            target.put32(at, numbers.fp32());
        } else if (draft.row.usesX87() && width == 8) {
            target.put64(at, numbers.fp64());
        } else if (draft.row.usesVector()) {
            numbers.vector(target, at);
        } else {
            target.put64(at, numbers.integer());
        }
    }

    /**
     * Anywhere in the code pages; now and then over the boundary between them, or up to their end.
     */
    private static int place(Draft draft, int before, int length) {
        Numbers numbers = draft.numbers;
        return switch (numbers.below(10)) {
            case 0 -> Layout.PAGE - numbers.below(length + 1);
            case 1 -> Layout.CODE_BYTES - length;
            default -> Cases.CODE_AT + before + numbers.below(64);
        };
    }
}
