package org.lodgevm.machine;

/**
 * A device's register in memory of which a write says no more than that there was one: what the device does about it, it does soon, on
 * another thread. An accelerator that can has the bell rung without the CPU leaving guest code; with any other it is rung by
 * {@link IoRegion#write}, whose effect is the same.
 *
 * @param offset in its region, in bytes
 * @param size of the writes that ring, in bytes; {@link #ANY_SIZE} for all, whatever they write
 * @param value that rings, if the size is a certain one
 * @param bell cheap, on any thread; may be rung once for several writes
 */
public record Doorbell(long offset, int size, long value, Runnable bell) {
    public static final int ANY_SIZE = 0;

    public static Doorbell onAnyWrite(long offset, Runnable bell) {
        return new Doorbell(offset, ANY_SIZE, 0, bell);
    }

    /** Whoever answers the doors of a machine in the devices' place. */
    public interface Keeper {
        /** From now on a write at the address rings. */
        void placed(long gpa, Doorbell doorbell);

        /** It does no more. */
        void removed(long gpa, Doorbell doorbell);
    }
}
