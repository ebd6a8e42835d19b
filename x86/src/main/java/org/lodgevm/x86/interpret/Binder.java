package org.lodgevm.x86.interpret;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lodgevm.machine.Trace;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.Access;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.StateBlock;

/** Turns a decoded instruction into an op: chooses template, operation and operand accessors, and fills in the places. */
final class Binder {
    private static final int VEX_L_SHIFT = 40;
    private static final int BASED_SHIFT = 41;
    private static final int CONDITION_SHIFT = 48;
    /** Shapes whose operations see nothing of the instruction but what an op's fields say. */
    private static final Set<Class<?>> SIMPLE = Set.of(Templates.Fast.class, Templates.Unary.class, Templates.Binary.class,
            Templates.Ternary.class, Templates.Compare.class, Templates.Move.class, Templates.SetByte.class,
            Templates.ConditionalMove.class, Templates.Branch64.class, Templates.CompareAndBranch.class,
            Templates.BinaryAndBranch.class, Templates.UnaryAndBranch.class);
    /** Remembers that there is none. */
    private static final Op NO_FORM = new Templates.Plain();

    private final Cpu c;
    private final BoundForms forms = new BoundForms();

    Binder(Cpu cpu) {
        c = cpu;
    }

    /** One for another thread, which finds out what 64-bit code would become, whatever the CPU itself is in. */
    static Binder ahead(Cpu cpu) {
        Cpu other = new Cpu(cpu.index, cpu.bus, cpu.interrupts, cpu.tsc, cpu.clock, cpu.code, cpu.cpuid, Trace.OFF);
        other.cr0 |= Cr.CR0_PE;
        other.code64 = true;
        return new Binder(other);
    }

    /**
     * One op for an operation and the conditional branch after it, or null where they do not make a pair. The branch
     * cannot fault, so that a fault is always the operation's.
     */
    Op bindPair(Instruction in, Instruction branch, long rip) {
        Row row = branch.row();
        if (!c.code64 || row.condition() < 0 || !row.has(Attribute.JUMP) || in.row().condition() >= 0) {
            return null;
        }
        long next = rip + in.length();
        long target = next + branch.length() + branch.imm();
        if (!c.mmu.canonical(target)) {
            return null;
        }
        long key = key(in, true) | (long) (row.condition() + 1) << CONDITION_SHIFT;
        Op form = forms.get(key);
        if (form == null) {
            form = choosePair(in, Semantics.CONDITIONS[row.condition()]);
            forms.put(key, form);
        }
        if (form == NO_FORM || refused(in) != null) {
            return null;
        }
        Op op = Specializer.copy(form);
        op.instruction = in;
        op.rip = rip;
        op.next = next;
        place(op, in);
        op.next = next + branch.length();
        op.target = target;
        op.instructions = 2;
        return op;
    }

    private Op choosePair(Instruction in, Method condition) {
        Method method = Semantics.value(in.row().operation().toLowerCase(Locale.ROOT));
        if (method == null || method.getParameterCount() > 4 || in.lock() || plainMethod(in, method.getName()) != null) {
            return NO_FORM;
        }
        return value(in, method, condition);
    }

    /** The op of an instruction at {@code rip}; what cannot or must not be executed becomes an op that faults. */
    Op bind(Instruction in, long rip, long ripMask) {
        long next = rip + in.length() & ripMask;
        Op op = refused(in);
        if (op == null) {
            boolean targetChecked = c.code64 && in.row().has(Attribute.JUMP) && c.mmu.canonical(next + in.imm());
            long key = key(in, targetChecked);
            Op form = forms.get(key);
            if (form == null) {
                form = choose(in, targetChecked);
                form = form == null ? plain("unimplemented") : form;
                forms.put(key, form);
            }
            op = Specializer.copy(form);
        }
        op.instruction = in;
        op.rip = rip;
        op.next = next;
        place(op, in);
        return op;
    }

    /** All that the choice of an op depends on. */
    private long key(Instruction in, boolean targetChecked) {
        long key = in.row().id() + 1L << 8 | in.opSize() << 4;
        key |= in.isMemory() ? 1 : 0;
        key |= in.lock() ? 2 : 0;
        key |= targetChecked ? 4 : 0;
        key |= c.code64 ? 8 : 0;
        key |= in.isMemory() && isBased(in) ? 1L << BASED_SHIFT : 0;
        return key | (long) in.vexL() << VEX_L_SHIFT;
    }

    /** Privilege and mode, which are part of a block's key and so need no look while it runs. */
    private Op refused(Instruction in) {
        Row row = in.row();
        if (row.has(Attribute.NOREAL) && (!c.protectedMode() || c.v86)) {
            return plain("undefined");
        }
        if (!c.cpuid.shows(row.feature()) || row.usesAvx() && !c.cpuid.shows(Feature.AVX)) {
            return plain("undefined");
        }
        if (row.has(Attribute.CPL0) && c.cpl != 0) {
            return plain("forbidden");
        }
        if (row.has(Attribute.CPL0UD) && c.cpl != 0) {
            return plain("undefined");
        }
        return null;
    }

