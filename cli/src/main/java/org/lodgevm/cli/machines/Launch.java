package org.lodgevm.cli.machines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jline.utils.OSUtils;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.run.SuperviseCommand;
import org.lodgevm.manage.MachineFolder;

/**
 * A machine's process: this very program, away from our terminal. It starts at once, which takes a processor half of the time until the machine runs, and waits
 * while we do what has to be done for the machine before. If nobody says {@link #go}, it ends and has done nothing.
 */
final class Launch implements AutoCloseable {
    /** A session of its own where that can be had; otherwise deaf to the terminal's signals. */
    private static final String DETACH = "command -v setsid >/dev/null && exec setsid \"$@\"; trap '' HUP INT QUIT; exec \"$@\"";

    /**
     * Starts it with our standard input, which a shell takes from what is in the background, and passes on what it says: all of it, until it ends, if it does not
     * run. Nobody of ours waits for its end: a JVM one of whose threads waits in the kernel, as for a process, takes 300 ms to end.
     */
    private static final String ORPHAN = "exec 3<&0; { \"$@\" <&3 3<&- & } | { exec 3<&-; read -r said; echo \"$said\"; [ \"$said\" = %s ] || cat; }".formatted(SuperviseCommand.READY);

    private static final String SAYS = "lodge: ";

    private final MachineFolder machine;

    private final Process process;

    /** @param options of {@link SuperviseCommand} */
    Launch(MachineFolder machine, String... options) throws IOException {
        this.machine = machine;
        Path folder = Path.of(machine.definition().folder());
        if (!Files.isDirectory(folder)) {
            throw new Failure(ExitStatus.NO_INPUT, "the folder %s is gone, where machine '%s' was created; name another one in %s".formatted(
                    folder, machine.name(), machine.path().resolve("machine.json")));
        }
        List<String> command = new ArrayList<>(OSUtils.IS_WINDOWS ? List.of() : List.of("/bin/sh", "-c", ORPHAN, "lodge"));
        command.addAll(detached(Stream.of(List.of("supervise", SuperviseCommand.AWAIT), List.of(options), List.of(machine.name())).flatMap(List::stream).toArray(String[]::new)));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(machine.lodgeLog().toFile()))
                .start();
    }

    /** On return the machine runs. @throws Failure with the reason if it does not */
    void go() throws IOException, InterruptedException {
        try (OutputStream orders = process.getOutputStream()) {
            orders.write((SuperviseCommand.GO + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // it has ended, and said why
        }
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String said = out.readLine();
            if (!SuperviseCommand.READY.equals(said)) {
                out.readAllLines(); // until it has written down why, and ended
                throw new Failure(status(said), reason());
            }
        }
        process.waitFor(); // the shell, which leaves now: a thread that waits for it is not to be in the kernel when this command ends
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }

    private static int status(String said) {
        return said != null && said.startsWith(SuperviseCommand.FAILED) ? Integer.parseInt(said.substring(SuperviseCommand.FAILED.length())) : ExitStatus.HOST;
    }

    private String reason() throws IOException {
        return Files.readString(machine.lodgeLog()).lines()
                .filter(line -> line.startsWith(SAYS))
                .reduce((before, line) -> line)
                .map(line -> line.substring(SAYS.length()))
                .orElse("machine '%s' did not start; see %s".formatted(machine.name(), machine.lodgeLog()));
    }

    /** This program with other arguments, in a process that outlives our terminal. */
    static List<String> detached(String... arguments) {
        List<String> command = new ArrayList<>();
        if (!OSUtils.IS_WINDOWS) {
            command.addAll(List.of("/bin/sh", "-c", DETACH, "lodge"));
        }
        String launcher = System.getProperty("lodge.launcher");
        if (launcher != null) {
            command.add(launcher);
        } else {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--module-path", System.getProperty("jdk.module.path"),
                    "--module", "org.lodgevm.cli/org.lodgevm.cli.Lodge"));
        }
        command.addAll(List.of(arguments));
        return command;
    }
}
