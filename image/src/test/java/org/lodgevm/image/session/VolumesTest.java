package org.lodgevm.image.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumesTest {
    @Test
    void aVolumeIsReadFromText() {
        assertThat(Volume.parse("./src:/src")).isEqualTo(new Volume(Path.of("./src"), "/src", false));
        assertThat(Volume.parse("/a:/b:ro")).isEqualTo(new Volume(Path.of("/a"), "/b", true));
        assertThat(Volume.parse("/a:/b:rw")).isEqualTo(new Volume(Path.of("/a"), "/b", false));
        assertThat(Volume.parse("C:/x:/b/.//c/")).as("a colon of the host's").isEqualTo(new Volume(Path.of("C:/x"), "/b/c", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "src", ":/src", "src:", "src:relative", "src:/", "src:/a/../b", "src:/.", "src:/x:wx"})
    void whatIsNoVolumeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Volume.parse(text));
    }

    @Test
    void aPlaceHasOneFolder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Volumes(List.of(Volume.parse("a:/x/"), Volume.parse("b:/x"))))
                .withMessageContaining("two folders are to appear at /x");
    }

    /** As systemd-escape --path --suffix=mount says. */
    @ParameterizedTest
    @CsvSource({"/src,src.mount", "/a/b-c,a-b\\x2dc.mount", "/.x/y.z,\\x2ex-y.z.mount", "/ä b,\\xc3\\xa4\\x20b.mount"})
    void unitsHaveTheNamesThatSystemdExpects(String path, String unit) {
        assertThat(Volumes.unitName(path)).isEqualTo(unit);
    }

    @Test
    void guestsAreToldInBothWays() {
        String overlay = new String(new Volumes(List.of(Volume.parse("a:/it's"), Volume.parse("b:/100%:ro"))).overlay(), ISO_8859_1);
        assertThat(overlay)
                .contains("mount -t virtiofs -o nosuid,nodev share0 '/it'\\''s'\n")
                .contains("mount -t virtiofs -o nosuid,nodev,ro share1 '/100%'\n")
                .contains("What=share1\nWhere=/100%%\nType=virtiofs\nOptions=nosuid,nodev,ro\n")
                .contains("lodge/units/local-fs.target.wants/it\\x27s.mount");
    }
}
