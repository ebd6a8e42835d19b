package org.lodgevm.x86.oracle;

import java.util.HexFormat;
import java.util.List;
import org.lodgevm.x86.fp.FxArea;

/** A mismatch as text: what was run, from which state, and what differs. */
final class Reproducer {
    private static final HexFormat HEX = HexFormat.of();

    private Reproducer() {}

    static String describe(long seed, Case input, Case expected, List<String> differences) {
        Tolerance instruction = new Tolerance();
        instruction.look(input, expected);
        int at = input.get32(Layout.INSTRUCTION_AT);
        StringBuilder text = new StringBuilder();
        text.append(
                "%s in %s, seed %d%n"
                        .formatted(
                                instruction.instruction() == null
                                        ? "no instruction"
                                        : instruction.instruction().row(),
                                Cases.mode(input),
                                seed));
        byte[] code = input.bytes(Layout.CODE_COPY, input.get32(Layout.CODE_LENGTH));
        text.append(
                "  code %s at %x, tested from byte %d%n"
                        .formatted(HEX.formatHex(code), input.get64(Layout.RIP), at));
        differences.forEach(line -> text.append("  * ").append(line).append('\n'));
        text.append("  from");
        for (int i = 0; i < 16; i++) {
            text.append(" %s=%x".formatted(Comparison.register(i), input.gpr(i)));
        }
        text.append(
                "%n  rflags=%x cs=%x ss=%x ds=%x es=%x fs=%x:%x gs=%x:%x window at %x%n"
                        .formatted(
                                input.get64(Layout.RFLAGS),
                                input.get64(Layout.CS),
                                input.get64(Layout.SS),
                                input.get16(Layout.DS),
                                input.get16(Layout.ES),
                                input.get16(Layout.FS),
                                input.get64(Layout.FS_BASE),
                                input.get16(Layout.GS),
                                input.get64(Layout.GS_BASE),
                                Layout.DATA + input.get32(Layout.WINDOW_AT)));
        text.append(
                "  fcw=%x fsw=%x ftw=%x mxcsr=%x%n"
                        .formatted(
                                input.get16(Layout.FXSAVE + FxArea.FCW),
                                input.get16(Layout.FXSAVE + FxArea.FSW),
                                input.get8(Layout.FXSAVE + FxArea.FTW),
                                input.get32(Layout.FXSAVE + FxArea.MXCSR)));
        for (int i = 0; i < 16; i++) {
            int xmm = Layout.FXSAVE + FxArea.XMM + 16 * i;
            int high = Layout.YMM_HIGH + 16 * i;
            text.append("  ymm%d=%016x_%016x".formatted(i, input.get64(high + 8), input.get64(high)));
            text.append("_%016x_%016x".formatted(input.get64(xmm + 8), input.get64(xmm)));
            if (i < 8) {
                int st = Layout.FXSAVE + FxArea.REGISTERS + 16 * i;
                text.append(" st%d=%04x_%016x".formatted(i, input.get16(st + 8), input.get64(st)));
            }
            text.append(i % 2 == 0 ? "" : "\n");
        }
        return text.toString();
    }
}
