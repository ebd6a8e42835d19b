package org.lodgevm.image.apt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stanza format of {@code .sources} files.
 *
 * @debian sources.list(5), "DEB822-Style Format"
 */
final class Deb822Sources {
    private Deb822Sources() {}

    static List<Source> parse(String text, String file) {
        List<Source> sources = new ArrayList<>();
        try {
            for (Stanza stanza : StanzaReader.readAll(text)) {
                parseStanza(stanza, file + ":" + stanza.line(), sources);
            }
        } catch (MalformedStanzaException e) {
            throw Sources.malformed(file, e.getMessage());
        }
        return sources;
    }

    private static void parseStanza(Stanza stanza, String origin, List<Source> sources) {
        boolean enabled = Sources.isOn(stanza.text("Enabled")).orElse(true);
        if (!enabled || !List.of(stanza.words("Types")).contains("deb")) {
            return;
        }
        for (String mandatory : List.of("URIs", "Suites")) {
            if (stanza.words(mandatory).length == 0) {
                throw Sources.malformed(origin, "no " + mandatory);
            }
        }
        Source.Options options = new Source.Options(
                List.of(stanza.words("Architectures")),
                stanza.field("Signed-By"),
                Sources.isOn(stanza.text("Trusted")).orElse(false),
                Sources.isOn(stanza.text("Check-Valid-Until")));
        List<String> components = List.of(stanza.words("Components"));
        for (String uri : stanza.words("URIs")) {
            for (String suite : stanza.words("Suites")) {
                Optional<Source> source = Sources.source(uri, suite, components, options, origin);
                source.ifPresent(sources::add);
            }
        }
    }
}
