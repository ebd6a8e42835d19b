package org.lodgevm.machine.state;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Plain data as values, and back: numbers, strings, constants of enumerations, records, arrays, bit sets, collections and maps of those, and
 * objects whose fields are such. All of them but objects may be replaced; an object is there already and gets its fields back.
 */
public final class Data {
    private static final String KEY = "key";
    private static final String VALUE = "value";
    private static final Value NONE = new Value.Many(List.of());

    private Data() {}

    /** The fields of an object that are not transient. */
    public static Value.Group save(Object object) {
        Map<String, Value> saved = new LinkedHashMap<>();
        for (DataField field : DataField.of(object.getClass())) {
            if (!field.isTransient()) {
                saved.put(field.name(), save(field.get(object), field.type()));
            }
        }
        return new Value.Group(saved);
    }

    /** Gives an object's fields the values that they have in {@code from}, which has all of them and no others; but a collection that it lacks is empty. */
    public static void load(Value.Group from, Object object) throws StateException {
        List<DataField> fields = DataField.of(object.getClass()).stream().filter(field -> !field.isTransient()).toList();
        requireOnly(from, fields.stream().map(DataField::name).toList());
        for (DataField field : fields) {
            Object present = field.isFinal() ? field.get(object) : null;
            Value value = present instanceof Collection<?> ? from.fields().getOrDefault(field.name(), NONE) : from.need(field.name());
            try {
                Object loaded = load(value, field.type(), present);
                if (!field.isFinal()) {
                    field.set(object, loaded);
                } else if (loaded != present) {
                    throw new StateException("there must be something");
                }
            } catch (StateException e) {
                throw e.in(field.name());
            }
        }
    }

    /** A record as {@link #save} has saved it. */
    public static <R extends Record> R loadRecord(Value.Group from, Class<R> type) throws StateException {
        return type.cast(record(from, type));
    }

    static void requireOnly(Value.Group from, Collection<String> known) throws StateException {
        for (String name : from.fields().keySet()) {
            if (!known.contains(name)) {
                throw new StateException("'%s' is of no meaning here".formatted(name));
            }
        }
    }

    // ---- to values --------------------------------------------------------------------------------------------------

    private static Value save(Object value, Type type) {
        Class<?> raw = raw(type);
        if (value == null) {
            return new Value.Nothing();
        } else if (Numbers.type(raw) != null) {
            return Numbers.save(Numbers.type(raw), value);
        } else if (value instanceof String || value instanceof Enum<?>) {
            return new Value.Text(value instanceof Enum<?> constant ? constant.name() : value.toString());
        } else if (raw.isArray()) {
            return saveArray(value, raw.getComponentType());
        } else if (value instanceof BitSet bits) {
            return Numbers.saveArray(Value.Type.LONG, bits.toLongArray());
        } else if (value instanceof AtomicInteger number) {
            return new Value.Whole(Value.Type.INT, number.get());
        } else if (value instanceof Collection<?> elements) {
            return new Value.Many(elements.stream().map(element -> save(element, argument(type, 0))).toList());
        } else if (value instanceof Map<?, ?> map) {
            return new Value.Many(map.entrySet().stream().map(entry -> saveEntry(entry, type)).toList());
        }
        return save(value);
    }

    private static Value saveArray(Object array, Class<?> component) {
        Value.Type type = component.isPrimitive() ? Numbers.type(component) : null;
        return type != null
                ? Numbers.saveArray(type, array)
                : new Value.Many(Arrays.stream((Object[]) array).map(element -> save(element, component)).toList());
    }

    private static Value saveEntry(Map.Entry<?, ?> entry, Type map) {
        Map<String, Value> saved = new LinkedHashMap<>();
        saved.put(KEY, save(entry.getKey(), argument(map, 0)));
        saved.put(VALUE, save(entry.getValue(), argument(map, 1)));
        return new Value.Group(saved);
    }

    // ---- from values ------------------------------------------------------------------------------------------------

