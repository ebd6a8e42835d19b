package org.lodgevm.bench.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One run of a guest, or of the host in a guest's place.
 *
 * @param kernel a bzImage
 * @param arguments the kernel's command line
 * @param initrd with what is to run; it starts by itself
 * @param cpus of the guest; as many copies of each workload run at once
 * @param workloads their names, in the order they run; none, and the guest boots only
 */
public record Job(Path kernel, String arguments, Path initrd, int cpus, List<String> workloads) {
    /** RAM of every guest, in bytes. */
    public static final long MEMORY = 512L << 20;

    /** What the script {@code main.sh} is told. */
    static List<String> scriptArguments(int cpus, List<String> workloads) {
        return Stream.concat(Stream.of(String.valueOf(cpus)), workloads.stream()).toList();
    }

    /** @see #scriptArguments(int, List) */
    public List<String> scriptArguments() {
        return scriptArguments(cpus, workloads);
    }
}
