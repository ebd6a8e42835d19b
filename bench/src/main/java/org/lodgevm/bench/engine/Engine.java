package org.lodgevm.bench.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lodgevm.bench.guest.Job;

/** Something that runs guests. The commands connect the guest's console, its first serial port, to standard input and output. */
public interface Engine {
    /** As the head of a column. */
    String name();

    /** What it is, with its version. */
    String description();

    /** Why it cannot be used here, if so. */
    Optional<String> unavailable();

    /** The command that starts firmware; nothing if there is no such thing here. */
    Optional<List<String>> firmware(Path rom);

    /** A boot that is not measured, from which those that are profit; nothing if there is no such thing here. */
    default Optional<List<String>> learn(Job job) {
        return Optional.empty();
    }

    /** The command that boots a guest as its users do; nothing if there is no such thing here. */
    Optional<List<String>> boot(Job job);

    /** The command that runs a guest whose work is measured. */
    List<String> work(Job job);

    /**
     * What the engine tells of a guest that it {@linkplain #boot booted} and that has ended.
     *
     * @param errors the lines that the command wrote to standard error
     * @return figures by name; any engine may have any
     */
    default Map<String, Double> statistics(List<String> errors) {
        return Map.of();
    }
}
