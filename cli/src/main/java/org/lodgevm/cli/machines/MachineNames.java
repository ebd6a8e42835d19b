package org.lodgevm.cli.machines;

import java.util.List;
import org.lodgevm.cli.completion.MachineCompletion;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;
import picocli.CommandLine.Parameters;

/** The names after a command that takes several. */
final class MachineNames {
    /** Work on one machine. */
    interface Action {
        void apply(MachineFolder machine) throws Exception;
    }

    @Parameters(paramLabel = MachineName.LABEL, arity = "1..*", completionCandidates = MachineCompletion.class, description = "The machines.")
    private List<String> names;

    /** One after the other, after all of them have been found. */
    void forEach(Action action) throws Exception {
        MachineStore store = MachineStore.ofUser();
        for (MachineFolder machine : names.stream().map(store::find).toList()) {
            action.apply(machine);
        }
    }
}
