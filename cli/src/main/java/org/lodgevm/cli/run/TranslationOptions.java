package org.lodgevm.cli.run;

import java.nio.file.Path;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine.Option;

/** The options by which a guest starts with what an earlier run has translated. */
final class TranslationOptions {
    @Option(
            names = "--translations",
            paramLabel = "FILE",
            description = "Start with the translations of guest code in this file, which --record-translations has made: only from a run of what you trust as much as this guest.")
    private Path use;

    @Option(
            names = "--record-translations",
            paramLabel = "FILE",
            description = "Write to this file, at the end, what was translated: for other runs of the same kernel, with as many CPUs (one, or several).")
    private Path make;

    /** Whether the user decides. */
    boolean present() {
        return use != null || make != null;
    }

    void describe(MachineBuilder machine) {
        if (use != null) {
            machine.translations(use);
        }
        if (make != null) {
            machine.recordTranslations(make);
        }
    }
}
