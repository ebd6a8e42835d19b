package org.lodgevm.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What a machine is, as {@code machine.json} has it.
 *
 * @param format of this file: {@value #FORMAT}
 * @param uuid by which the guest knows itself
 * @param created when, as ISO 8601 has it
 * @param folder where relative paths in the options start
 * @param image from which it was made, by its id, or null
 * @param options by their long names without dashes; texts, numbers, true or false, or lists of them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MachineFile(int format, UUID uuid, String created, String folder, String image, Map<String, Object> options) {
    /** The only one there is so far. */
    public static final int FORMAT = 1;

    public MachineFile {
        if (format != FORMAT) {
            throw new IllegalArgumentException("its format is %d, but this Lodge knows %d only".formatted(format, FORMAT));
        }
        Objects.requireNonNull(uuid, "it has no uuid");
        Objects.requireNonNull(folder, "it has no folder");
        options = options == null ? Map.of() : new LinkedHashMap<>(options);
    }

    /** The options as they stand on a command line. */
    public List<String> arguments() {
        return options.entrySet().stream()
                .filter(option -> !Boolean.FALSE.equals(option.getValue()))
                .flatMap(option -> values(option.getValue()).stream().map(value -> argument(option.getKey(), value)))
                .toList();
    }

    private static String argument(String name, Object value) {
        return Boolean.TRUE.equals(value) ? "--" + name : "--%s=%s".formatted(name, value);
    }

    private static List<?> values(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }
}
