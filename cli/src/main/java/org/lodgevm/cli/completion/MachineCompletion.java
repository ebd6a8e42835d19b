package org.lodgevm.cli.completion;

/** Names of machines. */
public final class MachineCompletion extends ShellCompletion {
    public MachineCompletion() {
        super("machine", "ls \"${XDG_DATA_HOME:-$HOME/.local/share}/lodge/machines\" 2>/dev/null", """
                set -l data $XDG_DATA_HOME
                test -n "$data"; or set data ~/.local/share
                ls $data/lodge/machines 2>/dev/null
                """);
    }
}
