package org.lodgevm.bench.guest;

import java.io.IOException;
import java.nio.file.Path;

/** Files that a workload needs: a program, its input. */
interface Payload {
    /**
     * Puts the files into a folder; several workloads may want the same.
     *
     * @param sources {@code bench/src/guest}
     * @throws UnavailableException if this host cannot make them
     */
    void put(Path sources, Path folder) throws IOException, UnavailableException, InterruptedException;
}
