package org.lodgevm.cli.machines;

import org.lodgevm.cli.completion.MachineCompletion;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;
import picocli.CommandLine.Parameters;

/** The name after a command that takes one. */
final class MachineName {
    static final String LABEL = "MACHINE";

    @Parameters(paramLabel = LABEL, completionCandidates = MachineCompletion.class, description = "The machine.")
    private String name;

    MachineFolder machine() {
        return MachineStore.ofUser().find(name);
    }
}
