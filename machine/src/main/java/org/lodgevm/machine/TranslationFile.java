package org.lodgevm.machine;

import java.nio.file.Path;

/**
 * A file with translations of guest code, for accelerators that make such. Whoever can write to it decides what the host's processor
 * executes: it must come from a run of nothing but what this machine runs, too.
 *
 * @param record whether this run makes it, rather than uses it; it is written when the machine is closed
 */
public record TranslationFile(Path path, boolean record) {}
