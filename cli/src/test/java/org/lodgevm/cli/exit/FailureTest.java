package org.lodgevm.cli.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;
import org.lodgevm.image.CacheException;
import org.lodgevm.image.ImageException;
import org.lodgevm.vm.MachineException;
import org.lodgevm.vm.boot.BootException;

class FailureTest {
    @Test
    void whatIsBootedAndWhatIsDownloadedIsInput() {
        assertThat(Failure.of(new BootException("no kernel")).status()).isEqualTo(ExitStatus.NO_INPUT);
        assertThat(Failure.of(new ImageException("no network")).status()).isEqualTo(ExitStatus.NO_INPUT);
    }

    @Test
    void whatTheHostCannotDoIsTheHosts() {
        assertThat(Failure.of(new MachineException("no memory")).status()).isEqualTo(ExitStatus.HOST);
        assertThat(Failure.of(new CacheException("disk full", null)).status()).isEqualTo(ExitStatus.HOST);
        assertThat(Failure.of(new OutOfMemoryError("Java heap space")).status()).isEqualTo(ExitStatus.HOST);
    }

    @Test
    void outputThatNobodyReadsEndsAsAProcessDoesThatSigpipeKills() {
        assertThat(Failure.ofOutput(new IOException("Broken pipe")).status()).isEqualTo(ExitStatus.BROKEN_PIPE);
        assertThat(Failure.ofOutput(new IOException("No space left on device")).status()).isEqualTo(ExitStatus.HOST);
    }

    @Test
    void aFileThatMayNotBeReadIsNamedWithTheReason() {
        Failure failure = Failure.of(new AccessDeniedException("/etc/shadow"));
        assertThat(failure.status()).isEqualTo(ExitStatus.HOST);
        assertThat(failure).hasMessageContaining("/etc/shadow: permission denied").hasMessageContaining("permissions");
    }

    @Test
    void anythingElseIsOursAndAsksForAReport() {
        Failure failure = Failure.of(new IllegalStateException("impossible"));
        assertThat(failure.status()).isEqualTo(ExitStatus.INTERNAL);
        assertThat(failure).hasMessageContaining("impossible").hasMessageContaining("--debug");
    }
}
