package org.lodgevm.machine.state;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** State as data that describes itself: what a device's fields become, and what a stream is made of. */
public sealed interface Value {
    /** What a number is. The order is that of the tags in a stream: new ones are added at the end. */
    enum Type {
        BOOLEAN(1),
        BYTE(1),
        SHORT(2),
        CHAR(2),
        INT(4),
        LONG(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }
    }

    /** A number or a boolean, which is 0 or 1. */
    record Whole(Type type, long value) implements Value {
        @Override
        public String toString() {
            return type == Type.BOOLEAN ? Boolean.toString(value != 0) : "%d (0x%x)".formatted(value, value);
        }
    }

    /** An array of numbers, each little-endian in as many bytes as its type has. */
    record Numbers(Type type, byte[] content) implements Value {
        int count() {
            return content.length / type.bytes();
        }

        @Override
        public String toString() {
            return HexFormat.ofDelimiter(" ").formatHex(content);
        }
    }

    /** A string, or the name of a constant of an enumeration. */
    record Text(String value) implements Value {
        @Override
        public String toString() {
            return value;
        }
    }

    /** Several values without names. */
    record Many(List<Value> elements) implements Value {}

    /** Values with names: the fields of an object, the parts of a device. In the order in which they are written. */
    record Group(Map<String, Value> fields) implements Value {
        /** A part that must be there. */
        public Value need(String name) throws StateException {
            Value found = fields.get(name);
            if (found == null) {
                throw new StateException("'%s' is missing".formatted(name));
            }
            return found;
        }

        /** A group that must be there. */
        public Group group(String name) throws StateException {
            if (need(name) instanceof Group group) {
                return group;
            }
            throw new StateException("'%s' has no parts".formatted(name));
        }
    }

    /** No object. */
    record Nothing() implements Value {
        @Override
        public String toString() {
            return "-";
        }
    }
}