    private Op choose(Instruction in, boolean targetChecked) {
        Row row = in.row();
        if (row.condition() >= 0) {
            return conditional(in, targetChecked);
        }
        String name = row.operation().toLowerCase(Locale.ROOT);
        Method method = fast(in, name, targetChecked);
        if (method != null) {
            return Specializer.op(Templates.Fast.class, 0, "plain", method);
        }
        method = plainMethod(in, name);
        if (method != null) {
            return Specializer.op(Templates.Plain.class, 0, "plain", method);
        }
        method = Semantics.value(name);
        if (method != null) {
            return value(in, method, null);
        }
        if (name.equals("mov") || name.equals("lea") || name.equals("movnti")) {
            return Specializer.op(Templates.Move.class, 0, "first", read(in, 1, false), "store", write(in, 0, false));
        }
        return VectorBinder.bind(in, name);
    }

    private static Op plain(String name) {
        return Specializer.op(Templates.Plain.class, 0, "plain", Semantics.plain(name));
    }

    private static Method plainMethod(Instruction in, String name) {
        Row row = in.row();
        List<Operand> operands = row.operands();
        for (Operand operand : operands) {
            String suffix = switch (operand.method()) {
                case S, SEGMENT -> "Segment";
                case C -> "Control";
                case D -> "Debug";
                default -> null;
            };
            if (suffix != null) {
                return Semantics.plain(name + suffix);
            }
        }
        if (name.equals("int")) {
            return Semantics.plain("intN"); // a keyword of Java's
        }
        if (name.equals("imul") && operands.size() == 1) {
            return Semantics.plain("imulWide");
        }
        if (name.startsWith("bt") && in.isMemory() && operands.get(1).method() == AddressingMethod.G) {
            Method string = Semantics.plain(name + "String");
            if (string != null) {
                return string;
            }
        }
        return Semantics.plain(name);
    }

    /** What does nothing, and the commonest of 64-bit code: operations that need nothing but an op's fields. */
    private Method fast(Instruction in, String name, boolean targetChecked) {
        if (name.equals("nop") || name.startsWith("prefetch") || name.startsWith("endbr")) {
            return Semantics.plain("nop");
        }
        if (!c.code64 || in.opSize() != 8) {
            return null;
        }
        List<Operand> operands = in.row().operands();
        AddressingMethod first = operands.isEmpty() ? null : operands.get(0).method();
        boolean register = !in.isMemory() && (first == AddressingMethod.Z || first == AddressingMethod.E);
        return switch (name) {
            case "push", "pop" -> register ? Semantics.plain(name + "64") : null;
            case "call", "jmp" ->
                first == AddressingMethod.J && targetChecked ? Semantics.plain(name + "64") : null;
            case "ret", "leave" -> Semantics.plain(name + "64");
            default -> null;
        };
    }

    private Op conditional(Instruction in, boolean targetChecked) {
        Row row = in.row();
        Method condition = Semantics.CONDITIONS[row.condition()];
        if (row.has(Attribute.JUMP)) {
            return Specializer.op(targetChecked ? Templates.Branch64.class : Templates.Branch.class, 0, "condition", condition);
        }
        if (row.operands().size() == 1) {
            return Specializer.op(Templates.SetByte.class, 0, "condition", condition, "store", write(in, 0, false));
        }
        return Specializer.op(Templates.ConditionalMove.class, 0, "condition", condition, "first", read(in, 0, false),
                "secondOperand", read(in, 1, false), "store", write(in, 0, false));
    }

    /**
     * An operation over values: its arguments are the operands that are read, in order.
     *
     * @param condition of the branch to be made one op with, or null
     */
    private Op value(Instruction in, Method method, Method condition) {
        List<Access> accesses = in.row().accesses();
        boolean writes = accesses.get(0).writes();
        boolean modifies = accesses.get(0) == Access.READ_WRITE && in.isMemory(0);
        Method[] reads = new Method[3];
        int count = 0;
        int bits = 0;
        for (int i = 0; i < accesses.size(); i++) {
            if (accesses.get(i).reads()) {
                reads[count++] = read(in, i, i == 0 && modifies);
                bits = bits == 0 ? 8 * in.width(i) : bits;
            }
        }
        if (in.lock()) {
            return count == 1 ? Specializer.op(Templates.AtomicUnary.class, bits, "unary", method)
                    : Specializer.op(Templates.AtomicBinary.class, bits, "binary", method, "secondOperand", reads[1]);
        }
        Class<? extends Op> template = template(count, writes, condition != null);
        String operation = count == 1 ? "unary" : count == 2 ? "binary" : "ternary";
        return Specializer.op(template, bits, operation, method, "first", reads[0], "secondOperand", reads[1], "third",
                reads[2], "store", writes ? write(in, 0, modifies) : null, "condition", condition);
    }

