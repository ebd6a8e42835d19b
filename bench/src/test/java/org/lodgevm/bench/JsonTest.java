package org.lodgevm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lodgevm.bench.Samples.Key;

class JsonTest {
    @Test
    void everySampleIsThere() {
        Samples samples = new Samples();
        Key key = new Key("boot", "Lodge", 1, "seconds");
        samples.add(key, 2.5);
        samples.add(key, 3);

        assertThat(Json.of(Map.of("JDK", "25"), samples, List.of("no gcc"))).isEqualTo("""
                {
                  "environment": {
                    "JDK": "25"
                  },
                  "samples": [
                    {"subject": "boot", "engine": "Lodge", "cpus": 1, "unit": "seconds", "values": [2.5, 3.0]}
                  ],
                  "notes": [
                    "no gcc"
                  ]
                }
                """);
    }

    @Test
    void quotesAndControlCharactersAreEscaped() {
        assertThat(Json.string("a\"b\\c\n")).isEqualTo("\"a\\\"b\\\\c\\u000a\"");
    }
}
