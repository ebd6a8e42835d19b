package org.lodgevm.x86.interpret;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes one op of several that run one after the other: a class whose {@code run} calls a static copy of each template's
 * {@code run}. HotSpot inlines them all, which saves the indirect calls between ops and lets one see the other's results.
 *
 * <p>Before each part its index goes to {@link Cpu#part}, so that a fault is still precise.
 */
final class Fusion {
    /** More in one class would exceed what HotSpot inlines. */
    private static final int MOST_PARTS = 12;
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final Map<Class<?>, ClassModel> MODELS = new ConcurrentHashMap<>();
    private static final ClassDesc OP = desc(Op.class);
    private static final ClassDesc FUSED = desc(Fused.class);
    private static final ClassDesc CPU = desc(Cpu.class);
    private static final ClassDesc SELF = ClassDesc.of(Fusion.class.getPackageName(), "FusedOp");
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void, CPU);
    private static final MethodTypeDesc PART = MethodTypeDesc.of(CD_void, OP, CPU);
    private static final DynamicConstantDesc<Object> PARTS = DynamicConstantDesc.ofNamed(
            ConstantDescs.ofConstantBootstrap(desc(MethodHandles.class), "classData", ConstantDescs.CD_Object),
            ConstantDescs.DEFAULT_NAME, OP.arrayType());

    /** What all fused ops have. */
    abstract static class Fused extends Op {
        private Op[] parts;

        @Override
        Op part(Cpu c) {
            return parts[c.part];
        }

        @Override
        Op fresh() {
            throw new UnsupportedOperationException("a fused op is one of a kind");
        }
    }

    private Fusion() {}

    private static ClassModel parse(Class<?> template) {
        return ClassFile.of().parse(ClassTemplate.bytes(template));
    }

    /** Copies one instruction of a template, with a call to a hole replaced. */
    private static void fill(Specializer.Form form, CodeBuilder code, CodeElement element) {
        if (!(element instanceof InvokeInstruction call) || !call.owner().asInternalName().equals(ClassTemplate.HOLE)) {
            code.with(element);
        } else {
            Method target = form.filling(call.name().stringValue());
            code.invokestatic(desc(target.getDeclaringClass()), target.getName(), call.typeSymbol());
        }
    }

    private static ClassDesc desc(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    /** Fused ops that do the same as these, in order. */
    static Op[] fuse(Op[] ops) {
        List<Op> fused = new ArrayList<>();
        for (int from = 0; from < ops.length; from += MOST_PARTS) {
            Op[] parts = Arrays.copyOfRange(ops, from, Math.min(ops.length, from + MOST_PARTS));
            fused.add(parts.length == 1 ? single(parts[0]) : define(parts));
        }
        return fused.toArray(Op[]::new);
    }

    /** A copy, since the original stays linked to its neighbours for CPUs that are running them. */
    private static Op single(Op op) {
        return define(new Op[] {op});
    }

    private static Op define(Op[] parts) {
        byte[] bytes = ClassFile.of().build(SELF, type -> {
            type.withFlags(ClassFile.ACC_FINAL).withSuperclass(FUSED);
            constructor(type);
            constants(type, parts.length);
            run(type, parts.length);
            for (int i = 0; i < parts.length; i++) {
                part(type, i, parts[i].form);
            }
        });
        try {
            var constructor = LOOKUP.defineHiddenClassWithClassData(bytes, parts, true).lookupClass()
                    .getDeclaredConstructor();
            constructor.setAccessible(true);
            Fused op = (Fused) constructor.newInstance();
            op.parts = parts;
            return op;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot fuse " + parts.length + " ops", e);
        }
    }

    private static void constructor(ClassBuilder type) {
        type.withMethodBody(INIT_NAME, MTD_void, 0,
                code -> code.aload(0).invokespecial(FUSED, INIT_NAME, MTD_void).return_());
    }

    /** A static final field for each part: a constant to the JIT compiler. */
    private static void constants(ClassBuilder type, int count) {
        for (int i = 0; i < count; i++) {
            type.withField("PART" + i, OP, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        }
        type.withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, code -> {
            for (int i = 0; i < count; i++) {
                code.loadConstant(PARTS).loadConstant(i).aaload().putstatic(SELF, "PART" + i, OP);
            }
            code.return_();
        });
    }

    private static void run(ClassBuilder type, int count) {
        type.withMethodBody("run", RUN, 0, code -> {
            for (int i = 0; i < count; i++) {
                code.aload(1).loadConstant(i).putfield(CPU, "part", CD_int);
                code.getstatic(SELF, "PART" + i, OP).aload(1).invokestatic(SELF, "part" + i, PART);
            }
            code.return_();
        });
    }

    /** A template's {@code run} as a static method: the op becomes its first parameter, in the place of {@code this}. */
    private static void part(ClassBuilder type, int index, Specializer.Form form) {
        String template = form.template().getName().replace('.', '/');
        CodeModel body = MODELS.computeIfAbsent(form.template(), Fusion::parse).methods().stream()
                .filter(m -> m.methodName().equalsString("run")).map(MethodModel::code).findFirst().orElseThrow()
                .orElseThrow();
        type.withMethod("part" + index, PART, ClassFile.ACC_STATIC, method -> method.transformCode(body,
                (code, element) -> {
                    if (element instanceof FieldInstruction field && field.owner().asInternalName().equals(template)) {
                        code.fieldAccess(field.opcode(), OP, field.name().stringValue(), field.typeSymbol());
                    } else if (element instanceof InvokeInstruction call && call.owner().asInternalName().equals(template)) {
                        code.invoke(call.opcode(), OP, call.name().stringValue(), call.typeSymbol(), false);
                    } else {
                        fill(form, code, element);
                    }
                }));
    }
}
