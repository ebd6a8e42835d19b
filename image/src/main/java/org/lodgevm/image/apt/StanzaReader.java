package org.lodgevm.image.apt;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads a Debian control file, the format of package indices, of Release files and of {@code .sources} files.
 *
 * @debian deb822(5)
 */
public final class StanzaReader implements Closeable {
    private final BufferedReader lines;
    private final Predicate<String> wanted;
    private int line;

    /** @param wanted the fields to keep, of an index that has many more */
    public StanzaReader(InputStream in, Predicate<String> wanted) {
        this(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), wanted);
    }

    private StanzaReader(BufferedReader lines, Predicate<String> wanted) {
        this.lines = lines;
        this.wanted = wanted;
    }

    /** Every stanza of a text, with every field. */
    public static List<Stanza> readAll(String text) throws MalformedStanzaException {
        List<Stanza> all = new ArrayList<>();
        try (StanzaReader reader = new StanzaReader(new BufferedReader(new StringReader(text)), name -> true)) {
            for (Stanza stanza = reader.next(); stanza != null; stanza = reader.next()) {
                all.add(stanza);
            }
        } catch (MalformedStanzaException e) {
            throw e;
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return all;
    }

    /** @return the next stanza, or {@code null} at the end */
    public Stanza next() throws IOException {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int start = line + 1;
        String name = null;
        boolean skipped = false;
        StringBuilder value = new StringBuilder();
        for (String text = readLine(); text != null; text = readLine()) {
            if (text.isBlank()) {
                if (name != null || skipped) {
                    break;
                }
                start = line + 1;
            } else if (text.charAt(0) == ' ' || text.charAt(0) == '\t') {
                if (name != null) {
                    value.append('\n').append(text, 1, text.length());
                } else if (!skipped) {
                    throw new MalformedStanzaException(line, "a continuation without a field");
                }
            } else if (text.charAt(0) != '#') {
                int colon = text.indexOf(':');
                if (colon <= 0) {
                    throw new MalformedStanzaException(line, "no field name in \"" + text + "\"");
                }
                put(fields, name, value);
                String next = text.substring(0, colon);
                skipped = !wanted.test(next);
                name = skipped ? null : next;
                if (!skipped) {
                    value.append(text, colon + 1, text.length());
                }
            }
        }
        put(fields, name, value);
        return name == null && !skipped && fields.isEmpty() ? null : new Stanza(fields, start);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private String readLine() throws IOException {
        String text = lines.readLine();
        if (text != null) {
            line++;
        }
        return text;
    }

    private static void put(Map<String, String> fields, String name, StringBuilder value) {
        if (name != null) {
            fields.put(name, value.toString().strip());
        }
        value.setLength(0);
    }
}
