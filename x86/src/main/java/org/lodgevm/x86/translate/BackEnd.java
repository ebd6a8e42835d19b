package org.lodgevm.x86.translate;

import org.lodgevm.x86.isa.Row;

/**
 * The host's processor, as the {@link Translator} sees it: what makes code for it of regions, runs that code, and knows where in it is what
 * changes later. Which guest code becomes a region, where its code is kept and how it is found is the same for all; so are what lies
 * before a region's code, its {@link Head}, and how an {@link Exit} is described.
 */
interface BackEnd {
    /** Bytes at the start of the memory for code that are its own. */
    int bytes();

    /** Whether the host executes such instructions, so that regions may have them. */
    boolean executes(Row row);

    /**
     * Makes the code of a region.
     *
     * @param address on the host, of the {@link Head}
     * @param physical address of the page of guest code
     */
    Code lower(Region region, long address, long physical, Context context);

    /** A region's code, its head included, and what in it depends on where it is. */
    record Code(byte[] bytes, Relocations relocations) {}

    /**
     * Makes code that has been copied from elsewhere right for its new place, and for where the page of guest code is mapped now. Numbers of
     * instructions are the translator's to change.
     *
     * @param record that the archive has of it
     * @param address on the host, of the {@link Head}
     */
    void adapt(long record, long address, long rip, long physical);

    /** Makes the jump of an exit of kind {@link Exit#LINK} lead to another region's code. @param guarded whether to pass its guard */
    void link(long exit, long code, boolean guarded);

    /** Makes that jump lead to its exit again. */
    void unlink(long exit);

    /**
     * Runs code.
     *
     * @param block the {@link org.lodgevm.x86.state.StateBlock}, with the guest's state
     * @return the {@link Exit}
     */
    long enter(long block, long code);

    /** @see Translator#compareAndExchange16 */
    boolean compareAndExchange16(long address, long operands);
}
