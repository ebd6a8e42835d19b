package org.lodgevm.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class VersionTest {
    /** Each later than the one before. */
    private static final List<String> ASCENDING = List.of(
            "0~~", "0~", "0", "0a", "0+", "1~rc1-1", "1~rc1-1+b1", "1", "1-1", "1-1.1", "1-2", "1-10", "1.0~", "1.0",
            "1.0.0", "1.2", "1.10", "1.10a", "1.10a.b", "1.10+deb12u1", "6.1.0-9", "6.1.0-13", "6.1.99-1", "6.1.176-1",
            "6.1.192-2", "20240101", "123456789012345678901234567890", "1:0.1", "1:1.35.0-4+b3",
            "1:1.35.0-4+deb12u1+b1", "2:0");

    @Test
    void everyVersionIsLaterThanAllBeforeIt() {
        for (int i = 0; i < ASCENDING.size(); i++) {
            for (int j = 0; j < ASCENDING.size(); j++) {
                assertThat(Integer.signum(order(ASCENDING.get(i), ASCENDING.get(j))))
                        .as("%s to %s", ASCENDING.get(i), ASCENDING.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void zerosBeforeANumberAndAnEpochOfZeroDoNotCount() {
        assertThat(order("1.02-01", "1.2-1")).isZero();
        assertThat(order("0:1.2", "1.2")).isZero();
        assertThat(order("1.2", "1.2-0")).isZero();
    }

    @Property
    void reversingTheOperandsReversesTheOrder(@ForAll("versions") String left, @ForAll("versions") String right) {
        assertThat(Integer.signum(order(left, right))).isEqualTo(-Integer.signum(order(right, left)));
    }

    @Property
    void theOrderIsTransitive(
            @ForAll("versions") String a, @ForAll("versions") String b, @ForAll("versions") String c) {
        List<Version> sorted =
                List.of(a, b, c).stream().map(Version::new).sorted().toList();
        assertThat(sorted.getFirst().compareTo(sorted.getLast())).isNotPositive();
    }

    @Test
    void dpkgAgrees() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg")), "needs dpkg");
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            String left = random(random);
            String right = random.nextBoolean() ? random(random) : left + random(random).substring(2);
            int order = order(left, right);
            String relation = order < 0 ? "lt" : order > 0 ? "gt" : "eq";
            Process dpkg = new ProcessBuilder("/usr/bin/dpkg", "--compare-versions", left, relation, right).start();
            assertThat(dpkg.waitFor()).as("%s %s %s", left, relation, right).isZero();
        }
    }

    @Provide
    Arbitrary<String> versions() {
        return Arbitraries.strings().withChars("0019a~+.-:").ofMinLength(1).ofMaxLength(8);
    }

    private static String random(Random random) {
        StringBuilder version = new StringBuilder(random.nextInt(3) == 0 ? "1:" : "");
        version.append(random.nextInt(3));
        for (int i = random.nextInt(8); i > 0; i--) {
            version.append("0019aZ~+.-".charAt(random.nextInt(10)));
        }
        return version.append("0").toString();
    }

    private static int order(String left, String right) {
        return new Version(left).compareTo(new Version(right));
    }
}
