package org.lodgevm.cli.run;

import java.util.List;
import org.lodgevm.image.session.ConsoleProtocol;
import org.lodgevm.image.session.RunPlan;
import org.lodgevm.image.session.UartStreams;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;

/** The serial ports by which a session's guest is spoken to, as {@link org.lodgevm.image.session} numbers them. */
final class SessionPorts {
    private static final int DATA = 1;
    private static final int ERRORS = 2;
    private static final int CONTROL = 3;

    private final Pipe data = new Pipe();
    private final Pipe errors = new Pipe();
    private final Pipe control = new Pipe();

    /** Adds them to a machine. */
    SessionPorts(MachineBuilder builder) {
        builder.serial(DATA, null, data.entry).serial(ERRORS, null, errors.entry).serial(CONTROL, null, control.entry);
    }

    /** What is spoken on them, until the machine ends. */
    ConsoleProtocol protocol(Machine machine, RunPlan plan) {
        machine.outcome().thenRun(() -> List.of(data, errors, control).forEach(Pipe::end));
        return new ConsoleProtocol(
                new UartStreams(data.exit, machine.serial(DATA).input()),
                new UartStreams(errors.exit, machine.serial(ERRORS).input()),
                new UartStreams(control.exit, machine.serial(CONTROL).input()),
                plan);
    }
}
