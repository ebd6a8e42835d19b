package org.lodgevm.image.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.apt.Source;

class DistributionTest {
    private static final Distribution BOOKWORM = Distribution.parse("debian:12");

    @Test
    void aReleaseHasANumberAndAName() {
        assertThat(Distribution.parse("debian:bookworm")).isEqualTo(BOOKWORM);
        assertThat(Distribution.parse("debian")).isEqualTo(BOOKWORM);
        assertThat(Distribution.named("debian:trixie")).hasToString("Optional[debian:13]");
        assertThat(Distribution.named("ubuntu:24.04")).isEmpty();
        assertThatThrownBy(() -> Distribution.parse("debian:1")).isInstanceOf(ImageException.class).hasMessageContaining("debian:12, debian:13");
    }

    @Test
    void onlySuitesOfTheReleaseCount() {
        assertThat(BOOKWORM.among(List.of(source("bookworm"), source("nodistro"), source("bookworm-security"), source("bookworm-backports"))))
                .extracting(Source::suite)
                .containsExactly("bookworm", "bookworm-security");
    }

    @Test
    void archivesOfAnotherReleaseHaveThisOneToo() {
        assertThat(BOOKWORM.among(List.of(source("trixie"), source("trixie-updates"), source("stable"))))
                .extracting(Source::suite)
                .containsExactly("bookworm", "bookworm-updates");
    }

    @Test
    void otherArchivesDoNot() {
        assertThatThrownBy(() -> BOOKWORM.among(List.of(source("noble"))))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("--mirror");
    }

    private static Source source(String suite) {
        return new Source(URI.create("http://archive.invalid/debian/"), suite, List.of("main"), Source.Options.NONE, "a file");
    }
}
