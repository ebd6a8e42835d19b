package org.lodgevm.machine.state;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A field of an object, which its module lets this one see. */
record DataField(Field field) {
    private static final ClassValue<List<DataField>> FIELDS = new ClassValue<>() {
        @Override
        protected List<DataField> computeValue(Class<?> type) {
            return Arrays.stream(type.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                    .sorted(Comparator.comparing(Field::getName))
                    .map(DataField::new)
                    .toList();
        }
    };

    /** Those that a class declares itself, by their names. */
    static List<DataField> of(Class<?> type) {
        return FIELDS.get(type);
    }

    DataField {
        field.setAccessible(true);
    }

    String name() {
        return field.getName();
    }

    Type type() {
        return field.getGenericType();
    }

    /** Left out: it follows from the rest, or belongs to the host. */
    boolean isTransient() {
        return Modifier.isTransient(field.getModifiers());
    }

    boolean isFinal() {
        return Modifier.isFinal(field.getModifiers());
    }

    Object get(Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    void set(Object object, Object value) {
        try {
            field.set(object, value);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
