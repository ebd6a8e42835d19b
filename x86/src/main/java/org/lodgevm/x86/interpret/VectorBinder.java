package org.lodgevm.x86.interpret;

import static java.lang.invoke.MethodType.methodType;
import static java.util.Map.entry;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.fp.SseApproximation;
import org.lodgevm.x86.fp.SseArithmetic;
import org.lodgevm.x86.fp.SseCompare;
import org.lodgevm.x86.fp.SseConversion;
import org.lodgevm.x86.fp.SseHorizontal;
import org.lodgevm.x86.fp.SseRound;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.simd.Simd;
import org.lodgevm.x86.state.StateBlock;

/**
 * Binds x87, MMX and SSE instructions ({@link VexBinder} those with a VEX prefix): the method of that name in {@code x86.simd} or {@code x86.fp}, the template that
 * suits the method's type, and where the operands are.
 */
final class VectorBinder {
    record Shape(Class<? extends Op> template, String hole) {}

    static final List<Class<?>> FLOATING = List.of(SseArithmetic.class, SseApproximation.class, SseCompare.class,
            SseConversion.class, SseHorizontal.class, SseRound.class);

    static final MethodType WITH_IMMEDIATE = methodType(void.class, long.class, long.class, int.class);
    private static final MethodType BY_IMMEDIATE = methodType(void.class, long.class, int.class);
    private static final MethodType ON_FLOATS = methodType(void.class, Sse.class, long.class, long.class);

    static final Map<MethodType, Shape> SHAPES = Map.ofEntries(
            entry(methodType(void.class, long.class, long.class), new Shape(VectorTemplates.Vector.class, "vector")),
            entry(WITH_IMMEDIATE, new Shape(VectorTemplates.Immediate.class, "vectorImmediate")),
            entry(BY_IMMEDIATE, new Shape(VectorTemplates.Shift.class, "vectorShift")),
            entry(methodType(void.class, long.class, long.class, long.class),
                    new Shape(VectorTemplates.Third.class, "vectorThird")),
            entry(methodType(long.class, long.class, int.class),
                    new Shape(VectorTemplates.Extract.class, "vectorElement")),
            entry(methodType(long.class, long.class), new Shape(VectorTemplates.Value.class, "vectorValue")),
            entry(methodType(int.class, long.class, long.class), new Shape(VectorTemplates.Test.class, "vectorFlags")),
            entry(ON_FLOATS, new Shape(VectorTemplates.Floating.class, "floating")),
            entry(methodType(void.class, Sse.class, long.class, long.class, int.class),
                    new Shape(VectorTemplates.FloatingImmediate.class, "floatingImmediate")),
            entry(methodType(long.class, Sse.class, long.class),
                    new Shape(VectorTemplates.FloatingValue.class, "floatingValue")),
            entry(methodType(int.class, Sse.class, long.class, long.class),
                    new Shape(VectorTemplates.FloatingTest.class, "floatingFlags")));
    static final Shape INSERT = new Shape(VectorTemplates.Insert.class, "vectorImmediate");
    private static final Shape WITH_MMX = new Shape(VectorTemplates.FloatingMmx.class, "floating");

    /** Shifts by an immediate are entered with this behind their name. */
    private static final String BY_IMMEDIATE_SUFFIX = " imm";
    private static final Map<String, Method> XMM = new HashMap<>();
    private static final Map<String, Method> MMX = new HashMap<>();
    private static final Map<String, Method> UNITS = new HashMap<>();

    static {
        enter(Simd.MMX, MMX);
        enter(Simd.XMM, XMM);
        enter(FLOATING, XMM);
        enter(FLOATING, MMX);
        for (Method m : Units.class.getDeclaredMethods()) {
            UNITS.put(m.getName(), m);
        }
    }

    private VectorBinder() {}

    private static void enter(List<Class<?>> owners, Map<String, Method> methods) {
        for (Class<?> owner : owners) {
            for (Method m : owner.getDeclaredMethods()) {
                if (Modifier.isPublic(m.getModifiers())) {
                    methods.put(type(m).equals(BY_IMMEDIATE) ? m.getName() + BY_IMMEDIATE_SUFFIX : m.getName(), m);
                }
            }
        }
    }

    static MethodType type(Method m) {
        return methodType(m.getReturnType(), m.getParameterTypes());
    }

    /** Offset in the state block of an MMX register: the significand of the x87 unit's physical register. */
    static int mmx(int register) {
        return StateBlock.X87 + FxArea.REGISTERS + 16 * register;
    }

