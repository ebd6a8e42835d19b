package org.lodgevm.image.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lodgevm.image.initramfs.CpioWriter;

/**
 * What a guest is to do: the command it runs and what that command's standard streams are.
 *
 * @param command program and arguments; empty for an interactive shell
 * @param environment variables added to the guest's own
 * @param directory where the command starts
 * @param terminal the size of the terminal that the command gets; without it, it gets three pipes
 * @param configured whether cloud-init is to have done its work before
 */
public record RunPlan(
        List<String> command, Map<String, String> environment, String directory, Optional<Window> terminal, boolean configured) {
    private static final List<String> SHELL = List.of("sh", "-l");
    private static final String HOME = "/root";
    /** The command runs all the same, for whoever wants to find out why. */
    private static final String AWAIT_CLOUD_INIT = """
            cloud-init status --wait >/dev/null || {
              cloud-init status --long
              echo "lodge: cloud-init could not do all that it was told; /var/log/cloud-init-output.log in the guest says why"
            } >&2
            """;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public RunPlan {
        command = command.isEmpty() ? SHELL : List.copyOf(command);
        environment = Map.copyOf(environment);
        environment.keySet().forEach(RunPlan::checkVariable);
    }

    /** An interactive shell on a terminal of the host. */
    public static RunPlan shell(Window window) {
        return new RunPlan(List.of(), Map.of(), HOME, Optional.of(window), false);
    }

    /** A command whose standard streams are pipes. */
    public static RunPlan command(String... command) {
        return new RunPlan(List.of(command), Map.of(), HOME, Optional.empty(), false);
    }

    public RunPlan onTerminal(Window window) {
        return new RunPlan(command, environment, directory, Optional.of(window), configured);
    }

    public RunPlan with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new RunPlan(command, more, directory, terminal, configured);
    }

    /** Not before cloud-init in the guest has done its work. */
    public RunPlan afterCloudInit() {
        return new RunPlan(command, environment, directory, terminal, true);
    }

    /** The initial root file system for this plan: the shared one, followed by what this plan adds. */
    public byte[] initrd(Path initramfs) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Files.copy(initramfs, joined);
        joined.writeBytes(overlay());
        return joined.toByteArray();
    }

    /** The archive with the two files by which the guest knows this plan. */
    byte[] overlay() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioWriter archive = new CpioWriter(bytes)) {
            archive.file("lodge/plan", 0644, planScript().getBytes(StandardCharsets.UTF_8));
            archive.file("lodge/command", 0755, commandScript().getBytes(StandardCharsets.UTF_8));
            archive.file(
                    "lodge/units/lodge-session.service.d/streams.conf", 0644, unitSettings().getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private String planScript() {
        return terminal.map(window -> """
                        mode=terminal
                        terminal=/dev/ttyS1
                        rows=%d
                        columns=%d
                        """.formatted(window.rows(), window.columns())).orElse("""
                        mode=pipes
                        terminal=/dev/console
                        """);
    }

    /** What systemd has to know of this plan. */
    private String unitSettings() {
        return terminal.isPresent()
                ? """
                  [Service]
                  StandardInput=tty
                  TTYPath=/dev/ttyS1
                  """
                : """
                  [Service]
                  StandardInput=null
                  """;
    }

    private String commandScript() {
        List<String> lines = new ArrayList<>();
        lines.add("#!/bin/sh");
        if (configured) {
            lines.add(AWAIT_CLOUD_INIT);
        }
        environment.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(variable -> lines.add("export " + variable.getKey() + "=" + quote(variable.getValue())));
        lines.add("cd " + quote(directory) + " || exit 126");
        lines.add("exec " + command.stream().map(RunPlan::quote).collect(Collectors.joining(" ")));
        return String.join("\n", lines) + "\n";
    }

    /** One word of the shell's, whatever it contains. */
    static String quote(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A command, a variable or a directory contains a NUL character");
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static void checkVariable(String name) {
        if (!VARIABLE.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not the name of an environment variable");
        }
    }
}
