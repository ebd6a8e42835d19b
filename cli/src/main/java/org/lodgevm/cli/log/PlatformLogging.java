package org.lodgevm.cli.log;

import java.lang.System.Logger;
import java.lang.System.LoggerFinder;
import java.text.MessageFormat;
import java.util.ResourceBundle;

/**
 * Connects the JDK's own log to {@link StandardErrorLogger}, warnings and errors alone. Where no such finder is declared, the JDK looks into every jar for one when
 * {@link System#exit} has something to log, and that takes tens of milliseconds.
 */
public final class PlatformLogging extends LoggerFinder {
    @Override
    public Logger getLogger(String name, Module module) {
        return new PlatformLogger(name);
    }

    private record PlatformLogger(String name) implements Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF;
        }

        @Override
        public void log(Level level, ResourceBundle texts, String message, Throwable problem) {
            if (isLoggable(level)) {
                print(level, message, problem);
            }
        }

        @Override
        public void log(Level level, ResourceBundle texts, String pattern, Object... arguments) {
            if (isLoggable(level)) {
                print(level, arguments == null || arguments.length == 0 ? pattern : MessageFormat.format(pattern, arguments), null);
            }
        }

        private void print(Level level, String message, Throwable problem) {
            StandardErrorLogger logger = new StandardErrorLogger(name);
            if (level == Level.ERROR) {
                logger.error(message, problem);
            } else {
                logger.warn(message, problem);
            }
        }
    }
}
