package org.lodgevm.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls every method that stands for an instruction with all kinds of operands it takes, and has
 * objdump read the bytes: the mnemonic, the length and every register, address and number must come
 * back.
 */
class AssemblerAgainstObjdumpTest {
    private static final int SLOT = EveryCall.SLOT;
    private static final Pattern LINE =
            Pattern.compile("\\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t(.*)");

    /**
     * Where objdump has another name than the method, in the order of {@link Cond} where there are
     * several.
     */
    private static final Map<String, String> NAMES =
            Map.of(
                    "movAbsolute", "mov(abs)?",
                    "interrupt", "int",
                    "jmpFar", "(jmp|ljmp)",
                    "callFar", "(call|lcall)",
                    "jcc", "jn?[a-z]+",
                    "cmov", "cmovn?[a-z]+",
                    "set", "setn?[a-z]+",
                    "jrcxz", "j[er]?cxz",
                    "xlat", "xlat.*");

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void objdumpReadsWhatWasWritten(int mode, @TempDir Path folder) throws Exception {
        assumeTrue(isInstalled(), "needs objdump");
        List<EveryCall.Call> calls = EveryCall.in(mode);
        Map<Long, String> lines = disassemble(calls, mode, folder.resolve("code"));
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            String line = lines.getOrDefault((long) i * SLOT, "nothing");
            if (!agrees(calls.get(i), line)) {
                wrong.add(calls.get(i) + " became " + line);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean isInstalled() {
        try {
            return new ProcessBuilder("objdump", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException absent) {
            return false;
        }
    }

    private static Map<Long, String> disassemble(List<EveryCall.Call> calls, int mode, Path file)
            throws IOException, InterruptedException {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        for (EveryCall.Call call : calls) {
            code.write(call.bytes());
            code.write(new Assembler(0).fill(SLOT - call.bytes().length, EveryCall.NOP).toBytes());
        }
        Files.write(file, code.toByteArray());
        String machine = mode == 16 ? "i8086" : mode == 32 ? "i386" : "i386:x86-64";
        Process objdump =
                new ProcessBuilder(
                                "objdump",
                                "-D",
                                "-b",
                                "binary",
                                "-m",
                                machine,
                                "-M",
                                "intel",
                                "-w",
                                "--insn-width=16",
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(objdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(objdump.waitFor()).as(output).isZero();
        Map<Long, String> lines = new HashMap<>();
        for (String line : output.split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                int length = matcher.group(2).trim().split(" ").length;
                lines.put(
                        Long.parseLong(matcher.group(1), 16),
                        length + " " + matcher.group(3).trim());
            }
        }
        return lines;
    }

    private static boolean agrees(EveryCall.Call call, String line) {
        String name = call.method().getName();
        boolean string = call.method().getDeclaringClass() == Strings.class;
        String mnemonic =
                string
                        ? name.substring(0, name.length() - 1)
                        : NAMES.getOrDefault(name, name.replaceFirst("Cl$", ""));
        if (!line.matches(
                call.bytes().length
                        + " (?:(?:rex\\.W[XB]*|data16) )?"
                        + mnemonic
                        + "[a-z]*(?: .*)?")) {
            return false;
        }
        String text = line.toLowerCase(Locale.ROOT);
        return call.arguments().stream().allMatch(argument -> mentions(text, argument, name));
    }

    private static boolean mentions(String line, Object argument, String name) {
        return switch (argument) {
            case Mem at ->
                    line.contains(
                            at.disp() == 0x11
                                    ? "0x11]"
                                    : at.disp() < 0 ? "gs:[r13+r10*8-0x1234567]" : "fs:0x4321");
            case Mmx mmx -> line.matches(".*\\bmm" + mmx.number() + "\\b.*");
            case Gpr gpr when gpr.bits() % 48 == 16 && isRenamed(name) ->
                    Stream.of(gpr, gpr.as(32), gpr.as(64)).anyMatch(any -> mentions(line, any, ""));
            case Gpr gpr -> line.matches(".*\\b" + gpr.name().toLowerCase(Locale.ROOT) + "\\b.*");
            case Dreg dreg -> line.matches(".*\\bdb?r?" + dreg.number() + "\\b.*");
            case Enum<?> other when !(other instanceof Cond || other instanceof Reach) ->
                    line.matches(".*\\b" + other.name().toLowerCase(Locale.ROOT) + "\\b.*");
            case Label label -> line.contains("0x" + Long.toHexString(label.address()));
            case Long value ->
                    line.matches(
                            ".*\\b0x(f*)"
                                    + Long.toHexString(value).replaceFirst("^f+", "")
                                    + "\\b.*");
            case Integer value when isWidth(name) -> true;
            case Integer value ->
                    line.contains("0x" + Integer.toHexString(value))
                            || line.contains("st(" + value)
                            || line.endsWith(",1");
            default -> true;
        };
    }

    /**
     * Instructions that objdump shows with a register of another width where that makes no
     * difference.
     */
    private static boolean isRenamed(String name) {
        return Set.of("mov", "lar", "lsl").contains(name);
    }

    /** Methods whose int parameter is an operand size. */
    private static boolean isWidth(String name) {
        return Set.of(
                        "jmpFar", "callFar", "retf", "iret", "pushf", "popf", "pusha", "popa",
                        "sysret", "sysexit")
                .contains(name);
    }
}
