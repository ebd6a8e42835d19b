package org.lodgevm.machine.state;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link Value.Group} as bytes, and back. The format is told in the package's description. */
public final class StateFormat {
    /** Of streams that are written; older ones can be read. */
    public static final int VERSION = 2;

    private static final int MAGIC = 0x4c53_5431; // LST1
    private static final int HEADER = Integer.BYTES + Short.BYTES;
    private static final int DEEPEST = 32;

    private static final int NOTHING = 0;
    private static final int TEXT = 1;
    private static final int MANY = 2;
    private static final int GROUP = 3;
    /** And up, by the type. */
    private static final int WHOLE = 0x10;

    private static final int NUMBERS = 0x20;

    private StateFormat() {}

    // ---- writing ----------------------------------------------------------------------------------------------------

    public static byte[] write(Value.Group state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeShort(VERSION);
            write(state, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(Value value, DataOutputStream out) throws IOException {
        switch (value) {
            case Value.Nothing() -> out.writeByte(NOTHING);
            case Value.Text(String text) -> {
                out.writeByte(TEXT);
                text(text, out);
            }
            case Value.Whole(Value.Type type, long number) -> {
                out.writeByte(WHOLE + type.ordinal());
                for (int i = type.bytes() - 1; i >= 0; i--) {
                    out.writeByte((int) (number >> Byte.SIZE * i));
                }
            }
            case Value.Numbers numbers -> {
                out.writeByte(NUMBERS + numbers.type().ordinal());
                out.writeInt(numbers.count());
                out.write(numbers.content());
            }
            case Value.Many(List<Value> elements) -> {
                out.writeByte(MANY);
                out.writeInt(elements.size());
                for (Value element : elements) {
                    write(element, out);
                }
            }
            case Value.Group(Map<String, Value> fields) -> {
                out.writeByte(GROUP);
                out.writeInt(fields.size());
                for (Map.Entry<String, Value> field : fields.entrySet()) {
                    text(field.getKey(), out);
                    write(field.getValue(), out);
                }
            }
        }
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    // ---- reading ----------------------------------------------------------------------------------------------------

    /** @throws StateException if these bytes are no state, all of them */
    public static Value.Group read(byte[] stream) throws StateException {
        ByteBuffer in = ByteBuffer.wrap(stream);
        if (stream.length < HEADER || in.getInt() != MAGIC) {
            throw new StateException("this is no state of a machine");
        }
        int version = Short.toUnsignedInt(in.getShort());
        if (version < 1 || version > VERSION) {
            throw new StateException("the state has version %d where %d is the newest known here; a newer release wrote it".formatted(
                    version, VERSION));
        }
        try {
            if (!(read(in, 0) instanceof Value.Group group)) {
                throw new StateException("the state has no parts");
            }
            if (in.hasRemaining()) {
                throw new StateException("the state is followed by %d bytes".formatted(in.remaining()));
            }
            return group;
        } catch (BufferUnderflowException | CharacterCodingException e) {
            throw new StateException("the state breaks off, or is damaged, at byte %d".formatted(in.position()), e);
        }
    }

    private static Value read(ByteBuffer in, int depth) throws StateException, CharacterCodingException {
        int at = in.position();
        int tag = Byte.toUnsignedInt(in.get());
        Value.Type[] types = Value.Type.values();
        if (depth > DEEPEST) {
            throw new StateException("the state is nested too deeply at byte %d".formatted(at));
        } else if (tag == NOTHING) {
            return new Value.Nothing();
        } else if (tag == TEXT) {
            return new Value.Text(text(in));
        } else if (tag == MANY) {
            return new Value.Many(many(in, depth));
        } else if (tag == GROUP) {
            return new Value.Group(group(in, depth));
        } else if (tag >= WHOLE && tag < WHOLE + types.length) {
            return whole(in, types[tag - WHOLE]);
        } else if (tag >= NUMBERS && tag < NUMBERS + types.length) {
            return numbers(in, types[tag - NUMBERS]);
        }
        throw new StateException("the state has a value of no known kind at byte %d".formatted(at));
    }

    /** How many values follow, which take at least {@code smallest} bytes each. */
    private static int count(ByteBuffer in, int smallest) {
        int count = in.getInt();
        if (count < 0 || (long) count * smallest > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    private static List<Value> many(ByteBuffer in, int depth) throws StateException, CharacterCodingException {
        int count = count(in, 1);
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(read(in, depth + 1));
        }
        return elements;
    }

    private static Map<String, Value> group(ByteBuffer in, int depth) throws StateException, CharacterCodingException {
        int count = count(in, Short.BYTES + 1);
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = text(in);
            if (fields.put(name, read(in, depth + 1)) != null) {
                throw new StateException("the state has '%s' twice before byte %d".formatted(name, in.position()));
            }
        }
        return fields;
    }

    private static Value whole(ByteBuffer in, Value.Type type) {
        long value = in.get();
        for (int i = 1; i < type.bytes(); i++) {
            value = value << Byte.SIZE | Byte.toUnsignedInt(in.get());
        }
        return new Value.Whole(type, type == Value.Type.CHAR ? value & Character.MAX_VALUE : value);
    }

    private static Value numbers(ByteBuffer in, Value.Type type) {
        byte[] content = new byte[count(in, type.bytes()) * type.bytes()];
        in.get(content);
        return new Value.Numbers(type, content);
    }

    private static String text(ByteBuffer in) throws CharacterCodingException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    }
}
