package org.lodgevm.image.iso;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * What follows a name in a directory record: the name as it is, and who may do what.
 *
 * @susp System Use Sharing Protocol 1.12
 * @rrip Rock Ridge Interchange Protocol 1.12
 */
final class RockRidge {
    private static final String IDENTIFIER = "RRIP_1991A";
    private static final int VERSION = 1;
    private static final int SP_LENGTH = 7;
    private static final int ER_HEADER = 8;
    private static final int PX_LENGTH = 36;
    private static final int NM_HEADER = 5;
    private static final int S_IFDIR = 0x4000;
    private static final int S_IFREG = 0x8000;
    private static final int FOLDER = S_IFDIR | 0555;
    private static final int FILE = S_IFREG | 0444;

    private RockRidge() {}

    /** Of the root's own record, by which a reader knows that the protocol is in use. @susp 5.3, 5.5 */
    static byte[] root() {
        int extension = ER_HEADER + IDENTIFIER.length();
        ByteBuffer area = ByteBuffer.allocate(SP_LENGTH + extension + PX_LENGTH);
        entry(area, "SP", SP_LENGTH).put((byte) 0xbe).put((byte) 0xef).put((byte) 0);
        entry(area, "ER", extension).put((byte) IDENTIFIER.length()).put((byte) 0).put((byte) 0).put((byte) 1);
        area.put(IDENTIFIER.getBytes(US_ASCII));
        return attributes(area, FOLDER, 2).array();
    }

    static byte[] folder() {
        return attributes(ByteBuffer.allocate(PX_LENGTH), FOLDER, 2).array();
    }

    /** @rrip 4.1.4 */
    static byte[] file(String name) {
        ByteBuffer area = attributes(ByteBuffer.allocate(PX_LENGTH + NM_HEADER + name.length()), FILE, 1);
        return entry(area, "NM", NM_HEADER + name.length()).put((byte) 0).put(name.getBytes(US_ASCII)).array();
    }

    /** Everything is root's. @rrip 4.1.1 */
    private static ByteBuffer attributes(ByteBuffer area, int mode, int links) {
        entry(area, "PX", PX_LENGTH);
        for (int field : new int[] {mode, links, 0, 0}) {
            IsoWriter.both(area, field);
        }
        return area;
    }

    /** @susp 4.1 */
    private static ByteBuffer entry(ByteBuffer area, String signature, int length) {
        return area.put(signature.getBytes(US_ASCII)).put((byte) length).put((byte) VERSION);
    }
}
