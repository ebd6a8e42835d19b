package org.lodgevm.cli.log;

import java.util.Locale;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Prints a message as one line: {@code lodge: warning: ...}. */
final class StandardErrorLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    StandardErrorLogger(String name) {
        this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
        return StandardErrorLogging.shows(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return StandardErrorLogging.shows(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return StandardErrorLogging.shows(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return StandardErrorLogging.shows(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return StandardErrorLogging.shows(Level.ERROR);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable problem) {
        String kind = level == Level.WARN ? "warning" : level.name().toLowerCase(Locale.ROOT);
        System.err.println("lodge: " + kind + ": " + MessageFormatter.basicArrayFormat(pattern, arguments));
        if (problem != null && StandardErrorLogging.shows(Level.DEBUG)) {
            problem.printStackTrace(System.err);
        }
    }
}
