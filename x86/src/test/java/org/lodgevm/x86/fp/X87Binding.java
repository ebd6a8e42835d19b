package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/** Runs an x87 instruction by its method's name, with ST(1) as its register operand, the way the interpreter does. */
final class X87Binding {
    private static final List<Class<?>> CLASSES =
            List.of(X87Arithmetic.class, X87Compare.class, X87Transfer.class, X87Functions.class, X87Control.class,
                    X87Transcendental.class);
    private static final int CF = 1;
    private static final int PF = 4;
    private static final int ZF = 64;

    private final String name;
    private final int memoryBytes;
    private final Method method;

    X87Binding(String name, int memoryBytes) {
        this.name = name;
        this.memoryBytes = memoryBytes;
        method = CLASSES.stream().flatMap(c -> Arrays.stream(c.getDeclaredMethods())).filter(m -> m.getName().equals(name))
                .findFirst().orElse(null);
    }

    /** Executes with a memory operand at a host address, and returns EFLAGS. */
    int execute(X87 x, long memory, int eflags) {
        switch (name) {
            case "fnop" -> {}
            case "fnstcw" -> put16(memory, x.control());
            case "fnstsw" -> put16(memory, x.status());
            case "fldenv", "fldenv16" -> X87Control.fldenv(x, memory, memoryBytes == 28, false);
            case "frstor", "frstor16" -> X87Control.frstor(x, memory, memoryBytes == 108, false);
            case "fnstenv", "fnstenv16" -> {
                X87Control.fnstenv(x, memory, memoryBytes == 28, false);
                X87Control.fnstenvDone(x);
            }
            case "fnsave", "fnsave16" -> {
                X87Control.fnsave(x, memory, memoryBytes == 108, false);
                X87Control.fnsaveDone(x);
            }
            default -> {
                return name.startsWith("fcmov") ? conditionalMove(x, eflags) : invoke(x, memory, eflags);
            }
        }
        return eflags;
    }

    private int conditionalMove(X87 x, int eflags) {
        String condition = name.substring(5);
        boolean not = condition.startsWith("n");
        int mask = switch (not ? condition.substring(1) : condition) {
            case "b" -> CF;
            case "e" -> ZF;
            case "be" -> CF | ZF;
            default -> PF;
        };
        X87Transfer.fcmov(x, 1, (eflags & mask) != 0 != not);
        return eflags;
    }

    private int invoke(X87 x, long memory, int eflags) {
        try {
            boolean ten = name.endsWith("M80") || name.startsWith("fb");
            Class<?>[] types = method.getParameterTypes();
            if (types.length == 3) {
                return (int) method.invoke(null, x, 1, eflags);
            }
            if (types.length == 2 && types[1] == int.class) {
                method.invoke(null, x, 1);
            } else if (name.startsWith("fst") && ten || name.equals("fbstp")) {
                method.invoke(null, x, memory + 64);
                if (x.stores()) {
                    put64(memory, get64(memory + 64));
                    put16(memory + 8, get16(memory + 72));
                }
                x.commit();
            } else if (types.length == 2) {
                method.invoke(null, x, ten ? memory : load(memory));
            } else if (method.getReturnType() == long.class) {
                long value = (long) method.invoke(null, x);
                if (x.stores()) {
                    store(memory, value);
                }
                x.commit();
            } else {
                method.invoke(null, x);
            }
            return eflags;
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new AssertionError(name, e);
        }
    }

    private long load(long memory) {
        return switch (memoryBytes) {
            case 2 -> get16(memory);
            case 4 -> get32(memory);
            default -> get64(memory);
        };
    }

    private void store(long memory, long value) {
        switch (memoryBytes) {
            case 2 -> put16(memory, (int) value);
            case 4 -> put32(memory, (int) value);
            default -> put64(memory, value);
        }
    }
}
