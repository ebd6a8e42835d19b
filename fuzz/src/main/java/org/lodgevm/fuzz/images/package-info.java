/**
 * Disk images that somebody has tampered with: sound ones of every format, {@link org.lodgevm.fuzz.images.Samples}, in which a few words are
 * changed where bookkeeping is and checksums are made right again afterwards ({@link org.lodgevm.fuzz.images.Damage}), so that what is
 * behind a checksum gets its share. {@link org.lodgevm.fuzz.images.Use} then does with the disk whatever can be done with one.
 *
 * <p>An image may be refused at any time, by a message that names it. It may not make its reader fail otherwise, or hang, or take more
 * memory than the heap has.
 */
package org.lodgevm.fuzz.images;
