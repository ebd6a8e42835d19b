package org.lodgevm.x86.interpret;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/** Has a CPU's figures written once a second, as long as the JDK's flight recorder is in use; starting that only to be told costs too much. */
final class StatisticsEvents implements FlightRecorderListener, AutoCloseable {
    private final Runnable commit;
    private boolean closed;

    private StatisticsEvents(Runnable commit) {
        this.commit = commit;
    }

    /**
     * @param commit writes a {@link VcpuStatisticsEvent}, on any thread
     */
    static StatisticsEvents of(Runnable commit) {
        StatisticsEvents events = new StatisticsEvents(commit);
        FlightRecorder.addListener(events);
        return events;
    }

    @Override
    public synchronized void recorderInitialized(FlightRecorder recorder) {
        if (!closed) {
            FlightRecorder.addPeriodicEvent(VcpuStatisticsEvent.class, commit);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        FlightRecorder.removeListener(this);
        if (FlightRecorder.isInitialized()) {
            FlightRecorder.removePeriodicEvent(commit);
        }
    }
}
