package org.lodgevm.x86.interpret;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a class of its own for every combination of template, operation and operand kinds that guests use.
 *
 * <p>A template is an ordinary {@link Op} that calls methods of {@link Hole}. Its class file is read once; for each
 * combination a copy is defined as a hidden class in which those calls go to the given static methods instead (for
 * {@link Hole#bits}, one that returns a constant). HotSpot then sees direct calls, which it inlines, and a class hierarchy in which
 * every op is its own type.
 */
final class Specializer {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final Map<Class<?>, ClassTemplate> TEMPLATES = new ConcurrentHashMap<>();
    private static final Map<Form, Op> PROTOTYPES = new ConcurrentHashMap<>();

    /** A template and what fills its holes. */
    record Form(Class<? extends Op> template, int bits, Map<String, Method> fillings) {
        /** What fills a hole of that name. */
        Method filling(String hole) {
            Method filling = hole.equals("bits") ? Numbers.method(bits) : fillings.get(hole);
            if (filling == null) {
                throw new IllegalStateException("nothing fills " + hole);
            }
            return filling;
        }
    }

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
        byte[] bytes = TEMPLATES.computeIfAbsent(form.template(), ClassTemplate::of).filled(form::filling);
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
}
