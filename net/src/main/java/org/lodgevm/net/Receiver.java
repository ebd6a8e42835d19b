package org.lodgevm.net;

/**
 * What a {@link Link} delivers frames to. It is called on threads of the link, one at a time for {@link #receive}; it must not wait,
 * and may call the link.
 */
@FunctionalInterface
public interface Receiver {
    /**
     * @param frame with no offload but what {@link #capabilities} allows; valid until this returns
     * @return false if there is no room: the link keeps the frame, or drops it, and sends no more until {@link Link#receiveReady}
     */
    boolean receive(Frame frame);

    /** After {@link Link#send} had refused a frame: there is room again. */
    default void sendReady() {}

    /** What may be left undone in frames for this receiver. Asked for every frame, as a driver may change its mind. */
    default Capabilities capabilities() {
        return Capabilities.NONE;
    }
}
