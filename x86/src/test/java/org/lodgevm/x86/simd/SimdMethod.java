package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.foreign.Arena;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/**
 * One instruction's method, called with operands by their roles: d, s and x are registers a, b and x; v and w are numbers; i is the
 * immediate.
 */
final class SimdMethod {

    /** Words of a result: registers a and x, low and high, and what the method returned. */
    static final int RESULT_WORDS = 5;

    private static final long SLOTS = Arena.global().allocate(64, 16).address();
    private static final long A = SLOTS;
    private static final long B = SLOTS + 16;
    private static final long X = SLOTS + 32;

    private final Method method;
    private final String roles;
    private final Object[] arguments;

    /** @param name as in the vectors: set, mnemonic and roles */
    SimdMethod(String name) {
        String[] parts = name.split(" ");
        roles = parts[2];
        arguments = new Object[roles.length()];
        Class<?>[] types = new Class<?>[roles.length()];
        for (int i = 0; i < types.length; i++) {
            types[i] = roles.charAt(i) == 'i' ? int.class : long.class;
        }
        method = find(set(parts[0]), parts[1], types);
    }

    private static List<Class<?>> set(String name) {
        return switch (name) {
            case "XMM" -> Simd.XMM;
            case "MMX" -> Simd.MMX;
            case "GENERAL" -> Simd.GENERAL;
            default -> throw new IllegalArgumentException("no such set: " + name);
        };
    }

    private static Method find(List<Class<?>> classes, String name, Class<?>[] types) {
        List<Method> found = classes.stream()
                .flatMap(c -> Arrays.stream(c.getMethods()))
                .filter(m -> m.getName().equals(name) && Arrays.equals(m.getParameterTypes(), types))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("methods " + name + Arrays.toString(types) + ": " + found);
        }
        return found.getFirst();
    }

    Method method() {
        return method;
    }

    boolean has(char role) {
        return roles.indexOf(role) >= 0;
    }

    /** Instructions with a third register and flags write it; those without flags read it. */
    boolean writesThird() {
        return has('x') && method.getReturnType() == int.class;
    }

    /** With each operand in a slot of its own. */
    long[] run(SimdOperands operands) throws ReflectiveOperationException {
        return run(operands, A, B, X);
    }

    long[] runDestinationAsSource(SimdOperands operands) throws ReflectiveOperationException {
        return run(operands, A, A, X);
    }

    long[] runDestinationAsThird(SimdOperands operands) throws ReflectiveOperationException {
        return run(operands, A, B, A);
    }

    long[] runSourceAsThird(SimdOperands operands) throws ReflectiveOperationException {
        return run(operands, A, B, B);
    }

    private long[] run(SimdOperands operands, long dst, long src, long third) throws ReflectiveOperationException {
        load(A, operands.a);
        load(B, operands.b);
        load(X, operands.x);
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = switch (roles.charAt(i)) {
                case 'd' -> dst;
                case 's' -> src;
                case 'x' -> third;
                case 'v' -> operands.v;
                case 'w' -> operands.w;
                case 'i' -> operands.imm;
                default -> throw new IllegalStateException(roles);
            };
        }
        Object returned = method.invoke(null, arguments);
        long value = returned == null ? 0 : ((Number) returned).longValue();
        if (src == B && third != B && (get64(B) != operands.b[0] || get64(B + 8) != operands.b[1])) {
            throw new AssertionError(method + " wrote to its source");
        }
        return new long[] {get64(dst), get64(dst + 8), get64(third), get64(third + 8), value};
    }

    private static void load(long slot, long[] register) {
        put64(slot, register[0]);
        put64(slot + 8, register[1]);
    }
}
