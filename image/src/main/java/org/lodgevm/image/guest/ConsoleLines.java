package org.lodgevm.image.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/** A guest's console, read line by line. The last lines are kept, to tell what went wrong. */
abstract class ConsoleLines extends OutputStream {
    private static final int LONGEST = 4096;
    private static final int KEPT = 25;
    /** What a terminal would obey. @ecma48 5.4 */
    private static final Pattern CONTROL = Pattern.compile("\\e\\[[0-?]*[ -/]*[@-~]|\\p{Cntrl}");

    private final StringBuilder line = new StringBuilder();
    private final Deque<String> last = new ArrayDeque<>();

    /** @return whether the line need not be kept */
    abstract boolean read(String text);

    @Override
    public final synchronized void write(int value) throws IOException {
        if (value == '\n') {
            String text = CONTROL.matcher(line).replaceAll("").strip();
            line.setLength(0);
            if (!read(text)) {
                last.add(text);
                if (last.size() > KEPT) {
                    last.remove();
                }
            }
        } else if (line.length() < LONGEST) {
            line.append((char) (value & 0xff));
        }
    }

    final synchronized String tail() {
        return String.join("\n", last);
    }
}
