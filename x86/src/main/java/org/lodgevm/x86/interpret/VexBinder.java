package org.lodgevm.x86.interpret;

import static java.util.Map.entry;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.fp.SseFused;
import org.lodgevm.x86.fp.SseHalf;
import org.lodgevm.x86.fp.YmmDotProduct;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.simd.Simd;

/**
 * Binds instructions on vectors that have a VEX prefix. Their operations are those of the legacy instructions of the same name without V,
 * on XMM registers as they are, on YMM registers half by half; a few are their own.
 */
final class VexBinder {
    private static final int YMM = 32;
    private static final int ORDER_AND_TYPE = 5;
    private static final Method AVAILABLE = VectorBinder.unit("avx");

    private static final Map<Class<? extends Op>, Class<? extends Op>> HALF_BY_HALF = Map.ofEntries(
            entry(VectorTemplates.Vector.class, VexTemplates.Vector.class),
            entry(VectorTemplates.Immediate.class, VexTemplates.Immediate.class),
            entry(VectorTemplates.Shift.class, VexTemplates.Shift.class),
            entry(VectorTemplates.Third.class, VexTemplates.Third.class),
            entry(VectorTemplates.Value.class, VexTemplates.Value.class),
            entry(VectorTemplates.Test.class, VexTemplates.Test.class),
            entry(VectorTemplates.Floating.class, VexTemplates.Floating.class),
            entry(VectorTemplates.FloatingImmediate.class, VexTemplates.FloatingImmediate.class));

    /** By how many bits the upper half's part of an immediate, or of a value, lies above the lower half's. */
    private static final Map<String, Integer> UPPER_BITS = Map.of("blendps", 4, "blendpd", 2, "shufpd", 2, "mpsadbw", 3,
            "vpermilpd", 2, "vpblendd", 4, "movmskps", 4, "movmskpd", 2, "pmovmskb", 16);

    private static final Map<String, List<Method>> XMM = new HashMap<>();
    private static final Map<String, List<Method>> WHOLE = new HashMap<>();

    static {
        enter(Simd.XMM, XMM);
        enter(Simd.VEX, XMM);
        enter(VectorBinder.FLOATING, XMM);
        enter(List.of(SseFused.class, SseHalf.class), XMM);
        enter(Simd.YMM, WHOLE);
        enter(List.of(YmmDotProduct.class), WHOLE);
    }

    private VexBinder() {}

    private static void enter(List<Class<?>> owners, Map<String, List<Method>> methods) {
        for (Class<?> owner : owners) {
            for (Method m : owner.getDeclaredMethods()) {
                if (Modifier.isPublic(m.getModifiers())) {
                    methods.computeIfAbsent(m.getName(), name -> new ArrayList<>()).add(m);
                }
            }
        }
    }

    /** An op still to be placed, or null if the operation is none of these. */
    static Op bind(Instruction in, String name) {
        Op move = move(in, name);
        if (move != null) {
            return move;
        }
        boolean wide = isWide(in);
        if (in.row().feature() == Feature.FMA) {
            return fused(in, name, wide);
        }
        Method whole = wide ? method(WHOLE, in, name) : null;
        Method method = whole != null ? whole : method(XMM, in, name);
        if (method == null) {
            return null;
        }
        VectorBinder.Shape shape = shape(in, VectorBinder.type(method));
        boolean halves = wide && whole == null;
        return Specializer.op(halves ? HALF_BY_HALF.get(shape.template()) : shape.template(),
                halves ? UPPER_BITS.getOrDefault(method.getName(), 0) : 0, shape.hole(), method, "available", AVAILABLE,
                "settled", settled(in, wide), "vectorDestination", destination(in, wide), "vectorSource", source(in, name, halves),
                "vectorThirdOperand", VexOperands.named(wide ? "namedThird32" : "namedAddress"), "first",
                shape.equals(VectorBinder.INSERT) ? VectorBinder.integer(in, sourcePosition(in)) : null, "store",
                VectorBinder.result(in));
    }

    /** Whether any operand is a whole YMM register, or as much memory. */
    private static boolean isWide(Instruction in) {
        for (int i = 0; i < in.row().operands().size(); i++) {
            if (in.width(i) == YMM) {
                return true;
            }
        }
        return false;
    }

    /** The method of that name, or of the legacy instruction's, that takes an immediate if the instruction has one. */
    private static Method method(Map<String, List<Method>> methods, Instruction in, String name) {
        String legacy = name.substring(1);
        if (in.opSize() == Long.BYTES && methods.containsKey(legacy + "Q")) {
            legacy = legacy + "Q";
        }
        Operand immediate = in.row().immediate();
        boolean number = immediate != null && immediate.method() == AddressingMethod.I;
        for (Method m : methods.getOrDefault(methods.containsKey(name) ? name : legacy, List.of())) {
            Class<?>[] parameters = m.getParameterTypes();
            if (parameters[parameters.length - 1] == int.class == number) {
                return m;
            }
        }
        return null;
    }

