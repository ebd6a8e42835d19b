package org.lodgevm.x86.interpret;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import org.lodgevm.x86.fp.Sse;

/**
 * Finds the static method that gives an instruction its meaning, by its name in lower case.
 *
 * <p>The method's parameters tell its shape: values and a width, or the whole op, or host addresses of vectors.
 */
final class Semantics {
    /** The classes that are looked through, and the shape of the methods that count. */
    private static final Class<?>[] VALUES = {Arithmetic.class, Shifts.class, Bits.class};
    private static final Class<?>[] PLAIN = {Registers.class, Stack.class, Control.class, Strings.class, Ports.class,
        Decimal.class, SegmentRegisters.class, SystemSegments.class, FarTransfer.class, Interrupts.class, SystemCalls.class, SystemRegisters.class, Processor.class,
        VectorMoves.class, VexOperations.class, MaskedMoves.class, X87Unit.class, StateImages.class};

    private static final Map<String, Method> VALUE_METHODS = new HashMap<>();
    private static final Map<String, Method> PLAIN_METHODS = new HashMap<>();
    static final Method[] CONDITIONS = new Method[16];

    static {
        for (Class<?> owner : VALUES) {
            for (Method m : owner.getDeclaredMethods()) {
                Class<?>[] p = m.getParameterTypes();
                if (p.length >= 3 && p[0] == Cpu.class && p[p.length - 1] == int.class && m.getReturnType() == long.class
                        && !Modifier.isPrivate(m.getModifiers())) {
                    VALUE_METHODS.put(m.getName(), m);
                }
            }
        }
        for (Class<?> owner : PLAIN) {
            for (Method m : owner.getDeclaredMethods()) {
                Class<?>[] p = m.getParameterTypes();
                if (p.length == 2 && p[0] == Cpu.class && p[1] == Op.class && !Modifier.isPrivate(m.getModifiers())) {
                    PLAIN_METHODS.put(m.getName(), m);
                }
            }
        }
        for (Method m : Conditions.class.getDeclaredMethods()) {
            CONDITIONS[Integer.parseInt(m.getName().substring(1))] = m;
        }
    }

    private Semantics() {}

    /** {@code long f(Cpu, long..., int bits)}, or null. */
    static Method value(String name) {
        return VALUE_METHODS.get(name);
    }

    /** {@code void f(Cpu, Op)}, or null. */
    static Method plain(String name) {
        return PLAIN_METHODS.get(name);
    }

    /** An operand accessor of {@link Operands}. */
    static Method operand(String name) {
        return OperandMethods.BY_NAME.get(name);
    }

    private static final class OperandMethods {
        static final Map<String, Method> BY_NAME = new HashMap<>();

        static {
            for (Method m : Operands.class.getDeclaredMethods()) {
                BY_NAME.put(m.getName(), m);
            }
        }
    }

    /** A vector operation {@code void f([Sse,] long dst, long src [, int imm])} among the given classes, or null. */
    static Method vector(Class<?>[] owners, String name) {
        for (Class<?> owner : owners) {
            for (Method m : owner.getDeclaredMethods()) {
                if (m.getName().equals(name) && isVector(m)) {
                    return m;
                }
            }
        }
        return null;
    }

    private static boolean isVector(Method m) {
        Class<?>[] p = m.getParameterTypes();
        int at = p.length > 0 && p[0] == Sse.class ? 1 : 0;
        return m.getReturnType() == void.class && p.length >= at + 2 && p.length <= at + 3 && p[at] == long.class
                && p[at + 1] == long.class;
    }
}
