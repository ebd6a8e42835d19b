package org.lodgevm.x86.interpret;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A class file whose calls of {@link Hole}'s methods can be made calls of others. Its constant pool is all that changes, which takes
 * a hundredth of the time of a transformation: a guest's first second needs a thousand classes. @jvms 4.1, 4.4
 */
final class ClassTemplate {
    static final String HOLE = Hole.class.getName().replace('.', '/');
    private static final int POOL_COUNT = 8;
    private static final int POOL = 10;

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int METHOD = 10;
    private static final int NAME_AND_TYPE = 12;

    private final ByteBuffer file;
    /** Where constants are, by their numbers. */
    private final int[] constants;
    private final int poolEnd;
    /** The numbers of the method constants that name holes, by the holes' names. */
    private final Map<String, Integer> holes = new LinkedHashMap<>();

    private ClassTemplate(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
        constants = new int[Short.toUnsignedInt(file.getShort(POOL_COUNT))];
        int at = POOL;
        for (int i = 1; i < constants.length; i++) {
            constants[i] = at;
            int tag = file.get(at);
            at += size(at, tag);
            if (tag == LONG || tag == DOUBLE) {
                i++; // the next number is not used
            }
        }
        poolEnd = at;
        for (int i = 1; i < constants.length; i++) {
            if (constants[i] != 0 && file.get(constants[i]) == METHOD && text(reference(reference(i, 0), 0)).equals(HOLE)) {
                holes.put(text(reference(reference(i, 1), 0)), i);
            }
        }
    }

    static ClassTemplate of(Class<?> type) {
        return new ClassTemplate(bytes(type));
    }

    static byte[] bytes(Class<?> type) {
        String resource = type.getName().substring(type.getPackageName().length() + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private int size(int at, int tag) {
        return switch (tag) {
            case UTF8 -> 3 + Short.toUnsignedInt(file.getShort(at + 1));
            case LONG, DOUBLE -> 9;
            case CLASS, 8, 16, 19, 20 -> 3; // a string, the type of a method, a module, a package
            case 15 -> 4; // a method handle
            default -> 5;
        };
    }

    /** The number of another constant, the first or the second that this one names. */
    private int reference(int constant, int which) {
        return Short.toUnsignedInt(file.getShort(constants[constant] + 1 + 2 * which));
    }

    private String text(int constant) {
        int at = constants[constant];
        return new String(file.array(), at + 3, Short.toUnsignedInt(file.getShort(at + 1)), StandardCharsets.UTF_8);
    }

    /**
     * The class file with each hole filled.
     *
     * @param fillings static methods with the types of the holes that they are asked for
     */
    byte[] filled(Function<String, Method> fillings) {
        ByteBuffer pool = ByteBuffer.wrap(Arrays.copyOf(file.array(), poolEnd));
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        int count = constants.length;
        for (Map.Entry<String, Integer> hole : holes.entrySet()) {
            Method filling = fillings.apply(hole.getKey());
            int type = reference(reference(hole.getValue(), 1), 1);
            append(more, filling, count, type);
            pool.putShort(constants[hole.getValue()] + 1, (short) (count + 1)).putShort(constants[hole.getValue()] + 3, (short) (count + 3));
            count += 4;
        }
        pool.putShort(POOL_COUNT, (short) count);
        return ByteBuffer.allocate(file.capacity() + more.size())
                .put(pool.array()).put(more.toByteArray()).put(file.array(), poolEnd, file.capacity() - poolEnd).array();
    }

    /** The name of the method's class, the class, the method's name, name and type; numbers from {@code first} on. */
    private static void append(ByteArrayOutputStream to, Method method, int first, int type) {
        DataOutputStream out = new DataOutputStream(to);
        try {
            out.writeByte(UTF8);
            out.writeUTF(method.getDeclaringClass().getName().replace('.', '/'));
            out.writeByte(CLASS);
            out.writeShort(first);
            out.writeByte(UTF8);
            out.writeUTF(method.getName());
            out.writeByte(NAME_AND_TYPE);
            out.writeShort(first + 2);
            out.writeShort(type);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is memory
        }
    }
}
