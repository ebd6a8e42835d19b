package org.lodgevm.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.image.ImageException;

class ResolverTest {
    private final PackageIndex index = new PackageIndex();

    @Test
    void aMetapackageComesAfterTheKernelItStandsFor() throws IOException {
        add("linux-image-cloud", "6.1-2", "Depends: linux-image-6-cloud (= 6.1-2)");
        add("linux-image-6-cloud", "6.1-2", "Depends: kmod, linux-base");
        Resolver resolver = new Resolver(index, relation -> relation.name().startsWith("linux-image-"));
        assertThat(names(resolver.add(Relation.any("linux-image-cloud"))))
                .containsExactly("linux-image-6-cloud 6.1-2", "linux-image-cloud 6.1-2");
    }

    @Test
    void theNewestVersionThatFitsIsTaken() throws IOException {
        add("a", "1", "Depends: b (<< 3)");
        add("b", "1", "");
        add("b", "2", "");
        add("b", "3", "");
        assertThat(resolve("a")).containsExactly("b 2", "a 1");
    }

    @Test
    void aSuiteThatIsNotAutomaticIsTheLastResort() throws IOException {
        add("a", "1", "");
        add("a", "9", "", Release.NOT_AUTOMATIC);
        add("b", "9", "", Release.NOT_AUTOMATIC);
        assertThat(resolve("a")).containsExactly("a 1");
        assertThat(resolve("b")).containsExactly("b 9");
    }

    @Test
    void theFirstAlternativeThatCanBeHadIsTaken() throws IOException {
        add("a", "1", "Depends: absent | b | c");
        add("b", "1", "");
        add("c", "1", "");
        assertThat(resolve("a")).containsExactly("b 1", "a 1");
    }

    @Test
    void anAlternativeThatIsTakenAlreadyIsEnough() throws IOException {
        add("a", "1", "Depends: c, b | c");
        add("b", "1", "");
        add("c", "1", "");
        assertThat(resolve("a")).containsExactly("c 1", "a 1");
    }

    @Test
    void aVirtualPackageIsProvidedByARealOne() throws IOException {
        add("a", "1", "Depends: mta, awk (>= 2)");
        add("exim", "4", "Provides: mta");
        add("mawk", "1", "Provides: awk");
        add("gawk", "5", "Provides: awk (= 3)");
        assertThat(resolve("a")).containsExactly("exim 4", "gawk 5", "a 1");
    }

    @Test
    void packagesThatNeedEachOtherAreBothTaken() throws IOException {
        add("a", "1", "Depends: b");
        add("b", "1", "Depends: a");
        assertThat(resolve("a")).containsExactlyInAnyOrder("a 1", "b 1");
    }

    @Test
    void preDependenciesComeFirst() throws IOException {
        add("a", "1", "Depends: c\nPre-Depends: b");
        add("b", "1", "");
        add("c", "1", "");
        assertThat(resolve("a")).containsExactly("b 1", "c 1", "a 1");
    }

    @Test
    void packagesThatConflictAreNotTakenTogether() throws IOException {
        add("a", "1", "Depends: b, c");
        add("b", "1", "");
        add("c", "1", "Breaks: b (<< 2)");
        assertThatThrownBy(() -> resolve("a")).isInstanceOf(ImageException.class).hasMessageContaining("c 1 and b 1");
    }

    @Test
    void whatCannotBeHadIsNamed() throws IOException {
        add("a", "1", "Depends: b (>= 2) | c");
        add("b", "1", "");
        assertThatThrownBy(() -> resolve("a"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("a 1 depends on [b (>= 2), c]")
                .hasMessageContaining("--mirror");
        assertThatThrownBy(() -> resolve("x")).isInstanceOf(ImageException.class).hasMessageContaining("has x");
    }

    private List<String> resolve(String name) {
        return names(new Resolver(index, relation -> true).add(Relation.any(name)));
    }

    private static List<String> names(List<PackageRecord> records) {
        return records.stream().map(PackageRecord::toString).toList();
    }

    private void add(String name, String version, String fields) throws IOException {
        add(name, version, fields, Release.AUTOMATIC);
    }

    private void add(String name, String version, String fields, int priority) throws IOException {
        String stanza = """
                Package: %s
                Version: %s
                Architecture: all
                Filename: pool/%1$s.deb
                Size: 1
                SHA256: %s
                %s
                """.formatted(name, version, "0".repeat(64), fields);
        byte[] packages = stanza.getBytes(StandardCharsets.UTF_8);
        index.read(new ByteArrayInputStream(packages), URI.create("http://archive.test/debian/"), priority);
    }
}
