package org.lodgevm.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * @param overlays for disks of machines that were forked, or have come with their disks: the files in the machine's folder where their content goes on, by where it began; or null
 * @param copyOf the name of the machine of which this one was forked, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MachineFile(int format, UUID uuid, String created, String folder, String image, Map<String, Object> options,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> overlays, String copyOf) {
    /** The only one there is so far. */
    public static final int FORMAT = 1;

    public MachineFile {
        if (format != FORMAT) {
            throw new IllegalArgumentException("its format is %d, but this Lodge knows %d only".formatted(format, FORMAT));
        }
        Objects.requireNonNull(uuid, "it has no uuid");
        Objects.requireNonNull(folder, "it has no folder");
        options = options == null ? Map.of() : new LinkedHashMap<>(options);
        overlays = overlays == null ? Map.of() : new LinkedHashMap<>(overlays);
    }

    /** A new machine, made now. */
    public static MachineFile of(String folder, String image, Map<String, Object> options) {
        return new MachineFile(FORMAT, UUID.randomUUID(), now(), folder, image, options, null, null);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A new machine, like this one but for its disks. */
    MachineFile copy(String original, Map<String, String> itsOverlays) {
        return new MachineFile(format, UUID.randomUUID(), now(), folder, image, options, itsOverlays, original);
    }

    /** The same machine with other overlays. */
    MachineFile with(Map<String, String> others) {
        return new MachineFile(format, uuid, created, folder, image, options, others, copyOf);
    }

    /** A file under the name by which the options, or the image, know the disk. */
    String diskOf(String overlay) {
        return overlays.entrySet().stream().filter(entry -> entry.getValue().equals(overlay)).map(Map.Entry::getKey).findFirst().orElse(overlay);
    }

    /** The same with another place where a disk goes on. */
    MachineFile move(String from, String to) {
        Map<String, String> moved = new LinkedHashMap<>(overlays);
        String disk = diskOf(from);
        if (disk.equals(to)) {
            moved.remove(disk);
        } else {
            moved.put(disk, to);
        }
        return with(moved);
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