    /** An op still to be placed, or null if the instruction is none of these units'. */
    static Op bind(Instruction in, String name) {
        Row row = in.row();
        if (row.usesX87()) {
            return X87Binder.bind(in, name);
        }
        if (!row.usesMmx() && !row.usesVector()) {
            return null;
        }
        if (row.encoding().vex()) {
            return VexBinder.bind(in, name);
        }
        Op move = VectorMoves.bind(in, name);
        if (move != null) {
            return move;
        }
        Method method = method(in, name);
        if (method == null) {
            return null;
        }
        boolean integerSource = row.operands().size() > 1 && row.operand(1).method() == AddressingMethod.E;
        Shape shape = shape(in, type(method), integerSource);
        return Specializer.op(shape.template, 0, shape.hole, method, "available", available(in), "settled", settled(in),
                "vectorDestination", address(in, 0), "vectorSource", source(in, name), "first",
                integerSource ? integer(in, 1) : null, "store", result(in), "vectorThirdOperand", VectorOperands.named("xmm0Address"));
    }

    private static Shape shape(Instruction in, MethodType type, boolean integerSource) {
        if (integerSource && type.equals(WITH_IMMEDIATE)) {
            return INSERT;
        }
        return type.equals(ON_FLOATS) && involvesMmx(in) ? WITH_MMX : SHAPES.get(type);
    }

    private static Method method(Instruction in, String name) {
        Row row = in.row();
        Map<String, Method> methods = involvesMmx(in) ? MMX : XMM;
        String operation = in.opSize() == 8 ? wide(name, methods) : name;
        AddressingMethod first = row.operand(0).method();
        boolean shift = first == AddressingMethod.U || first == AddressingMethod.N;
        return methods.get(shift ? operation + BY_IMMEDIATE_SUFFIX : operation);
    }

    /** REX.W makes quadwords of the doublewords in these, and has no meaning elsewhere. */
    private static String wide(String name, Map<String, Method> methods) {
        return switch (name) {
            case "pextrd" -> "pextrq";
            case "pinsrd" -> "pinsrq";
            default -> methods.containsKey(name + "Q") ? name + "Q" : name;
        };
    }

    /** Whether an MMX register is an operand; one that could be but is memory does not count. */
    private static boolean involvesMmx(Instruction in) {
        for (int i = 0; i < in.row().operands().size(); i++) {
            if (!in.isMemory(i) && isMmx(in.row().operand(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMmx(Operand operand) {
        return switch (operand.method()) {
            case N, P, Q -> true;
            default -> false;
        };
    }

    /** A check of {@link Units}. */
    static Method unit(String name) {
        return UNITS.get(name);
    }

    /** The check that the instruction begins with. */
    static Method available(Instruction in) {
        boolean mmx = involvesMmx(in);
        return unit(!mmx ? "sse" : in.row().usesVector() ? "sseAndMmx" : "mmx");
    }

    /** What the x87 unit is told at the end. */
    static Method settled(Instruction in) {
        if (!involvesMmx(in)) {
            return VectorOperands.named("nothing");
        }
        boolean written = !in.isMemory(0) && isMmx(in.row().operand(0));
        boolean byReg = in.row().operand(0).method() == AddressingMethod.P;
        return VectorOperands.named(!written ? "readMmx" : byReg ? "wroteMmxReg" : "wroteMmxRm");
    }

    private static Method address(Instruction in, int position) {
        return VectorOperands.named(in.row().operand(position).method().isRm() ? "rmAddress" : "regAddress");
    }

    private static Method source(Instruction in, String name) {
        if (in.row().operands().size() < 2 || in.row().operand(1).method() == AddressingMethod.I) {
            return null;
        }
        if (!in.isMemory(1)) {
            boolean general = in.row().operand(1).method() == AddressingMethod.E;
            return general ? VectorOperands.named("copiedRegister") : address(in, 1);
        }
        int width = in.width(1);
        if (name.equals("insertps")) {
            return VectorOperands.named("repeated4");
        }
        return VectorOperands.named((in.row().alignsMemory() ? "aligned" : "copied") + width);
    }

    /** The accessor of an integer that is inserted. */
    static Method integer(Instruction in, int position) {
        return Semantics.operand((in.isMemory(position) ? "memory" : "rm") + 8 * in.width(position));
    }

    /** The accessor that stores an integer; registers get all 64 bits, since values are zero-extended. */
    static Method result(Instruction in) {
        if (in.isMemory(0)) {
            return Semantics.operand("toMemory" + 8 * in.width(0));
        }
        return Semantics.operand(in.row().operand(0).method().isRm() ? "toRm64" : "toReg64");
    }
}
