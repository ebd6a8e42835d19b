package org.lodgevm.cli.machines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.BoundedLog;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.RunRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge logs}. */
@Command(
        name = "logs",
        description = "Shows what a machine's guest wrote to its console, in this run and earlier ones.",
        mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final StandardStreams streams;

    @Mixin
    private MachineName name;

    @Option(names = {"-f", "--follow"}, description = "Go on with what it writes, until it ends.")
    private boolean follow;

    @Option(names = "--lodge", description = "What Lodge said about the machine, instead.")
    private boolean ours;

    public LogsCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        MachineFolder machine = name.machine();
        Path file = ours ? machine.lodgeLog() : machine.consoleLog();
        copy(BoundedLog.old(file));
        if (follow) {
            follow(machine, file);
        } else {
            copy(file);
        }
        return ExitStatus.OK;
    }

    private void copy(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.copy(file, streams.out());
        }
    }

    private void follow(MachineFolder machine, Path file) throws IOException, InterruptedException {
        long position = 0;
        boolean alive = true;
        while (alive) {
            alive = machine.run().filter(RunRecord::isAlive).isPresent();
            position = copy(file, position);
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** Copies what was added. A file that has become shorter is a new one. @return where it ends */
    private long copy(Path file, long position) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(file)) {
            long start = Files.size(file) < position ? 0 : position;
            in.skipNBytes(start);
            return start + in.transferTo(streams.out());
        }
    }
}
