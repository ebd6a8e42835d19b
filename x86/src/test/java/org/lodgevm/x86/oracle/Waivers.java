package org.lodgevm.x86.oracle;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.Row;

/** Differences that are accepted as a whole, each for a reason that names a licence to differ. */
final class Waivers {
    private static final int DB = 1;
    private static final int UD = 6;
    private static final int NP = 11;
    private static final int SS = 12;
    private static final int GP = 13;
    private static final int PF = 14;
    private static final int AC = 17;
    private static final int LOCK = 0xF0;
    private static final int INT1 = 0xF1;
    private static final int FS = 4;
    private static final int MISALIGNED = 1 << 17;
    private static final int PAGE = 0x1000;

    /** Two results of one case. {@code in} is null if its bytes are no instruction. */
    private record Pair(Instruction in, Case input, Case expected, Case actual) {
        boolean oracle(int... vectors) {
            return isFault(expected, vectors);
        }

        boolean tested(int... vectors) {
            return isFault(actual, vectors);
        }

        /** Whether both faulted over memory or segments. */
        boolean bothFaulted() {
            return oracle(NP, SS, GP, PF, AC) && tested(NP, SS, GP, PF, AC);
        }

        boolean differently() {
            return bothFaulted() && expected.get32(Layout.VECTOR) != actual.get32(Layout.VECTOR);
        }

        /** Whether both exited, the oracle with a limit where the tested one has that of CPU 0. */
        boolean readTheNumberOfTheCpu() {
            int register = Layout.GPR + 8 * in.reg();
            return expected.get32(Layout.OUTCOME) == Layout.EXITED
                    && actual.get32(Layout.OUTCOME) == Layout.EXITED
                    && actual.get16(register) == 0
                    && expected.get16(register) < Runtime.getRuntime().availableProcessors();
        }

        boolean alike() {
            return bothFaulted() && expected.get32(Layout.VECTOR) == actual.get32(Layout.VECTOR);
        }
    }

    /**
     * One licence.
     *
     * @param operations whose instructions it covers; none for all that decode
     */
    private record Waiver(String reason, Set<String> operations, Predicate<Pair> applies) {
        boolean covers(Pair pair) {
            boolean named =
                    operations.isEmpty() || operations.contains(pair.in().row().operation());
            return named && applies.test(pair);
        }
    }

    private static final Set<String> X87_IMAGES =
            Set.of("FNSAVE", "FNSTENV", "FRSTOR", "FLDENV", "FXSAVE", "FXRSTOR");
    private static final Set<String> XSAVE = Set.of("XSAVE", "XSAVEOPT", "XSAVEC", "XRSTOR");
    private static final Set<String> SHA =
            Set.of(
                    "SHA1MSG1",
                    "SHA1MSG2",
                    "SHA1NEXTE",
                    "SHA1RNDS4",
                    "SHA256MSG1",
                    "SHA256MSG2",
                    "SHA256RNDS2");

    private static final Set<String> GATHERS =
            InstructionTable.rows().stream()
                    .filter(Row::hasVectorIndex)
                    .map(Row::operation)
                    .collect(Collectors.toSet());

    private static final List<Waiver> WAIVERS =
            List.of(
                    new Waiver(
                            "misaligned beside another fault: AMD reports #AC first",
                            Set.of(),
                            p -> p.oracle(AC) && p.differently()),
                    new Waiver(
                            "an offset from FS or GS that is not canonical itself is #GP on AMD",
                            Set.of(),
                            p -> p.oracle(SS, GP) && hasStrangeOffset(p)),
                    new Waiver(
                            "Linux keeps the number of the CPU as a segment's limit",
                            Set.of("LSL"),
                            Pair::readTheNumberOfTheCpu),
                    new Waiver(
                            "misaligned vectors beyond SS's limit: #GP or #SS",
                            Set.of(),
                            p ->
                                    p.oracle(SS, GP)
                                            && p.tested(SS, GP)
                                            && p.in().row().alignsMemory()),
                    new Waiver(
                            "misaligned images beyond SS's limit: #GP or #SS",
                            XSAVE,
                            p -> p.oracle(SS, GP) && p.tested(SS, GP)),
                    new Waiver(
                            "of an image that its segment cuts off, the part that is not there may count",
                            Set.of("XRSTOR"),
                            p ->
                                    !p.in().codeSize().is64()
                                            && p.oracle(SS, GP) != p.tested(SS, GP)),
                    new Waiver("the host's XSAVE area is larger", XSAVE, p -> p.oracle(PF)),
                    new Waiver(
                            "any byte of an image, even a reserved one, may be the first to fault",
                            X87_IMAGES,
                            p -> p.oracle(PF)),
                    new Waiver(
                            "an image that faults in more than one way",
                            X87_IMAGES,
                            Pair::differently),
                    new Waiver(
                            "two operands that fault: either of them",
                            Set.of("CMPS"),
                            Pair::bothFaulted),
                    new Waiver(
                            "a transfer that faults in more than one way",
                            Set.of("CALL", "CALLF", "RETF"),
                            Pair::differently),
                    new Waiver(
                            "a jump that ends with its segment may fault although it is taken",
                            Set.of("Jcc", "JMP", "CALL", "JCXZ", "LOOP", "LOOPE", "LOOPNE"),
                            p -> p.oracle(GP) && !p.in().codeSize().is64() && p.expected().get64(Layout.RIP) % PAGE + p.in().length() == PAGE),
                    new Waiver(
                            "a far call that faults may have pushed its return address",
                            Set.of("CALLF"),
                            Pair::alike),
                    new Waiver(
                            "POPA that faults may have loaded some registers",
                            Set.of("POPA"),
                            Pair::alike),
                    new Waiver(
                            "a selector may be pushed and popped as two aligned bytes",
                            Set.of("PUSH", "POP"),
                            p ->
                                    p.oracle(AC)
                                            && p.in().row().operand(0).method()
                                                    == AddressingMethod.SEGMENT),
                    new Waiver(
                            "MOVSXD of 16 bits may read 32",
                            Set.of("MOVSXD"),
                            p -> p.in().opSize() == 2 && p.oracle(PF, AC)),
                    new Waiver(
                            "MASKMOV may fault for bytes that it leaves out",
                            Set.of("MASKMOVQ", "MASKMOVDQU", "VMASKMOVDQU"),
                            p -> p.oracle(SS, GP, PF, AC)),
                    new Waiver(
                            "a masked move may check the limit of its segment for all elements, and in any order",
                            Set.of("VMASKMOVPS", "VMASKMOVPD", "VPMASKMOVD", "VPMASKMOVQ"),
                            p -> p.oracle(SS, GP) && !p.in().codeSize().is64() || p.differently()),
                    new Waiver(
                            "elements of a masked move beyond addresses of 16 bits may lie there, or at their begin",
                            Set.of("VMASKMOVPS", "VMASKMOVPD", "VPMASKMOVD", "VPMASKMOVQ"),
                            p -> p.in().addrSize() == 2),
                    new Waiver(
                            "a gather that would fault half way may be stepped through instead",
                            GATHERS,
                            p -> p.oracle(DB)),
                    new Waiver(
                            "AMD's SHA instructions accept misaligned memory",
                            SHA,
                            p -> p.tested(GP)),
                    new Waiver(
                            "ten bytes may be accessed in two parts",
                            Set.of("FLD", "FSTP", "FBLD", "FBSTP"),
                            Pair::differently),
                    new Waiver(
                            "AMD's MXCSR has a bit for misaligned operands",
                            Set.of("LDMXCSR", "VLDMXCSR", "FXRSTOR", "XRSTOR"),
                            p ->
                                    (p.expected().get32(Layout.FXSAVE + FxArea.MXCSR) & MISALIGNED)
                                            != 0),
                    new Waiver(
                            "57 bits of address are canonical for WRFSBASE where there are 5 levels"
                                    + " of paging",
                            Set.of("WRFSBASE", "WRGSBASE"),
                            p -> p.oracle(GP)));

