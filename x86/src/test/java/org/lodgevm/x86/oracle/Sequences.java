package org.lodgevm.x86.oracle;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.isa.Address;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.isa.RowEncoder;

/**
 * Makes cases of several instructions, of which the later ones see what the earlier ones left:
 * flags not yet computed, registers in all their widths, memory just written. Conditional branches
 * lead forward, so that several ways meet; and the whole may be executed more than once.
 *
 * <p>Only rows whose results are defined take part, and addresses are absolute, so that every case
 * runs to its end.
 */
final class Sequences implements CaseSource {
    private static final int SHORT = 12;
    private static final int LONG = 20;
    private static final int LONGEST = 200;
    private static final int FARTHEST = 127;
    private static final int MOST_ROUNDS = 6;
    /** Counts the rounds. */
    private static final Gpr ROUNDS = Gpr.R15D;

    private static final int WAY_OUT = 40;
    private static final int AF = 1 << 4;
    private static final int ALL_MASKED = 0x37F;
    private static final int MXCSR_MASKED = 0x1F80;

    /**
     * Rows that end a case, move the stack pointer away, depend on more than the others set up, or
     * (LSL) find the number of the CPU that they happen to run on.
     */
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "DIV",
                    "IDIV",
                    "AAM",
                    "BOUND",
                    "INTO",
                    "ENTER",
                    "LEAVE",
                    "POPF",
                    "PUSHF",
                    "LAHF",
                    "LSL",
                    "XLAT",
                    "UD0",
                    "UD1",
                    "UD2",
                    "ARPL",
                    "CMPXCHG8B",
                    "CMPXCHG16B",
                    "LES",
                    "LDS",
                    "LSS",
                    "LFS",
                    "LGS",
                    "BT",
                    "BTS",
                    "BTR",
                    "BTC",
                    "DAA",
                    "DAS",
                    "AAA",
                    "AAS",
                    "MASKMOVQ",
                    "MASKMOVDQU",
                    "RCPPS",
                    "RCPSS",
                    "RSQRTPS",
                    "RSQRTSS",
                    "VMASKMOVDQU",
                    "VRCPPS",
                    "VRCPSS",
                    "VRSQRTPS",
                    "VRSQRTSS",
                    "LDMXCSR",
                    "VLDMXCSR",
                    "WRFSBASE",
                    "WRGSBASE");

    private record Choice(Row row, int opSize) {}

    private final List<Choice> choices = new ArrayList<>();
    private final List<Row> branches = new ArrayList<>();
    private final CodeSize size = CodeSize.BITS_64;

    Sequences(Predicate<Row> wanted) {
        for (Row row : InstructionTable.rows()) {
            if (wanted.test(row) && Exclusions.reason(row) == null) {
                if (row.condition() >= 0
                        && row.has(Attribute.JUMP)
                        && row.immediate() == row.operand(0)
                        && row.encoding().map() == 0) {
                    branches.add(row);
                } else if (isSuitable(row)) {
                    for (int opSize : RowEncoder.operandSizes(row, size)) {
                        choices.add(new Choice(row, opSize));
                    }
                }
            }
        }
    }

    private static boolean isSuitable(Row row) {
        boolean prefetch =
                row.encoding().map() == 1
                        && row.encoding().opcode() == 0x0D; // undefined on AMD's processors
        if (prefetch
                || LEFT_OUT.contains(row.operation())
                || (row.flags().undefined() & ~AF) != 0
                || row.usesX87()
                || row.hasVectorIndex()) {
            return false;
        }
        for (Attribute attribute :
                Set.of(
                        Attribute.JUMP,
                        Attribute.SERIAL,
                        Attribute.CPL0,
                        Attribute.CPL0UD,
                        Attribute.IOPL,
                        Attribute.REP,
                        Attribute.REPZ,
                        Attribute.UNDOC)) {
            if (row.has(attribute)) {
                return false;
            }
        }
        for (Operand operand : row.operands()) {
            AddressingMethod method = operand.method();
            if (method == AddressingMethod.S
                    || method == AddressingMethod.SEGMENT
                    || method == AddressingMethod.O
                    || operand == Operand.M
                    || operand == Operand.Mfx) {
                return false;
            }
        }
        // the stack stays where it is
        return row.registersWritten() >> Draft.RSP << 31 == 0;
    }

    @Override
    public void fill(Case target, long seed) {
        Numbers numbers = new Numbers(new SplittableRandom(seed));
        Draft draft = new Draft(target, Mode.BITS_64, choices.get(0).row(), numbers);
        StateGenerator.fill(draft);
        target.put64(Layout.RFLAGS, target.get64(Layout.RFLAGS) & 0xAD7);
        target.put16(Layout.FXSAVE + FxArea.FCW, ALL_MASKED);
        target.put16(Layout.FXSAVE + FxArea.FSW, 0);
        target.put32(Layout.FXSAVE + FxArea.MXCSR, MXCSR_MASKED);
        boolean isShort = numbers.oneIn(4);
        int count = isShort ? 2 + numbers.below(SHORT - 1) : LONG + numbers.below(LONGEST - LONG + 1);
        byte[] code = instructions(draft, count);
        Cases.code(target, isShort ? code : repeated(code, 1 + numbers.below(MOST_ROUNDS)), Cases.CODE_AT);
        target.put32(Layout.INSTRUCTION_AT, Layout.NO_INSTRUCTION);
    }

    /** As many as there is room for. It is made from its end, so that it is known how far branches lead. */
    private byte[] instructions(Draft draft, int count) {
        Numbers numbers = draft.numbers;
        Deque<byte[]> code = new ArrayDeque<>();
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            byte[] next = instruction(draft);
            int distance = next.length + code.stream().limit(numbers.below(8)).mapToInt(piece -> piece.length).sum();
            boolean branch = numbers.oneIn(4);
            if (bytes + next.length + 2 > Layout.MAX_CODE - WAY_OUT) {
                break;
            }
            if (branch) {
                Row row = branches.get(numbers.below(branches.size()));
                byte[] jump = new RowEncoder(row, size).immediate(distance <= FARTHEST ? distance : next.length).encode();
                next = joined(List.of(jump, next));
            }
            code.push(next);
            bytes += next.length;
        }
        return joined(code);
    }

    private static byte[] joined(Collection<byte[]> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] repeated(byte[] code, int rounds) {
        Assembler a = new Assembler(Layout.CODE + Cases.CODE_AT);
        Label again = new Label();
        return a.mov(ROUNDS, rounds).bind(again).bytes(code).dec(ROUNDS).jcc(Cond.NE, again).toBytes();
    }

    private byte[] instruction(Draft draft) {
        Numbers numbers = draft.numbers;
        Choice choice = choices.get(numbers.below(choices.size()));
        Row row = choice.row();
        RowEncoder encoder = new RowEncoder(row, size).opSize(choice.opSize()).vexL(numbers.below(2));
        encoder.reg(register(numbers, row.regMethod()));
        if (row.usesVvvv()) {
            encoder.vvvv(register(numbers, AddressingMethod.B));
        }
        boolean memory = row.encoding().hasModrm() && row.encoding().forms().allowsMemory();
        boolean register = row.encoding().hasModrm() && row.encoding().forms().allowsRegister();
        if (memory && (!register || numbers.oneIn(3))) {
            // few places, so that instructions meet there
            long place =
                    draft.window(
                            32 * numbers.below(4)
                                    + (row.alignsMemory() ? 0 : numbers.of(0, 0, 1, 4, 8, 16)));
            encoder.memory(Address.absolute(place));
            if (row.has(Attribute.LOCK) && numbers.oneIn(4)) {
                encoder.lock();
            }
        } else {
            encoder.rm(register(numbers, row.usesMmx() ? AddressingMethod.Q : AddressingMethod.G));
        }
        return encoder.immediate(numbers.integer()).encode();
    }

    /** Few registers, so that instructions meet there; never RSP, not even as AH and its like. */
    private static int register(Numbers numbers, AddressingMethod method) {
        boolean mmx = method == AddressingMethod.P || method == AddressingMethod.Q;
        return mmx
                ? numbers.below(8)
                : numbers.of(Draft.RAX, Draft.RCX, Draft.RDX, Draft.RBX, Draft.RDI, 9);
    }
}