    private static VectorBinder.Shape shape(Instruction in, MethodType type) {
        boolean inserts = type.equals(VectorBinder.WITH_IMMEDIATE)
                && in.row().operand(sourcePosition(in)).method() == AddressingMethod.E;
        return inserts ? VectorBinder.INSERT : VectorBinder.SHAPES.get(type);
    }

    /** Which operand is the last source that is no immediate: VEX.vvvv, if it names a source, names the one before. */
    private static int sourcePosition(Instruction in) {
        return in.row().operand(1).method() == AddressingMethod.H ? 2 : 1;
    }

    private static Method destination(Instruction in, boolean wide) {
        Row row = in.row();
        String width = wide ? "32" : "16";
        if (row.operand(0).method() == AddressingMethod.H) {
            return VexOperands.named("rmCopied" + width);
        }
        if (!row.accesses().get(0).writes()) {
            return VexOperands.named(wide ? "regCopied32" : "regAddress");
        }
        return VexOperands.named(sourcePosition(in) == 2 ? "vregCopied" + width : "result");
    }

    private static Method source(Instruction in, String name, boolean halves) {
        int position = sourcePosition(in);
        Operand operand = in.row().operand(position);
        int width = in.width(position);
        String place = in.isMemory(position) ? "copied" : "rm";
        if (halves && width < YMM) {
            boolean parts = name.startsWith("vpmov") || name.startsWith("vcvt");
            int memoryWidth = operand.memoryType().width(in.opSize(), in.vexL());
            String number = parts ? "Parts" + memoryWidth : "Twice" + (in.isMemory(position) ? memoryWidth : "");
            return VexOperands.named(place + number);
        }
        if (in.isMemory(position)) {
            return VexOperands.named(name.equals("vinsertps") ? "repeated4" : "copied" + width);
        }
        return VexOperands.named(switch (operand.method()) {
            case E -> "copiedRegister";
            case V -> "regAddress";
            default -> width == YMM ? "rm32" : "rmAddress";
        });
    }

    private static Method settled(Instruction in, boolean wide) {
        Row row = in.row();
        boolean narrowed = wide && in.width(0) < YMM;
        return VexOperands.named(!row.accesses().get(0).writes() ? "nothing" : switch (row.operand(0).method()) {
            case V -> narrowed ? "toRegNarrowed" : wide ? "toReg32" : "toReg16";
            case H -> wide ? "toVreg32" : "toVreg16";
            case U -> "toRm16";
            default -> "nothing";
        });
    }

    /** Three digits in the name are the order of the operands; the element's type follows. */
    private static Op fused(Instruction in, String name, boolean wide) {
        int digits = name.length() - ORDER_AND_TYPE;
        String operation = name.substring(1, digits) + name.substring(digits + 3);
        return Specializer.op(wide ? VexTemplates.FusedYmm.class : VexTemplates.Fused.class,
                Integer.parseInt(name.substring(digits, digits + 3)), "fused", XMM.get(operation).getFirst(), "available", AVAILABLE,
                "vectorDestination", VexOperands.named(wide ? "regCopied32" : "regCopied16"), "vectorThirdOperand",
                VexOperands.named(wide ? "vregThird32" : "vregAddress"), "vectorSource", source(in, name, wide), "settled",
                VexOperands.named(wide ? "toReg32" : "toReg16"));
    }

    // --- moves -----------------------------------------------------------------------------------------------------------------

    private static Op move(Instruction in, String name) {
        return switch (name) {
            case "vmovaps", "vmovapd", "vmovdqa", "vmovups", "vmovupd", "vmovdqu", "vlddqu", "vmovntps", "vmovntpd", "vmovntdq",
                "vmovntdqa" -> whole(in);
            case "vmovd", "vmovq" -> part(in, VectorMoves.read(in, 8 * in.width(1)));
            case "vmovss", "vmovsd" -> in.isMemory() ? part(in, VectorMoves.read(in, name.equals("vmovss") ? 32 : 64)) : null;
            case "vmovlps", "vmovlpd" -> in.isMemory(0) ? part(in, "regLow64") : null;
            case "vmovhps", "vmovhpd" -> in.isMemory(0) ? part(in, "regHigh64") : null;
            default -> null;
        };
    }

    private static Op whole(Instruction in) {
        boolean toReg = in.row().operand(0).method() == AddressingMethod.V;
        int width = in.width(0);
        String method = in.isMemory()
                ? (toReg ? "vload" : "vstore") + (in.row().alignsMemory() ? "Aligned" : "") + width
                : (toReg ? "moveToReg" : "moveToRm") + width;
        return Specializer.op(VectorTemplates.MoveWhole.class, 0, "available", AVAILABLE, "move", VexOperands.named(method));
    }

    /** Up to eight bytes; what is above them in a register is cleared. */
    private static Op part(Instruction in, String from) {
        String settled = in.isMemory(0) ? "nothing" : switch (in.row().operand(0).method()) {
            case V -> "clearRegHigh";
            case W -> "clearRmHigh";
            default -> "nothing";
        };
        return Specializer.op(VectorTemplates.Move.class, 0, "available", AVAILABLE, "first", VectorMoves.accessor(from), "store",
                VectorMoves.accessor(VectorMoves.extend(in)), "settled", VexOperands.named(settled));
    }
}
