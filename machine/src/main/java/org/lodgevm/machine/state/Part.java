package org.lodgevm.machine.state;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.lodgevm.machine.Clock;

/**
 * A device or a part of one.
 *
 * @param object whose monitor guards the states
 * @param states by the fields that have them; mostly it is one
 */
record Part(Object object, Map<String, Object> states, Map<String, Clock.Timer> timers, Map<String, Part> parts) {
    private static final String STATE = "State";

    /**
     * Looks for everything that an object has.
     *
     * @param packages of devices and their parts
     * @param known what has a place already; what is found is added
     */
    static Part of(Object object, String packages, Set<Object> known) {
        Part part = new Part(object, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        List<DataField> fields = DataField.of(object.getClass());
        for (DataField field : fields) {
            Object value = field.get(object);
            if (isState(field.type()) && known.add(value)) {
                note(value, packages, known);
                part.states.put(field.name(), value);
            } else if (value instanceof Clock.Timer timer) {
                part.timers.put(field.name(), timer);
            }
        }
        Map<String, Object> children = new LinkedHashMap<>();
        for (DataField field : fields) {
            collect(field.name(), field.type(), field.get(object), packages, children);
        }
        children.values().removeIf(child -> !known.add(child)); // all of them before any of theirs
        children.forEach((name, child) -> part.parts.put(name, of(child, packages, known)));
        part.parts.values().removeIf(Part::isEmpty);
        return part;
    }

    private static boolean isState(Type type) {
        return type instanceof Class<?> plain && plain.getSimpleName().equals(STATE);
    }

    /** A state that is in another has its place there. */
    private static void note(Object state, String packages, Set<Object> known) {
        for (DataField field : DataField.of(state.getClass())) {
            Object value = field.get(state);
            for (Object each : value instanceof Object[] array ? Arrays.asList(array) : value == null ? List.of() : List.of(value)) {
                if (each != null && isOurs(each.getClass(), packages) && !each.getClass().isRecord() && known.add(each)) {
                    note(each, packages, known);
                }
            }
        }
    }

    private static boolean isOurs(Class<?> type, String packages) {
        return type.getPackageName().startsWith(packages) && !type.isEnum();
    }

    private static void collect(String name, Type type, Object value, String packages, Map<String, Object> children) {
        if (value == null) {
            return;
        }
        switch (type) {
            case Class<?> array when array.isArray() && !array.getComponentType().isPrimitive() -> collectAll(
                    name, array.getComponentType(), Arrays.asList((Object[]) value), packages, children);
            case Class<?> plain when isPart(plain, packages) -> children.put(name, value);
            case ParameterizedType list when value instanceof List<?> elements -> collectAll(
                    name, list.getActualTypeArguments()[0], elements, packages, children);
            default -> {
                // a number, a function, something of the host's
            }
        }
    }

    /** Behind an interface is somebody else, unless it says that it is for parts. */
    private static boolean isPart(Class<?> type, String packages) {
        return isOurs(type, packages) && (!type.isInterface() || Stateful.class.isAssignableFrom(type)) && !isState(type);
    }

    private static void collectAll(String name, Type type, List<?> elements, String packages, Map<String, Object> children) {
        IntStream.range(0, elements.size()).forEach(i -> collect(name + "." + i, type, elements.get(i), packages, children));
    }

    boolean isEmpty() {
        return timers.isEmpty() && parts.isEmpty() && states.values().stream().allMatch(state -> Data.save(state).fields().isEmpty())
                && !(object instanceof Restorable);
    }

    // ---- use --------------------------------------------------------------------------------------------------------

    Value.Group save() {
        Map<String, Value> saved = new LinkedHashMap<>();
        synchronized (object) {
            states.forEach((name, state) -> saved.put(name, Data.save(state)));
            timers.forEach((name, timer) -> saved.put(name, new Value.Whole(Value.Type.LONG, timer.deadline())));
        }
        parts.forEach((name, part) -> saved.put(name, part.save()));
        return new Value.Group(saved);
    }

    void load(Value.Group from) throws StateException {
        for (String name : from.fields().keySet()) {
            if (!states.containsKey(name) && !timers.containsKey(name) && !parts.containsKey(name)) {
                throw new StateException("there is no '%s' here".formatted(name));
            }
        }
        synchronized (object) {
            for (Map.Entry<String, Object> state : states.entrySet()) {
                inside(state.getKey(), () -> Data.load(from.group(state.getKey()), state.getValue()));
            }
            for (Map.Entry<String, Clock.Timer> timer : timers.entrySet()) {
                load(from.need(timer.getKey()), timer.getValue());
            }
        }
        for (Map.Entry<String, Part> part : parts.entrySet()) {
            inside(part.getKey(), () -> part.getValue().load(from.group(part.getKey())));
        }
    }

    private static void load(Value from, Clock.Timer timer) throws StateException {
        if (!(from instanceof Value.Whole(Value.Type type, long deadline)) || type != Value.Type.LONG) {
            throw new StateException("a timer has no time");
        } else if (deadline == Clock.Timer.NEVER) {
            timer.cancel();
        } else {
            timer.arm(deadline);
        }
    }

    void restored() throws StateException {
        if (object instanceof Restorable restorable) {
            restorable.restored();
        }
        for (Map.Entry<String, Part> part : parts.entrySet()) {
            inside(part.getKey(), part.getValue()::restored);
        }
    }

    private interface Step {
        void run() throws StateException;
    }

    private static void inside(String name, Step step) throws StateException {
        try {
            step.run();
        } catch (StateException e) {
            throw e.in(name);
        } catch (IllegalStateException e) {
            throw new StateException(e.getMessage(), e).in(name);
        }
    }
}