    private final Map<String, Long> used = new TreeMap<>();

    /** How often each reason was needed. */
    Map<String, Long> used() {
        return used;
    }

    /** Whether two results that are not the same are both right. */
    boolean waives(Instruction in, Case input, Case expected, Case actual) {
        String reason = reason(new Pair(in, input, expected, actual));
        if (reason != null) {
            used.merge(reason, 1L, Long::sum);
        }
        return reason != null;
    }

    private static String reason(Pair pair) {
        if (pair.expected().get32(Layout.OUTCOME) == Layout.STUCK) {
            return "it never ended";
        }
        if (isPrivate(pair.expected()) || isPrivate(pair.actual())) {
            return "it reached what is the native runner's own";
        }
        if (pair.expected().get32(Layout.SIGNAL) == Linux.SIGSYS) {
            return "it was a system call";
        }
        if (reachedInt1(pair)) {
            return "hypervisors report another RIP for INT1 than the processor";
        }
        if (pair.in() == null) {
            return undefined(pair);
        }
        for (Waiver waiver : WAIVERS) {
            if (waiver.covers(pair)) {
                return waiver.reason();
            }
        }
        return null;
    }

    private static boolean reachedInt1(Pair pair) {
        long rip = pair.expected().get64(Layout.RIP);
        long at = rip - Layout.CODE - pair.input().get32(Layout.CODE_AT);
        return pair.oracle(DB)
                && pair.tested(DB)
                && pair.actual().get64(Layout.RIP) == rip + 1
                && at >= 0
                && at < pair.input().get32(Layout.CODE_LENGTH)
                && pair.input().get8(Layout.CODE_COPY + (int) at) == INT1;
    }

    /** Bytes that are no instruction of the table. */
    private static String undefined(Pair pair) {
        boolean same = pair.expected().get64(Layout.RIP) == pair.actual().get64(Layout.RIP);
        if (!pair.tested(UD) || pair.oracle(UD) && same) {
            return null;
        }
        int first =
                pair.input()
                        .get8(
                                Layout.CODE_COPY
                                        + Math.max(pair.input().get32(Layout.INSTRUCTION_AT), 0));
        return first == LOCK && pair.oracle(SS, GP, PF)
                ? "a LOCK that is not allowed, and a fault in memory: #UD or that"
                : "the host knows an instruction that the table has not";
    }

    private static boolean hasStrangeOffset(Pair pair) {
        if (!pair.in().codeSize().is64() || pair.in().segment() < FS) {
            return false;
        }
        long base = pair.input().get64(pair.in().segment() == FS ? Layout.FS_BASE : Layout.GS_BASE);
        long offset = Place.linear(pair.in(), pair.input()) - base;
        if (pair.in().row().operation().startsWith("BT")) {
            offset +=
                    pair.input().gpr(pair.in().reg())
                            >> 3; // a bit string: its index moves the offset
        }
        return offset << 16 >> 16 != offset;
    }

    private static boolean isFault(Case result, int... vectors) {
        if (result.get32(Layout.OUTCOME) != Layout.FAULTED) {
            return false;
        }
        for (int vector : vectors) {
            if (result.get32(Layout.VECTOR) == vector) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPrivate(Case result) {
        return isFault(result, PF) && NativeRunner.isPrivate(result.get64(Layout.CR2));
    }
}
