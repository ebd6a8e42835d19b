package org.lodgevm.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** QEMU's tools, which know better. Tests that need them are skipped where they are not installed. */
public final class Qemu {
    private Qemu() {}

    /** What a tool printed, on both streams, and its exit status. */
    public record Answer(int status, String text) {}

    public static boolean has(String tool) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    public static Answer run(String... command) {
        assumeTrue(has(command[0]), command[0] + " is not installed");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Answer(process.waitFor(), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs qemu-img, which must succeed. @return what it printed */
    public static String img(Object... arguments) {
        return succeed("qemu-img", arguments);
    }

    /** Runs qemu-io on an image with these commands, which must succeed. */
    public static String io(Path image, String format, String... commands) {
        List<Object> arguments = new ArrayList<>(List.of("-f", format));
        for (String command : commands) {
            arguments.add("-c");
            arguments.add(command);
        }
        arguments.add(image);
        return succeed("qemu-io", arguments.toArray());
    }

    private static String succeed(String tool, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(tool));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Answer answer = run(command.toArray(String[]::new));
        if (answer.status != 0 || answer.text.contains("verification failed")) {
            throw new AssertionError("%s: status %d: %s".formatted(command, answer.status, answer.text));
        }
        return answer.text;
    }
}
