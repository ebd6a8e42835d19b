package org.lodgevm.x86.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lodgevm.x86.fp.FxArea;

/** Compares what two CPUs made of a case, leaving out what the architecture leaves open. */
final class Comparison {
    private static final String[] REGISTERS = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
        "r13", "r14", "r15"
    };
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    /** Linux tells no program whether a page of its own is present. */
    private static final long PAGE_PRESENT = 1;

    private static final long KERNEL_SPACE = 0x7FFF_FFFF_F000L;
    private static final int PF = 14;

    private final Tolerance tolerance = new Tolerance();
    private final Waivers waivers = new Waivers();
    private List<String> differences;
    private Case input;
    private Case expected;
    private Case actual;

    /** What was being compared last. */
    Tolerance tolerance() {
        return tolerance;
    }

    /** How often differences were waived, by reason. */
    Map<String, Long> waived() {
        return waivers.used();
    }

    static String register(int number) {
        return REGISTERS[number];
    }

    /** One line for each difference; empty if the results agree. */
    List<String> differences(Case from, Case oracle, Case tested) {
        differences = List.of();
        input = from;
        expected = oracle;
        actual = tested;
        tolerance.look(input, expected);
        boolean wide = Cases.mode(input) == Mode.BITS_64;
        int outcome = expected.get32(Layout.OUTCOME);
        check("outcome (1 exit, 2 fault)", outcome, actual.get32(Layout.OUTCOME), -1);
        if (outcome == Layout.FAULTED || actual.get32(Layout.OUTCOME) == Layout.FAULTED) {
            fault();
        }
        general(wide);
        check(
                "rflags",
                expected.get64(Layout.RFLAGS),
                actual.get64(Layout.RFLAGS),
                tolerance.comparedFlags());
        segments(wide);
        fpu(wide);
        window();
        boolean waived =
                !differences.isEmpty()
                        && waivers.waives(tolerance.instruction(), input, expected, actual);
        return waived ? List.of() : differences;
    }

    private void check(String name, long oracle, long tested, long mask) {
        if (((oracle ^ tested) & mask) != 0) {
            if (differences.isEmpty()) {
                differences = new ArrayList<>();
            }
            differences.add(
                    "%s: the CPU has %x, the tested one %x"
                            .formatted(name, oracle & mask, tested & mask));
        }
    }

    private void check64(String name, int field, long mask) {
        check(name, expected.get64(field), actual.get64(field), mask);
    }

    private void check16(String name, int field) {
        check(name, expected.get16(field), actual.get16(field), -1);
    }

    private void selector(String name, int field) {
        int oracle = expected.get16(field);
        int tested = actual.get16(field);
        check(name, oracle, tested, tolerance.comparedSelector(oracle, tested));
    }

    private void fault() {
        check("vector", expected.get32(Layout.VECTOR), actual.get32(Layout.VECTOR), -1);
        check64("rip", Layout.RIP, -1);
        check64("cs", Layout.CS, -1);
        long mask = -1;
        if (expected.get32(Layout.VECTOR) == PF) {
            check64("cr2", Layout.CR2, -1);
            mask =
                    Long.compareUnsigned(expected.get64(Layout.CR2), KERNEL_SPACE) >= 0
                            ? ~PAGE_PRESENT
                            : -1;
        }
        check64("error code", Layout.ERROR_CODE, mask);
    }

    private void general(boolean wide) {
        for (int i = 0; i < (wide ? 16 : 8); i++) {
            long mask = tolerance.comparedBits(i) & (wide ? -1 : LOW_HALF);
            check(REGISTERS[i], expected.gpr(i), actual.gpr(i), mask);
        }
    }

    private void segments(boolean wide) {
        check16("ss", Layout.SS);
        selector("ds", Layout.DS);
        selector("es", Layout.ES);
        selector("fs", Layout.FS);
        selector("gs", Layout.GS);
        check64("fs base", Layout.FS_BASE, wide ? -1 : LOW_HALF);
        check64("gs base", Layout.GS_BASE, wide ? -1 : LOW_HALF);
    }

    private void fpu(boolean wide) {
        check16("fcw", Layout.FXSAVE + FxArea.FCW);
        check(
                "fsw",
                expected.get16(Layout.FXSAVE + FxArea.FSW),
                actual.get16(Layout.FXSAVE + FxArea.FSW),
                tolerance.comparedStatus());
        check(
                "ftw",
                expected.get8(Layout.FXSAVE + FxArea.FTW),
                actual.get8(Layout.FXSAVE + FxArea.FTW),
                -1);
        check(
                "mxcsr",
                expected.get32(Layout.FXSAVE + FxArea.MXCSR),
                actual.get32(Layout.FXSAVE + FxArea.MXCSR),
                -1);
        for (int i = 0; i < 8; i++) {
            int at = Layout.FXSAVE + FxArea.REGISTERS + 16 * i;
            if (!tolerance.allowsStack(expected, actual, at)) {
                check64("st" + i + " significand", at, -1);
                check16("st" + i + " sign and exponent", at + 8);
            }
        }
        for (int i = 0; i < (wide ? 16 : 8); i++) {
            int at = Layout.FXSAVE + FxArea.XMM + 16 * i;
            if (!tolerance.allowsVector(expected, actual, at)) {
                check64("xmm" + i + " low", at, -1);
                check64("xmm" + i + " high", at + 8, -1);
            }
            int high = Layout.YMM_HIGH + 16 * i;
            if (!tolerance.allowsVector(expected, actual, high)) {
                check64("ymm" + i + " upper half, low", high, -1);
                check64("ymm" + i + " upper half, high", high + 8, -1);
            }
        }
    }

    private void window() {
        for (int i = 0; i < Layout.WINDOW_BYTES; i += 8) {
            long oracle = expected.get64(Layout.WINDOW + i);
            long tested = actual.get64(Layout.WINDOW + i);
            if (oracle != tested) {
                long mask = tolerance.comparedMemory(i);
                check("memory at window + 0x" + Integer.toHexString(i), oracle, tested, mask);
            }
        }
    }
}
