package org.lodgevm.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.x86.asm.Mem.mem;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Calls of every method that stands for an instruction, with all kinds of operands, and the bytes
 * that they wrote.
 */
final class EveryCall {
    /**
     * Each call writes at the start of a slot of its own; a label among its arguments is bound to
     * the next.
     */
    static final int SLOT = 64;

    static final int NOP = 0x90;
    private static final Set<String> NOT_INSTRUCTIONS =
            Set.of("rep", "repne", "lock", "sse", "x87");

    record Call(Method method, List<Object> arguments, byte[] bytes) {
        String name() {
            return method.getName();
        }

        @Override
        public String toString() {
            return name() + arguments;
        }
    }

    private EveryCall() {}

    /** Those that the assembler accepts in a mode of 16, 32 or 64 bits. */
    static List<Call> in(int mode) throws IllegalAccessException {
        List<Call> calls = new ArrayList<>();
        for (Method method : instructions()) {
            for (List<Object> arguments : arguments(List.of(method.getParameterTypes()), mode)) {
                encode(method, arguments, mode, calls);
            }
        }
        Set<String> names = new TreeSet<>(calls.stream().map(Call::name).toList());
        assertThat(names).as("mnemonics in %d bits", mode).hasSizeGreaterThan(250);
        return calls;
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
                        StateOps.class,
                        X87.class,
                        Sse.class)
                .flatMap(family -> Arrays.stream(family.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !NOT_INSTRUCTIONS.contains(method.getName()))
                .sorted(Comparator.comparing(EveryCall::hasNoLabel))
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
}
