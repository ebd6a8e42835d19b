package org.lodgevm.machine.state;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Between Java's primitive values and arrays, and those of a {@link Value}. */
final class Numbers {
    private static final Map<Class<?>, Value.Type> TYPES = Map.ofEntries(
            Map.entry(boolean.class, Value.Type.BOOLEAN), Map.entry(Boolean.class, Value.Type.BOOLEAN),
            Map.entry(byte.class, Value.Type.BYTE), Map.entry(Byte.class, Value.Type.BYTE),
            Map.entry(short.class, Value.Type.SHORT), Map.entry(Short.class, Value.Type.SHORT),
            Map.entry(char.class, Value.Type.CHAR), Map.entry(Character.class, Value.Type.CHAR),
            Map.entry(int.class, Value.Type.INT), Map.entry(Integer.class, Value.Type.INT),
            Map.entry(long.class, Value.Type.LONG), Map.entry(Long.class, Value.Type.LONG));

    private Numbers() {}

    /** What a primitive type or the class of its boxes is called here; null for all others, and for those that no state has. */
    static Value.Type type(Class<?> type) {
        return TYPES.get(type);
    }

    static Value.Whole save(Value.Type type, Object box) {
        return new Value.Whole(type, switch (type) {
            case BOOLEAN -> (boolean) box ? 1 : 0;
            case CHAR -> (char) box;
            default -> ((Number) box).longValue();
        });
    }

    static Object load(Value.Whole from) {
        return switch (from.type()) {
            case BOOLEAN -> from.value() != 0;
            case BYTE -> (byte) from.value();
            case SHORT -> (short) from.value();
            case CHAR -> (char) from.value();
            case INT -> (int) from.value();
            case LONG -> from.value();
        };
    }

    static Value.Numbers saveArray(Value.Type type, Object array) {
        ByteBuffer content = ByteBuffer.allocate(Array.getLength(array) * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case BYTE -> content.put((byte[]) array);
            case BOOLEAN -> {
                for (boolean each : (boolean[]) array) {
                    content.put((byte) (each ? 1 : 0));
                }
            }
            case SHORT -> content.asShortBuffer().put((short[]) array);
            case CHAR -> content.asCharBuffer().put((char[]) array);
            case INT -> content.asIntBuffer().put((int[]) array);
            case LONG -> content.asLongBuffer().put((long[]) array);
        }
        return new Value.Numbers(type, content.array());
    }

    /** @param array of as many elements, of the same type */
    static void loadArray(Value.Numbers from, Object array) {
        ByteBuffer content = ByteBuffer.wrap(from.content()).order(ByteOrder.LITTLE_ENDIAN);
        switch (from.type()) {
            case BYTE -> content.get((byte[]) array);
            case BOOLEAN -> {
                boolean[] into = (boolean[]) array;
                for (int i = 0; i < into.length; i++) {
                    into[i] = content.get() != 0;
                }
            }
            case SHORT -> content.asShortBuffer().get((short[]) array);
            case CHAR -> content.asCharBuffer().get((char[]) array);
            case INT -> content.asIntBuffer().get((int[]) array);
            case LONG -> content.asLongBuffer().get((long[]) array);
        }
    }
}
