package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.vm.guest.TerminalSize;

/** What a client sent, read with suspicion: each method refuses what is not of its type. */
record Request(ObjectNode fields) {
    private static ControlException wrong(String name, String expected) {
        return new ControlException(Code.MALFORMED, "'%s' is not %s".formatted(name, expected));
    }

    boolean has(String name) {
        return fields.hasNonNull(name);
    }

    String text(String name) throws ControlException {
        JsonNode value = fields.path(name);
        if (!value.isTextual()) {
            throw wrong(name, "a text");
        }
        return value.textValue();
    }

    /** @return {@code absent} if it is not there */
    int number(String name, int absent, int most) throws ControlException {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isInt() || value.intValue() < 0 || value.intValue() > most) {
            throw wrong(name, "a number from 0 to " + most);
        }
        return value.intValue();
    }

    /** False if it is not there. */
    boolean flag(String name) throws ControlException {
        JsonNode value = fields.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.asBoolean();
    }

    byte[] bytes(String name) throws ControlException {
        text(name);
        try {
            return fields.path(name).binaryValue();
        } catch (IOException e) {
            throw wrong(name, "bytes in Base64");
        }
    }

    List<String> texts(String name) throws ControlException {
        List<String> texts = new ArrayList<>();
        if (!fields.path(name).isArray()) {
            throw wrong(name, "a list of texts");
        }
        for (JsonNode value : fields.path(name)) {
            if (!value.isTextual()) {
                throw wrong(name, "a list of texts");
            }
            texts.add(value.textValue());
        }
        return texts;
    }

    Map<String, String> textsByName(String name) throws ControlException {
        Map<String, String> texts = new LinkedHashMap<>();
        if (has(name) && !fields.path(name).isObject()) {
            throw wrong(name, "an object of texts");
        }
        for (Map.Entry<String, JsonNode> value : fields.path(name).properties()) {
            if (!value.getValue().isTextual()) {
                throw wrong(name, "an object of texts");
            }
            texts.put(value.getKey(), value.getValue().textValue());
        }
        return texts;
    }

    /** {@code [24, 80]}. */
    Optional<TerminalSize> size(String name) throws ControlException {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = fields.path(name);
        try {
            if (value.isArray() && value.size() == 2) {
                return Optional.of(new TerminalSize(value.get(0).asInt(), value.get(1).asInt()));
            }
        } catch (IllegalArgumentException e) {
            throw wrong(name, "the size of a terminal: " + e.getMessage());
        }
        throw wrong(name, "a pair of rows and columns");
    }
}
