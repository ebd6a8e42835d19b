package org.lodgevm.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class StandardErrorLoggingTest {
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(captured, true, UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
        StandardErrorLogging.threshold(Level.WARN);
    }

    private String printed() {
        return captured.toString(UTF_8);
    }

    @Test
    void aWarningIsOneLineInLodgesOwnForm() {
        Logger logger = new StandardErrorLogging().getLoggerFactory().getLogger("x");
        logger.warn("MSR {} is unknown", "0x1b");
        assertThat(printed()).isEqualToIgnoringNewLines("lodge: warning: MSR 0x1b is unknown");
    }

    @Test
    void whatIsBelowTheThresholdIsNotShown() {
        Logger logger = new StandardErrorLogging().getLoggerFactory().getLogger("x");
        logger.info("fine");
        assertThat(printed()).isEmpty();
        StandardErrorLogging.threshold(Level.INFO);
        logger.info("fine");
        assertThat(printed()).contains("lodge: info: fine");
    }

    @Test
    void stackTracesAppearAtDebugOnly() {
        Logger logger = new StandardErrorLogging().getLoggerFactory().getLogger("x");
        logger.error("broken", new IllegalStateException("why"));
        assertThat(printed()).doesNotContain("IllegalStateException");
        StandardErrorLogging.threshold(Level.DEBUG);
        logger.error("broken", new IllegalStateException("why"));
        assertThat(printed()).contains("IllegalStateException: why");
    }

    @Test
    void theLibrariesFindItByThemselves() {
        assertThat(LoggerFactory.getLogger("any")).isInstanceOf(StandardErrorLogger.class);
    }

    @Test
    void theJdkTellsItsWarningsInTheSameForm() {
        System.Logger logger = new PlatformLogging().getLogger("x", getClass().getModule());
        logger.log(System.Logger.Level.WARNING, "{0} of {1}", 1, 2);
        logger.log(System.Logger.Level.ERROR, "{0}", new IllegalStateException("why"));
        assertThat(printed().lines()).containsExactly("lodge: warning: 1 of 2", "lodge: error: {0}");
    }

    @Test
    void whatElseTheJdkHasToSayIsNotShown() {
        StandardErrorLogging.threshold(Level.DEBUG);
        System.getLogger("java.lang.Runtime").log(System.Logger.Level.DEBUG, "Runtime.exit() called");
        System.getLogger("java.lang.Runtime").log(System.Logger.Level.INFO, "Runtime.exit() called");
        assertThat(printed()).isEmpty();
    }
}
