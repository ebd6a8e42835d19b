package org.lodgevm.cli.machines;

import java.util.Iterator;
import java.util.List;

/** What a shell completes where a machine's name belongs: a call of a function in the completion script, which finds the names. */
public final class MachineCompletion implements Iterable<String> {
    /** The shell function's name. */
    public static final String FUNCTION = "_lodge_machines";

    @Override
    public Iterator<String> iterator() {
        return List.of("$(" + FUNCTION + ")").iterator();
    }
}
