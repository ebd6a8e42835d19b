package org.lodgevm.cli.doctor;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was found of one thing.
 *
 * @param subject what was looked at
 * @param state whether it is as it should be
 * @param text what is there, and what to do if it should be otherwise
 */
record Finding(String subject, State state, String text) {
    /** How a finding is to be taken. */
    enum State {
        /** As it should be, or a fact. */
        OK("ok"),
        /** Machines run without it; something is slower or absent. */
        MISSING("missing"),
        /** Machines do not run. */
        BAD("bad");

        private final String name;

        State(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Finding ok(String subject, String text) {
        return new Finding(subject, State.OK, text);
    }

    static Finding missing(String subject, String text) {
        return new Finding(subject, State.MISSING, text);
    }

    static Finding bad(String subject, String text) {
        return new Finding(subject, State.BAD, text);
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("subject", subject);
        map.put("state", state.toString());
        map.put("text", text);
        return map;
    }

    @Override
    public String toString() {
        return "%-22s %-8s %s".formatted(subject, state, text);
    }
}
