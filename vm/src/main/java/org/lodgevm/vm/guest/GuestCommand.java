package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a guest is to run.
 *
 * @param words program and arguments; they reach the program as they are, no shell sees them
 * @param environment variables added to the guest's own
 * @param directory where it starts
 * @param terminal the size of the terminal that it gets; without it, it gets three pipes
 */
public record GuestCommand(
        List<String> words, Map<String, String> environment, String directory, Optional<TerminalSize> terminal) {
    /** Where commands start unless told otherwise: the home folder of the guest's user. */
    public static final String HOME = "~";

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** More than Linux takes for arguments, less than would burden anybody. */
    private static final int LARGEST = 1 << 20;

    public GuestCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("there is no command to run in the guest; name one");
        }
        environment.keySet().forEach(GuestCommand::checkVariable);
    }

    public static GuestCommand of(String... words) {
        return of(List.of(words));
    }

    public static GuestCommand of(List<String> words) {
        return new GuestCommand(words, Map.of(), HOME, Optional.empty());
    }

    public GuestCommand with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new GuestCommand(words, more, directory, terminal);
    }

    public GuestCommand in(String folder) {
        return new GuestCommand(words, environment, folder, terminal);
    }

    public GuestCommand onTerminal(TerminalSize size) {
        return new GuestCommand(words, environment, directory, Optional.of(size));
    }

    /** A shell script that does it. */
    byte[] script() {
        StringBuilder script = new StringBuilder();
        new TreeMap<>(environment).forEach((name, value) -> script.append("export ").append(name).append('=').append(quote(value)).append('\n'));
        script.append("cd ").append(directory.equals(HOME) ? HOME : quote(directory)).append(" || exit 126\n");
        script.append("exec ").append(words.stream().map(GuestCommand::quote).collect(Collectors.joining(" "))).append('\n');
        byte[] bytes = script.toString().getBytes(UTF_8);
        if (bytes.length > LARGEST) {
            throw new IllegalArgumentException("a command of %d bytes is too long; pass the bulk of it by standard input".formatted(bytes.length));
        }
        return bytes;
    }

    /** One word of the shell's, whatever it contains. */
    private static String quote(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a command, a variable or a folder contains a NUL character");
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static void checkVariable(String name) {
        if (!VARIABLE.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not the name of an environment variable");
        }
    }
}
