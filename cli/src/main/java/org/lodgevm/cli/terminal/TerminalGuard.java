package org.lodgevm.cli.terminal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lodgevm.image.session.Window;

/**
 * A shell that changes the terminal's settings for us, by {@code stty}: this process may not start programs any more when it is confined.
 * It waits for wishes at a pipe, of which the other end is ours; the system closes that on every way out, and then the shell restores
 * the terminal, be this process killed by SIGKILL, or by a fault of the JVM.
 *
 * <p>A shell with job control does the same for its jobs. Where it was faster, it has the terminal, and the guard's
 * {@code stty} fails as one of the background.
 */
final class TerminalGuard implements AutoCloseable {
    /** Output processing stays on, as QEMU leaves it: a guest that ends its lines by LF alone is readable. */
    private static final String RAW =
            "-icanon -echo -iexten -isig -brkint -icrnl -inlcr -igncr -istrip -ixon -ixoff -parmrk min 1 time 0";

    private static final String SCRIPT = """
            terminal=$1
            saved=$(stty -g <"$terminal") || exit
            echo done
            while read -r wish; do
              case $wish in
                raw) stty %s <"$terminal" ;;
                restore) stty "$saved" <"$terminal" ;;
                size) stty size <"$terminal" ;;
                leave) exit ;;
              esac
              echo done
            done 2>/dev/null
            stty "$saved" <"$terminal" 2>/dev/null
            """.formatted(RAW);

    private static final String DONE = "done";
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})");

    private final OutputStream wishes;
    private final BufferedReader answers;

    private TerminalGuard(Process shell) {
        wishes = shell.getOutputStream();
        answers = new BufferedReader(new InputStreamReader(shell.getInputStream(), US_ASCII));
    }

    /** On return it knows the terminal's settings, and they may be changed. @throws IOException if the standard input is no terminal */
    static TerminalGuard post() throws IOException {
        Process asked = new ProcessBuilder("tty").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
        String terminal = new String(asked.getInputStream().readAllBytes(), US_ASCII).strip();
        TerminalGuard guard = new TerminalGuard(new ProcessBuilder("/bin/sh", "-c", SCRIPT, "lodge", terminal)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start());
        if (!DONE.equals(guard.answers.readLine())) {
            throw new IOException("the terminal %s has no settings".formatted(terminal));
        }
        return guard;
    }

    void makeRaw() {
        wish("raw");
    }

    void restore() {
        wish("restore");
    }

    Window size() {
        Matcher size = SIZE.matcher(wish("size"));
        return size.matches() ? new Window(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))) : Window.DEFAULT;
    }

    /** The last line of its answer, or nothing. */
    private synchronized String wish(String what) {
        String answer = "";
        try {
            wishes.write((what + "\n").getBytes(US_ASCII));
            wishes.flush();
            for (String line = answers.readLine(); line != null && !line.equals(DONE); line = answers.readLine()) {
                answer = line;
            }
        } catch (IOException gone) {
            // killed, and the terminal is as it left it
        }
        return answer;
    }

    /** Dismisses the guard. */
    @Override
    public void close() {
        wish("leave");
    }
}
