package org.lodgevm.x86.interpret;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.fp.X87Arithmetic;
import org.lodgevm.x86.fp.X87Compare;
import org.lodgevm.x86.fp.X87Functions;
import org.lodgevm.x86.fp.X87Transcendental;
import org.lodgevm.x86.fp.X87Transfer;
import org.lodgevm.x86.isa.Access;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/** Binds the x87 instructions that compute, compare or move to {@code x86.fp}; {@link X87Unit} has those that control. */
final class X87Binder {
    private static final List<Class<?>> OWNERS = List.of(X87Arithmetic.class, X87Compare.class, X87Functions.class,
            X87Transcendental.class, X87Transfer.class);
    private static final String CONDITIONAL_MOVE = "fcmov";
    /** Codes of the conditions that FCMOV knows by these names. @sdm volume 1, appendix B */
    private static final Map<String, Integer> CONDITIONS =
            Map.of("b", 2, "nb", 3, "e", 4, "ne", 5, "be", 6, "nbe", 7, "u", 10, "nu", 11);
    private static final Map<String, Method> METHODS = new HashMap<>();

    static {
        for (Class<?> owner : OWNERS) {
            for (Method m : owner.getDeclaredMethods()) {
                if (Modifier.isPublic(m.getModifiers())) {
                    METHODS.put(m.getName(), m);
                }
            }
        }
    }

    private X87Binder() {}

    static Op bind(Instruction in, String name) {
        if (name.startsWith(CONDITIONAL_MOVE)) {
            int condition = CONDITIONS.get(name.substring(CONDITIONAL_MOVE.length()));
            return Specializer.op(X87Templates.ConditionalMove.class, 0, "condition", Semantics.CONDITIONS[condition]);
        }
        Method method = METHODS.get(methodName(in, name));
        if (method == null) {
            return null;
        }
        if (in.isMemory()) {
            return memory(in, method);
        }
        return switch (method.getParameterCount()) {
            case 1 -> Specializer.op(X87Templates.Top.class, 0, "x87", method);
            case 2 -> Specializer.op(X87Templates.Register.class, 0, "x87Register", method);
            default -> Specializer.op(X87Templates.Test.class, 0, "x87Flags", method);
        };
    }

    private static Op memory(Instruction in, Method method) {
        int width = in.width(0);
        if (in.row().accesses().get(0) == Access.READ) {
            Method read = width == 10 ? VectorOperands.named("copied10") : Semantics.operand("memory" + 8 * width);
            return Specializer.op(X87Templates.Memory.class, 0, "x87Operand", method, "first", read);
        }
        if (width == 10) {
            return Specializer.op(X87Templates.Store80.class, 0, "x87Operand", method);
        }
        return Specializer.op(X87Templates.Store.class, 0, "x87Result", method, "store",
                Semantics.operand("toMemory" + 8 * width));
    }

    /** As the methods are named: with the width of memory, or "To" where the destination is not the stack's top. */
    private static String methodName(Instruction in, String name) {
        Row row = in.row();
        if (in.isMemory()) {
            return name.startsWith("fb") ? name : name + "M" + 8 * in.width(0);
        }
        List<Operand> operands = row.operands();
        boolean toRegister = operands.size() == 2 && operands.get(0).method() == AddressingMethod.STI;
        return toRegister && !name.endsWith("p") ? name + "To" : name;
    }
}
