package org.lodgevm.bench.guest;

import java.io.IOException;
import java.nio.file.Path;

/** What engines are given to run. */
public interface Guests {
    /** A guest that boots and waits. */
    Job boot(int cpus) throws IOException;

    /** A guest that has all workloads. */
    Job work(int cpus) throws IOException;

    /** Firmware that writes a line with the first instructions it executes. */
    Path firmware(String line) throws IOException;
}