    /** @return {@code present}, filled, where it is something to be filled */
    private static Object load(Value value, Type type, Object present) throws StateException {
        Class<?> raw = raw(type);
        return switch (value) {
            case Value.Nothing() when !raw.isPrimitive() -> null;
            case Value.Whole whole when whole.type() == Numbers.type(raw) -> Numbers.load(whole);
            case Value.Whole whole when present instanceof AtomicInteger number && whole.type() == Value.Type.INT -> {
                number.set((int) whole.value());
                yield number;
            }
            case Value.Text(String text) when raw == String.class -> text;
            case Value.Text(String text) when raw.isEnum() -> constant(raw, text);
            case Value.Numbers numbers when present instanceof BitSet bits && numbers.type() == Value.Type.LONG -> {
                long[] words = new long[numbers.count()];
                Numbers.loadArray(numbers, words);
                bits.clear();
                bits.or(BitSet.valueOf(words));
                yield bits;
            }
            case Value.Numbers numbers when raw.isArray() && numbers.type() == Numbers.type(raw.getComponentType()) -> array(
                    numbers, raw.getComponentType(), present);
            case Value.Many(List<Value> elements) -> loadMany(elements, type, present);
            case Value.Group group when raw.isRecord() -> record(group, raw);
            case Value.Group group when present != null -> {
                load(group, present);
                yield present;
            }
            default -> throw mismatch(raw);
        };
    }

    private static StateException mismatch(Class<?> raw) {
        return new StateException("this is no " + raw.getSimpleName());
    }

    private static Object constant(Class<?> type, String name) throws StateException {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new StateException("there is no %s '%s'".formatted(type.getSimpleName(), name));
    }

    /** An array that is there keeps its length: it is that of a register file, a FIFO, a table. */
    private static Object array(Value.Numbers from, Class<?> component, Object present) throws StateException {
        if (present != null && Array.getLength(present) != from.count()) {
            throw new StateException("there are %d values where %d belong".formatted(from.count(), Array.getLength(present)));
        }
        Object array = present != null ? present : Array.newInstance(component, from.count());
        Numbers.loadArray(from, array);
        return array;
    }

    private static Object loadMany(List<Value> from, Type type, Object present) throws StateException {
        switch (present) {
            case Object[] array when array.length == from.size() -> {
                for (int i = 0; i < array.length; i++) {
                    array[i] = load(from.get(i), raw(type).getComponentType(), array[i]);
                }
            }
            case Object[] array -> throw new StateException("there are %d values where %d belong".formatted(from.size(), array.length));
            case Collection<?> collection -> fill(collection, elements(from, argument(type, 0)));
            case Map<?, ?> map -> {
                Map<Object, Object> loaded = new LinkedHashMap<>();
                for (Value entry : from) {
                    if (!(entry instanceof Value.Group pair)) {
                        throw new StateException("an entry of a map has no parts");
                    }
                    loaded.put(load(pair.need(KEY), argument(type, 0), null), load(pair.need(VALUE), argument(type, 1), null));
                }
                fill(map, loaded);
            }
            case null -> {
                if (raw(type) != List.class) {
                    throw mismatch(raw(type));
                }
                return elements(from, argument(type, 0));
            }
            default -> throw mismatch(raw(type));
        }
        return present;
    }

    private static List<Object> elements(List<Value> from, Type type) throws StateException {
        List<Object> loaded = new ArrayList<>();
        for (Value each : from) {
            loaded.add(load(each, type, null));
        }
        return loaded;
    }

    /** The elements have the type that the collection was declared with. */
    @SuppressWarnings("unchecked")
    private static void fill(Collection<?> collection, List<Object> elements) {
        collection.clear();
        ((Collection<Object>) collection).addAll(elements);
    }

    @SuppressWarnings("unchecked")
    private static void fill(Map<?, ?> map, Map<Object, Object> entries) {
        map.clear();
        ((Map<Object, Object>) map).putAll(entries);
    }

    private static Object record(Value.Group from, Class<?> type) throws StateException {
        RecordComponent[] components = type.getRecordComponents();
        requireOnly(from, Arrays.stream(components).map(RecordComponent::getName).toList());
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            try {
                arguments[i] = load(from.need(components[i].getName()), components[i].getGenericType(), null);
            } catch (StateException e) {
                throw e.in(components[i].getName());
            }
        }
        try {
            var constructor = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new StateException("this is no %s: %s".formatted(type.getSimpleName(), e.getCause().getMessage()), e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    // ---- types ------------------------------------------------------------------------------------------------------

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> raw(generic.getRawType());
            case GenericArrayType array -> raw(array.getGenericComponentType()).arrayType();
            default -> throw new IllegalArgumentException("a state has a field of the type " + type);
        };
    }

    private static Type argument(Type generic, int index) {
        return ((ParameterizedType) generic).getActualTypeArguments()[index];
    }
}
