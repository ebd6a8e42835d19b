package org.lodgevm.bench.engine;

/** A run did not go as it should. The message is for the reader of the report. */
public final class MeasurementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MeasurementException(String message) {
        super(message);
    }

    MeasurementException(String message, Throwable cause) {
        super(message, cause);
    }
}
