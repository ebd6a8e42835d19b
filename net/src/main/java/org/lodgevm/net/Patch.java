package org.lodgevm.net;

/** A coupling that makes one cable of two: what comes out of one link goes into the other. */
public final class Patch {
    private Patch() {}

    public static void join(Link one, Link other) {
        one.connect(new Relay(one, other));
        other.connect(new Relay(other, one));
    }

    /** Receives from one link for the other. Every link takes all offloads. */
    private record Relay(Link from, Link to) implements Receiver {
        @Override
        public boolean receive(Frame frame) {
            return to.send(frame);
        }

        @Override
        public void sendReady() {
            to.receiveReady();
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.ALL;
        }
    }
}
