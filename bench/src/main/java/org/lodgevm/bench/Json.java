package org.lodgevm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The file for programs: every single sample, also what an engine counts beside {@link Unit}s. */
final class Json {
    private Json() {}

    static String of(Map<String, String> environment, Samples samples, List<String> notes) {
        List<String> facts = new ArrayList<>();
        environment.forEach((heading, value) -> facts.add("    %s: %s".formatted(string(heading), string(value))));
        List<String> series = new ArrayList<>();
        samples.all().forEach((key, values) -> series.add(
                "    {\"subject\": %s, \"engine\": %s, \"cpus\": %d, \"unit\": %s, \"values\": %s}".formatted(
                        string(key.subject()), string(key.engine()), key.cpus(), string(key.unit()), values)));
        List<String> remarks = notes.stream().map(note -> "    " + string(note)).toList();
        return """
                {
                  "environment": {
                %s
                  },
                  "samples": [
                %s
                  ],
                  "notes": [
                %s
                  ]
                }
                """.formatted(String.join(",\n", facts), String.join(",\n", series), String.join(",\n", remarks));
    }

    /** @rfc 8259 7 */
    static String string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
