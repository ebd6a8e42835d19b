package org.lodgevm.x86.oracle;

import java.util.Map;
import java.util.Set;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Row;

/** What is not compared with the host's CPU, and why. */
final class Exclusions {
    private static final String DIFFERS = "answers differ from one processor to the next";
    private static final String NOT_REPEATABLE = "never the same twice";
    private static final String EMULATED =
            "UMIP makes it fault, and Linux then pretends that it had not";
    private static final String SYSTEM_CALL = "is a system call";

    private static final Map<String, String> REASONS =
            Map.ofEntries(
                    Map.entry("CPUID", DIFFERS),
                    Map.entry("XGETBV", DIFFERS),
                    Map.entry("RDPID", DIFFERS),
                    Map.entry("RDTSC", NOT_REPEATABLE),
                    Map.entry("RDTSCP", NOT_REPEATABLE),
                    Map.entry("RDRAND", NOT_REPEATABLE),
                    Map.entry("RDSEED", NOT_REPEATABLE),
                    Map.entry("SGDT", EMULATED),
                    Map.entry("SIDT", EMULATED),
                    Map.entry("SLDT", EMULATED),
                    Map.entry("STR", EMULATED),
                    Map.entry("SMSW", EMULATED),
                    Map.entry("SYSCALL", SYSTEM_CALL),
                    Map.entry("SYSENTER", SYSTEM_CALL),
                    Map.entry("INT1", "hypervisors report another RIP than the processor"),
                    Map.entry("VMCALL", "calls the host's hypervisor"),
                    Map.entry("VMMCALL", "calls the host's hypervisor"));

    private static final int LINUX_SYSTEM_CALL = 0x80;
    private static final int OPERAND_SIZE = 0x66;

    /** State components that one of the CPUs may lack. */
    private static final long OTHER_COMPONENTS = ~Implicit.COMPONENTS & 0xFFFF_FFFFL;

    /** On AMD's processors these two choose the condition of LOOPE and LOOPNE. */
    private static final int REP = 0xF3;

    private static final int REPNE = 0xF2;
    private static final int PREFETCH = 0x0D;
    private static final Set<String> FAR_POINTERS = Set.of("JMPF", "CALLF", "LSS", "LFS", "LGS");

    private Exclusions() {}

    /** Why a row is left out, or null. */
    static String reason(Row row) {
        return REASONS.get(row.operation());
    }

    /** Whether an instruction is left out on account of its operands or prefixes. */
    static boolean applies(Instruction in, byte[] code, Case state) {
        Row row = in.row();
        if (row.operation().equals("INT") && (in.imm() & 0xFF) == LINUX_SYSTEM_CALL) {
            return true;
        }
        if (row.operation().startsWith("XSAVE") || row.operation().startsWith("XRSTOR")) {
            return (state.gpr(Draft.RAX) & OTHER_COMPONENTS) != 0
                    || (int) state.gpr(Draft.RDX) != 0;
        }
        boolean hint = row.operation().startsWith("LOOP") && hasPrefix(code, REP, REPNE);
        return hint
                || isPrefetchOfRegister(in)
                || in.codeSize().is64() && differsByVendor(row, in, code);
    }

    /**
     * AMD's processors let 66 cut the target of a near branch to 16 bits, Intel's ignore it;
     * Intel's know far pointers with 64-bit offsets, AMD's ignore REX.W.
     */
    private static boolean differsByVendor(Row row, Instruction in, byte[] code) {
        boolean nearBranch = row.has(Attribute.JUMP) && row.has(Attribute.F64);
        return nearBranch && hasPrefix(code, OPERAND_SIZE, OPERAND_SIZE)
                || FAR_POINTERS.contains(row.operation()) && in.opSize() == 8;
    }

    /** On AMD's processors it is undefined, on Intel's it does nothing. */
    private static boolean isPrefetchOfRegister(Instruction in) {
        return in.row().operation().equals("NOP") && in.opcode() == PREFETCH && !in.isMemory();
    }

    private static boolean hasPrefix(byte[] code, int one, int other) {
        for (byte b : code) {
            if (b == (byte) one || b == (byte) other) {
                return true;
            }
        }
        return false;
    }
}
