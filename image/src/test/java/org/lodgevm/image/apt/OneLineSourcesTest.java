package org.lodgevm.image.apt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.image.ImageException;

class OneLineSourcesTest {
    @Test
    void aLineNamesArchiveSuiteAndComponents() {
        Source source = parse("deb http://archive.test/debian bookworm main contrib").getFirst();
        assertThat(source.archive()).hasToString("http://archive.test/debian/");
        assertThat(source.suite()).isEqualTo("bookworm");
        assertThat(source.components()).containsExactly("main", "contrib");
        assertThat(source.options()).isEqualTo(Source.Options.NONE);
        assertThat(source.origin()).isEqualTo("list:1");
        assertThat(source.suiteFolder()).hasToString("http://archive.test/debian/dists/bookworm/");
    }

    @Test
    void commentsBlankLinesAndSourcePackagesAreLeftOut() {
        List<Source> sources = parse("""
                # deb http://archive.test/no bookworm main

                deb-src http://archive.test/no bookworm main
                \tdeb   https://archive.test/yes/   bookworm\tmain # and why
                """);
        assertThat(sources).hasSize(1);
        assertThat(sources.getFirst().archive()).hasToString("https://archive.test/yes/");
        assertThat(sources.getFirst().origin()).isEqualTo("list:4");
    }

    @Test
    void optionsStandInBrackets() {
        Source source = parse("deb [ arch=amd64,i386 signed-by=/k.gpg,/l.gpg trusted=yes check-valid-until=no lang=en ]"
                        + " http://archive.test/ sid main")
                .getFirst();
        assertThat(source.options().architectures()).containsExactly("amd64", "i386");
        assertThat(source.options().signedBy()).contains("/k.gpg,/l.gpg");
        assertThat(source.options().trusted()).isTrue();
        assertThat(source.options().checkValidUntil()).contains(false);
        assertThat(source.serves("i386")).isTrue();
        assertThat(source.serves("arm64")).isFalse();
    }

    @Test
    void aSuiteWithASlashHasNoComponents() {
        Source source = parse("deb file:/srv/repo ./").getFirst();
        assertThat(source.isFlat()).isTrue();
        assertThat(source.components()).isEmpty();
        assertThat(source.suiteFolder()).hasToString("file:/srv/repo/");
        assertThat(parse("deb copy:/srv/repo /").getFirst().suiteFolder()).hasToString("file:/srv/repo/");
    }

    @Test
    void whatOnlyAptCanReachIsLeftToApt() {
        assertThat(parse("""
                        deb cdrom:[Debian GNU/Linux 12 _Bookworm_]/ bookworm main
                        deb tor+http://archive.test/debian bookworm main
                        deb mirror+file:/etc/apt/mirrors.txt bookworm main
                        """)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deb", "deb http://archive.test/", "deb http://archive.test/ bookworm", "rpm http://a.test/ x main",
                "deb [arch] http://archive.test/ bookworm main", "deb archive.test bookworm main",
                "deb http://archive.test/ flat/ main", "deb http://archive.test/%zz bookworm main"
            })
    void aMalformedLineIsNamed(String line) {
        assertThatThrownBy(() -> parse("# first\n" + line))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("list:2")
                .hasMessageContaining("--mirror");
    }

    private static List<Source> parse(String text) {
        return OneLineSources.parse(text, "list");
    }
}
