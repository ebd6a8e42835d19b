package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedVerdictTest {
    private static final String MONDAY = "boot 1, device 1";

    @TempDir
    private Path folder;

    private int trials;

    @Test
    void aTrialIsMadeOnce() {
        assertThat(ask(MONDAY, "a guest is not interrupted")).isEqualTo("a guest is not interrupted");
        assertThat(ask(MONDAY, null)).isEqualTo("a guest is not interrupted");
        assertThat(trials).isEqualTo(1);
    }

    @Test
    void thatKvmWorksIsRememberedToo() {
        assertThat(ask(MONDAY, null)).isNull();
        assertThat(ask(MONDAY, "broken")).isNull();
        assertThat(trials).isEqualTo(1);
    }

    @Test
    void otherCircumstancesAreTriedAnew() {
        ask(MONDAY, null);
        assertThat(ask("boot 2, device 1", "broken")).isEqualTo("broken");
        assertThat(ask("boot 2, device 1", null)).isEqualTo("broken");
    }

    @Test
    void circumstancesThatNobodyKnowsAreNotRemembered() {
        ask("", null);
        assertThat(ask("", "broken")).isEqualTo("broken");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedFileCountsAsNone() throws Exception {
        Files.write(folder.resolve("kvm-probe"), new byte[] {(byte) 0xff, 0, '\n'});
        assertThat(ask(MONDAY, "broken")).isEqualTo("broken");
        assertThat(trials).isEqualTo(1);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoHindrance() throws Exception {
        Files.writeString(folder.resolve("file"), "");
        assertThat(new RememberedVerdict(folder.resolve("file").resolve("kvm-probe"), MONDAY).orElse(() -> "broken")).isEqualTo("broken");
    }

    private String ask(String circumstances, String verdict) {
        return new RememberedVerdict(folder.resolve("kvm-probe"), circumstances).orElse(() -> {
            trials++;
            return verdict;
        });
    }
}
