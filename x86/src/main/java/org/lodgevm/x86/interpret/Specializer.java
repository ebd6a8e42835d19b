package org.lodgevm.x86.interpret;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a class of its own for every combination of template, operation and operand kinds that guests use.
 *
 * <p>A template is an ordinary {@link Op} that calls methods of {@link Hole}. Its class file is read once; for each
 * combination a copy is defined as a hidden class in which those calls go to the given static methods instead (or, for
 * {@link Hole#bits}, are a constant). HotSpot then sees direct calls, which it inlines, and a class hierarchy in which
 * every op is its own type.
 */
final class Specializer {
    private static final String HOLE = "org/lodgevm/x86/interpret/Hole";
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final Map<Class<?>, ClassModel> MODELS = new ConcurrentHashMap<>();
    private static final Map<Form, Op> PROTOTYPES = new ConcurrentHashMap<>();

    /** A template and what fills its holes. */
    record Form(Class<? extends Op> template, int bits, Map<String, Method> fillings) {}

    private Specializer() {}

    /**
     * An unbound op of the specialised class.
     *
     * @param bits value of {@link Hole#bits}, where the template uses it
     * @param fillings pairs: name of the hole, {@link Method} to call
     */
    static Op op(Class<? extends Op> template, int bits, Object... fillings) {
        Map<String, Method> filled = new HashMap<>();
        for (int i = 0; i < fillings.length; i += 2) {
            if (fillings[i + 1] != null) {
                filled.put((String) fillings[i], (Method) fillings[i + 1]);
            }
        }
        return copy(PROTOTYPES.computeIfAbsent(new Form(template, bits, filled), Specializer::define));
    }

    /** Another unbound op of the same class. */
    static Op copy(Op prototype) {
        Op op = prototype.fresh();
        op.form = prototype.form;
        return op;
    }

    private static Op define(Form form) {
        byte[] bytes = ClassFile.of().transformClass(model(form.template()),
                ClassTransform.transformingMethodBodies((code, element) -> fill(form, code, element)));
        try {
            var constructor = LOOKUP.defineHiddenClass(bytes, true).lookupClass().getDeclaredConstructor();
            constructor.setAccessible(true);
            Op op = (Op) constructor.newInstance();
            op.form = form;
            return op;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("template " + form.template().getSimpleName(), e);
        }
    }

    /** Copies one instruction of a template, with a call to a hole replaced. */
    static void fill(Form form, CodeBuilder code, CodeElement element) {
        if (!(element instanceof InvokeInstruction call) || !call.owner().asInternalName().equals(HOLE)) {
            code.with(element);
        } else if (call.name().equalsString("bits")) {
            code.loadConstant(form.bits());
        } else {
            Method target = form.fillings().get(call.name().stringValue());
            if (target == null) {
                throw new IllegalStateException("nothing fills " + call.name().stringValue());
            }
            code.invokestatic(ClassDesc.ofDescriptor(target.getDeclaringClass().descriptorString()), target.getName(),
                    call.typeSymbol());
        }
    }

    static ClassModel model(Class<?> template) {
        return MODELS.computeIfAbsent(template, Specializer::parse);
    }

    private static ClassModel parse(Class<?> template) {
        String resource = template.getName().substring(template.getPackageName().length() + 1) + ".class";
        try (InputStream in = template.getResourceAsStream(resource)) {
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
