package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The header that all tables but RSDP and FACS begin with. @acpi 5.2.6 */
final class SystemTable {
    static final int HEADER_SIZE = 36;
    private static final int CHECKSUM = 9;
    private static final String OEM_ID = "LODGE ";
    private static final String OEM_TABLE_ID = "LODGEPC ";
    private static final String CREATOR_ID = "LDGE";
    private static final int OEM_REVISION = 1;
    private static final int CREATOR_REVISION = 1;

    private SystemTable() {}

    /** Appends a table to {@code blob}, checksummed. @return its offset */
    static int append(LinkedBlob blob, String signature, int revision, byte[] body) {
        int length = HEADER_SIZE + body.length;
        ByteBuffer table = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        table.put(signature.getBytes(US_ASCII)).putInt(length).put((byte) revision).put((byte) 0);
        table.put(OEM_ID.getBytes(US_ASCII)).put(OEM_TABLE_ID.getBytes(US_ASCII)).putInt(OEM_REVISION);
        table.put(CREATOR_ID.getBytes(US_ASCII)).putInt(CREATOR_REVISION).put(body);
        int offset = blob.append(table.array(), 16);
        blob.checksum(offset + CHECKSUM, offset, length);
        return offset;
    }

    static byte[] oemId() {
        return OEM_ID.getBytes(US_ASCII);
    }
}
