package org.lodgevm.x86.interpret;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
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
    private static final Map<Key, Op> PROTOTYPES = new ConcurrentHashMap<>();

    private record Key(Class<?> template, int bits, List<Method> fillings) {}

    private Specializer() {}

    /**
     * An unbound op of the specialised class.
     *
     * @param bits value of {@link Hole#bits}, where the template uses it
     * @param fillings pairs: name of the hole, {@link Method} to call
     */
    static Op op(Class<? extends Op> template, int bits, Object... fillings) {
        Method[] methods = new Method[fillings.length / 2];
        for (int i = 0; i < methods.length; i++) {
            methods[i] = (Method) fillings[2 * i + 1];
        }
        Key key = new Key(template, bits, Arrays.asList(methods));
        Op prototype = PROTOTYPES.get(key);
        if (prototype == null) {
            prototype = PROTOTYPES.computeIfAbsent(key, k -> define(template, bits, fillings));
        }
        return prototype.fresh();
    }

    private static Op define(Class<? extends Op> template, int bits, Object[] fillings) {
        byte[] bytes = ClassFile.of().transformClass(MODELS.computeIfAbsent(template, Specializer::parse),
                ClassTransform.transformingMethodBodies((code, element) -> {
                    if (!(element instanceof InvokeInstruction call) || !call.owner().asInternalName().equals(HOLE)) {
                        code.with(element);
                    } else if (call.name().equalsString("bits")) {
                        code.loadConstant(bits);
                    } else {
                        Method target = filling(fillings, call.name().stringValue());
                        code.invokestatic(ClassDesc.ofDescriptor(target.getDeclaringClass().descriptorString()),
                                target.getName(), call.typeSymbol());
                    }
                }));
        try {
            var constructor = LOOKUP.defineHiddenClass(bytes, true).lookupClass().getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Op) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("template " + template.getSimpleName(), e);
        }
    }

    private static Method filling(Object[] fillings, String hole) {
        for (int i = 0; i < fillings.length; i += 2) {
            if (fillings[i].equals(hole) && fillings[i + 1] != null) {
                return (Method) fillings[i + 1];
            }
        }
        throw new IllegalStateException("nothing fills " + hole);
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
