package org.lodgevm.image.apt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.ImageException;

class Deb822SourcesTest {
    @Test
    void aStanzaIsEveryUriWithEverySuite() {
        List<Source> sources = parse("""
                # where from
                Types: deb deb-src
                URIs: http://one.test/debian https://two.test/debian/
                Suites: bookworm bookworm-updates
                # which parts
                Components: main
                 contrib
                Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

                Types: deb
                URIs: file:///srv/flat
                Suites: ./
                Architectures: i386
                Trusted: yes
                Check-Valid-Until: no
                """);
        assertThat(sources.stream().map(Source::toString))
                .containsExactly(
                        "http://one.test/debian/ bookworm",
                        "http://one.test/debian/ bookworm-updates",
                        "https://two.test/debian/ bookworm",
                        "https://two.test/debian/ bookworm-updates",
                        "file:///srv/flat/ ./");
        Source first = sources.getFirst();
        assertThat(first.components()).containsExactly("main", "contrib");
        assertThat(first.options().signedBy()).contains("/usr/share/keyrings/debian-archive-keyring.gpg");
        assertThat(first.options().trusted()).isFalse();
        Source last = sources.getLast();
        assertThat(last.options())
                .isEqualTo(new Source.Options(
                        List.of("i386"), Optional.empty(), true, Optional.of(false)));
        assertThat(last.origin()).isEqualTo("list:10");
    }

    @Test
    void whatIsSwitchedOffOrHasOnlySourcePackagesIsLeftOut() {
        assertThat(parse("""
                        Types: deb
                        URIs: http://one.test/
                        Suites: sid
                        Components: main
                        Enabled: no


                        Types: deb-src
                        URIs: http://one.test/
                        Suites: sid
                        Components: main
                        """)).isEmpty();
    }

    @Test
    void keysMayStandInTheFile() {
        String block = parse("""
                        Types: deb
                        URIs: http://one.test/
                        Suites: sid
                        Components: main
                        Signed-By:
                         -----BEGIN PGP PUBLIC KEY BLOCK-----
                         .
                         abc
                         -----END PGP PUBLIC KEY BLOCK-----
                        """).getFirst().options().signedBy().orElseThrow();
        assertThat(block.lines())
                .containsExactly("-----BEGIN PGP PUBLIC KEY BLOCK-----", ".", "abc", "-----END PGP PUBLIC KEY BLOCK-----");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Types: deb\nSuites: sid\nComponents: main", "Types: deb\nURIs: http://one.test/\nComponents: main",
                "Types: deb\nURIs: http://one.test/\nSuites: sid", "Types: deb\nURIs: one\nSuites: sid\nComponents: main",
                "Types: deb\nnonsense", " Types: deb"
            })
    void aMalformedStanzaIsNamed(String stanza) {
        assertThatThrownBy(() -> parse(stanza))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("list")
                .hasMessageContaining("--mirror");
    }

    private static List<Source> parse(String text) {
        return Deb822Sources.parse(text, "list");
    }
}