    private static Class<? extends Op> template(int operands, boolean writes, boolean branches) {
        if (!writes) {
            return branches ? Templates.CompareAndBranch.class : Templates.Compare.class;
        }
        return switch (operands) {
            case 1 -> branches ? Templates.UnaryAndBranch.class : Templates.Unary.class;
            case 2 -> branches ? Templates.BinaryAndBranch.class : Templates.Binary.class;
            default -> Templates.Ternary.class;
        };
    }

    private static Method read(Instruction in, int position, boolean toModify) {
        Operand operand = in.row().operand(position);
        int bits = 8 * in.width(position);
        if (in.isMemory(position)) {
            boolean addressOnly = in.row().accesses().get(position) == Access.NONE;
            String kind = addressOnly ? "address" : (toModify ? "modify" : "memory") + bits;
            return Semantics.operand(isBased(in) ? "based" + capitalized(kind) : kind);
        }
        return switch (operand.method()) {
            case I, CONSTANT -> Semantics.operand("immediate");
            default -> Semantics.operand(place(in, position) + bits);
        };
    }

    private static Method write(Instruction in, int position, boolean modified) {
        int bits = 8 * in.width(position);
        if (in.isMemory(position)) {
            return Semantics.operand((modified ? "commit" : isBased(in) ? "toBasedMemory" : "toMemory") + bits);
        }
        return Semantics.operand("to" + capitalized(place(in, position)) + bits);
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Whether the address is a 64-bit base plus displacement (or one of them alone) and no segment moves it. */
    private static boolean isBased(Instruction in) {
        return in.codeSize().is64() && in.addrSize() == 8 && in.index() < 0 && in.segment() < Segment.FS;
    }

    /** Which field of the op names a register operand. */
    private static String place(Instruction in, int position) {
        return switch (in.row().operand(position).method()) {
            case E, R, Z -> "rm";
            case B -> "vreg";
            case GENERAL -> usesReg(in) ? "vreg" : "reg";
            default -> "reg";
        };
    }

    private static boolean usesReg(Instruction in) {
        for (Operand operand : in.row().operands()) {
            if (operand.method() == AddressingMethod.G) {
                return true;
            }
        }
        return false;
    }

    private void place(Op op, Instruction in) {
        op.imm = in.imm();
        List<Operand> operands = in.row().operands();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            switch (operand.method()) {
                case G, E, R, Z, B, GENERAL -> {
                    if (!in.isMemory(i)) {
                        placeRegister(op, place(in, i), offset(in, in.register(i), in.width(i)));
                    }
                }
                case V, P -> op.reg = vectorOffset(operand.method(), in.register(i));
                case H -> op.vreg = vectorOffset(operand.method(), in.register(i));
                case L -> op.imm = vectorOffset(operand.method(), in.register(i));
                case W, U, Q, N -> {
                    if (!in.isMemory(i)) {
                        op.rm = vectorOffset(operand.method(), in.register(i));
                    }
                }
                case J -> op.target = branchTarget(op.next + in.imm(), in.opSize());
                case CONSTANT -> op.imm = operand.fixed();
                default -> {
                    // nothing to place: the operation knows
                }
            }
        }
        op.addressShift = (byte) (Long.SIZE - 8 * in.addrSize());
        op.segment = (byte) in.segment();
        op.base = (short) (in.base() < 0 ? Gpr.ZERO : in.base());
        op.index = (short) (in.index() < 0 || in.row().hasVectorIndex() ? Gpr.ZERO : in.index());
        op.scale = (byte) in.scale();
        op.disp = in.ripRelative() ? op.next + in.disp() : in.disp();
        op.flat = c.code64 && in.addrSize() == 8;
        if (SIMPLE.contains(op.form.template()) && !c.tracer.code) {
            op.instruction = null;
        }
        op.segmentBase = (short) (op.segment >= Segment.FS ? Gpr.SEGMENT_BASE + op.segment : Gpr.ZERO);
    }

    private static void placeRegister(Op op, String place, short offset) {
        switch (place) {
            case "rm" -> op.rm = offset;
            case "vreg" -> op.vreg = offset;
            default -> op.reg = offset;
        }
    }

    private static short offset(Instruction in, int register, int width) {
        return (short) (width == 1 && in.isHighByte(register) ? register - 4 + Gpr.HIGH_BYTE : register);
    }

    private static short vectorOffset(AddressingMethod method, int register) {
        boolean mmx = method == AddressingMethod.P || method == AddressingMethod.Q || method == AddressingMethod.N;
        return (short) (mmx ? VectorBinder.mmx(register) : StateBlock.XMM + 16 * register);
    }

    private static long branchTarget(long target, int opSize) {
        return opSize == 8 ? target : opSize == 4 ? target & 0xffff_ffffL : target & 0xffff;
    }
}
