package org.lodgevm.net;

/** One end of a full-duplex Ethernet cable, as its user sees it. All methods may be called on any thread. */
public interface Link extends AutoCloseable {
    /**
     * Sends a frame to the other end. Never waits.
     *
     * @param frame its bytes are copied, or done with, before this returns; it may have any {@link Offload}
     * @return false if there is no room: the frame was not taken. {@link Receiver#sendReady} tells when to try again
     */
    boolean send(Frame frame);

    /**
     * Says who gets the frames from the other end, and lets them come. Those that come before may be dropped, as on a cable with nothing
     * plugged in.
     *
     * @throws IllegalStateException if there is a receiver already
     */
    void connect(Receiver receiver);

    /** Says, after {@link Receiver#receive} had refused a frame, that there is room again. */
    void receiveReady();

    /** Takes the cable out. What is sent from then on is dropped; no call of the receiver begins any more. */
    @Override
    void close();
}
