package org.lodgevm.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelationTest {
    @Test
    void aFieldIsAListOfAlternatives() {
        List<List<Relation>> field =
                Relation.parse("kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool,");
        assertThat(field.stream().map(Object::toString))
                .containsExactly(
                        "[kmod]",
                        "[linux-base (>= 4.3~)]",
                        "[initramfs-tools (>= 0.120+deb8u2), linux-initramfs-tool]");
    }

    @Test
    void anArchitectureQualifierAndRestrictionsAreNoPartOfTheName() {
        assertThat(Relation.parse("python3:any (>= 3.5), libc6 [amd64 i386] <!nocheck>").toString())
                .isEqualTo("[[python3 (>= 3.5)], [libc6]]");
    }

    @Test
    void anEmptyFieldHasNoRelations() {
        assertThat(Relation.parse("")).isEmpty();
        assertThat(Relation.parse(" , ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "<<, true, false, false", "<=, true, true, false", "=, false, true, false", ">=, false, true, true",
        ">>, false, false, true", "<, true, true, false", ">, false, true, true"
    })
    void anOperatorAcceptsEarlierEqualAndLaterVersions(String sign, boolean earlier, boolean equal, boolean later) {
        Relation relation = Relation.parse("a (" + sign + " 2-1)").getFirst().getFirst();
        assertThat(relation.accepts(new Version("2-0"))).isEqualTo(earlier);
        assertThat(relation.accepts(new Version("2-1"))).isEqualTo(equal);
        assertThat(relation.accepts(new Version("2-1+b1"))).isEqualTo(later);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a (> )", "(>= 1)", "A", "a (1.0)", "a |"})
    void whatIsNoRelationIsRefused(String field) {
        assertThatThrownBy(() -> Relation.parse(field)).isInstanceOf(IllegalArgumentException.class);
    }
}
