package org.lodgevm.x86.interpret;

import jdk.jfr.FlightRecorder;

/**
 * Tells the JDK's flight recorder of one translation, if that is in use. Otherwise not even the event's class is loaded: with the first one the JDK reads what it
 * has to say of all of its own, which takes a tenth of a second and a megabyte, and that when the guest's first code waits to be translated.
 *
 * @param event that has begun, or null
 */
record TranslationReport(TranslationEvent event) {
    private static final TranslationReport NONE = new TranslationReport(null);

    static TranslationReport begin() {
        if (!FlightRecorder.isInitialized()) {
            return NONE;
        }
        TranslationEvent event = new TranslationEvent();
        event.begin();
        return new TranslationReport(event);
    }

    /**
     * The region is translated.
     *
     * @param cpu that asked for it
     * @param rip where it begins
     * @param instructions of the guest
     * @param bytes of the host's code
     */
    void end(int cpu, long rip, long instructions, long bytes) {
        if (event != null) {
            event.commit(cpu, rip, instructions, bytes);
        }
    }
}
