package org.lodgevm.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Mem.mem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private static final int SLOT = 64;
    private static final int NOP = 0x90;
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

    private static final Set<String> NOT_INSTRUCTIONS =
            Set.of("rep", "repne", "lock", "sse", "x87");

    private record Call(Method method, List<Object> arguments, byte[] bytes) {
        @Override
        public String toString() {
            return method.getName() + arguments;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void objdumpReadsWhatWasWritten(int mode, @TempDir Path folder) throws Exception {
        assumeTrue(isInstalled(), "needs objdump");
        List<Call> calls = new ArrayList<>();
        for (Method method : instructions()) {
            for (List<Object> arguments : arguments(List.of(method.getParameterTypes()), mode)) {
                encode(method, arguments, mode, calls);
            }
        }
        Set<String> names =
                new TreeSet<>(calls.stream().map(call -> call.method().getName()).toList());
        assertThat(names).hasSizeGreaterThan(250);
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

    private static List<Method> instructions() {
        return Stream.of(
                        Alu.class,
                        Bits.class,
                        Moves.class,
                        Stack.class,
                        Branches.class,
                        Strings.class,
                        SystemOps.class,
                        X87.class,
                        Sse.class)
                .flatMap(family -> Arrays.stream(family.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !NOT_INSTRUCTIONS.contains(method.getName()))
                .sorted(Comparator.comparing(AssemblerAgainstObjdumpTest::hasNoLabel))
                .toList();
    }

    /** Methods with labels come first, so that 16 bits hold their addresses. */
    private static boolean hasNoLabel(Method method) {
        return !List.of(method.getParameterTypes()).contains(Label.class);
    }

    private static List<List<Object>> arguments(List<Class<?>> types, int mode) {
        List<List<Object>> all = new ArrayList<>(List.of(List.of()));
        for (Class<?> type : types) {
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> start : all) {
                for (Object value : values(type, mode)) {
                    longer.add(Stream.concat(start.stream(), Stream.of(value)).toList());
                }
            }
            all = longer;
        }
        return all;
    }

    private static List<?> values(Class<?> type, int mode) {
        return switch (type.getSimpleName()) {
            case "Gpr" ->
                    List.of(
                            Gpr.AL, Gpr.AX, Gpr.EAX, Gpr.DH, Gpr.SI, Gpr.EBP, Gpr.SIL, Gpr.RAX,
                            Gpr.R9D, Gpr.R12);
            case "Xmm" -> List.of(Xmm.XMM1, Xmm.XMM7, Xmm.XMM12);
            case "Mmx" -> List.of(Mmx.MM3);
            case "Sreg" -> List.of(Sreg.values());
            case "Creg" -> List.of(Creg.CR0, Creg.CR4, Creg.CR8);
            case "Dreg" -> List.of(Dreg.DR0, Dreg.DR7);
            case "Mem" -> memory(mode);
            case "GprOrMem" -> orMemory(values(Gpr.class, mode), mode);
            case "XmmOrMem" -> orMemory(values(Xmm.class, mode), mode);
            case "MmxOrMem" -> orMemory(values(Mmx.class, mode), mode);
            case "Cond" -> List.of(Cond.NE, Cond.G);
            case "Reach" -> List.of(Reach.SHORT, Reach.NEAR);
            case "Label" -> List.of(new Label("target"));
            case "int" -> List.of(1, 5, 16, 32, 64);
            case "long" -> List.of(3L, -2L, 0x7654L, 0x12345678L);
            default -> throw new AssertionError("no values for " + type);
        };
    }

    private static List<?> orMemory(List<?> registers, int mode) {
        return Stream.concat(registers.stream(), memory(mode).stream()).toList();
    }

    private static List<Mem> memory(int mode) {
        Mem place = mode == 16 ? mem(Gpr.BX, Gpr.DI, 1, 0x11) : mem(Gpr.EDX, Gpr.ECX, 4, 0x11);
        Mem far =
                mode == 64
                        ? mem(Gpr.R13, Gpr.R10, 8, -0x1234567).in(Sreg.GS)
                        : mem(0x4321).in(Sreg.FS);
        return Stream.of(place, far)
                .flatMap(at -> Stream.of(0, 8, 16, 32, 64, 80).map(at::bits))
                .toList();
    }

    /**
     * Each call stands at the start of a slot; a label among its arguments is bound to the next
     * slot.
     */
    private static void encode(Method method, List<Object> arguments, int mode, List<Call> calls)
            throws IllegalAccessException {
        long origin = (long) calls.size() * SLOT;
        Assembler assembler = new Assembler(origin);
        Assembler inMode =
                mode == 16 ? assembler.bits16() : mode == 32 ? assembler.bits32() : assembler;
        Object[] fresh =
                arguments.stream()
                        .map(value -> value instanceof Label ? new Label("target") : value)
                        .toArray();
        try {
            method.invoke(inMode, fresh);
            int size = assembler.size();
            assembler.fill(SLOT - size, NOP);
            for (Object value : fresh) {
                if (value instanceof Label label) {
                    assembler.bind(label);
                }
            }
            calls.add(new Call(method, List.of(fresh), Arrays.copyOf(assembler.toBytes(), size)));
        } catch (AssemblyException refused) {
            assertThat(refused).hasMessageContaining("out of reach");
        } catch (InvocationTargetException refused) {
            assertThat(refused.getCause()).isInstanceOf(AssemblyException.class);
        }
    }

    private static Map<Long, String> disassemble(List<Call> calls, int mode, Path file)
            throws IOException, InterruptedException {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        for (Call call : calls) {
            code.write(call.bytes());
            code.write(new Assembler(0).fill(SLOT - call.bytes().length, NOP).toBytes());
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

    private static boolean agrees(Call call, String line) {
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
