package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** A DNS message, as far as one needs to know it who passes it on. @rfc 1035 4.1.1 */
public final class Dns {
    public static final int PORT = 53;
    public static final int HEADER_SIZE = 12;

    /** Response codes. */
    public static final int SERVER_FAILURE = 2;

    public static final int REFUSED = 5;

    private static final int ID = 0;
    private static final int FLAGS = 2;
    private static final int QUESTIONS = 4;
    private static final int ANSWERS = 6;
    private static final int AUTHORITIES = 8;
    private static final int ADDITIONALS = 10;

    private static final int RESPONSE = 1 << 15;
    private static final int OPCODE_AND_RD = 0x7900;
    private static final int RECURSION_AVAILABLE = 1 << 7;
    private static final int RCODE = 0xf;

    /** Upper bits of a label's length that make it something else: a pointer, which no question needs. */
    private static final int NO_LABEL = 0xc0;

    private static final int MAX_NAME = 255;
    private static final int TYPE_AND_CLASS = 4;

    private final ByteBuffer bytes;

    private Dns(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** @param bytes from 0 to the limit. @return null if this is not a message */
    public static Dns parse(ByteBuffer bytes) {
        return bytes.limit() < HEADER_SIZE ? null : new Dns(bytes);
    }

    public int id() {
        return bytes.getShort(ID) & 0xffff;
    }

    public boolean isResponse() {
        return (bytes.getShort(FLAGS) & RESPONSE) != 0;
    }

    public int responseCode() {
        return bytes.getShort(FLAGS) & RCODE;
    }

    /** Where the first question ends; where it would begin, if there is none that makes sense. */
    private int questionEnd() {
        if (bytes.getShort(QUESTIONS) != 1) {
            return HEADER_SIZE;
        }
        int at = HEADER_SIZE;
        while (at < bytes.limit() && at - HEADER_SIZE < MAX_NAME) {
            int label = bytes.get(at) & 0xff;
            if (label == 0) {
                int end = at + 1 + TYPE_AND_CLASS;
                return end <= bytes.limit() ? end : HEADER_SIZE;
            } else if (label >= NO_LABEL) {
                return HEADER_SIZE;
            }
            at += 1 + label;
        }
        return HEADER_SIZE;
    }

    /** Whether another message has the same identifier and asks the same, letter for letter. @rfc 5452 9.1 */
    public boolean sameQuestion(Dns other) {
        int end = questionEnd();
        return id() == other.id()
                && end == other.questionEnd()
                && bytes.slice(HEADER_SIZE, end - HEADER_SIZE).equals(other.bytes.slice(HEADER_SIZE, end - HEADER_SIZE));
    }

    /** A response to this query that has nothing but a code. */
    public ByteBuffer refusal(int code) {
        int end = questionEnd();
        ByteBuffer response = ByteBuffer.allocate(end);
        response.put(0, bytes, 0, end);
        int flags = bytes.getShort(FLAGS) & OPCODE_AND_RD | RESPONSE | RECURSION_AVAILABLE | code;
        response.putShort(FLAGS, (short) flags);
        response.putShort(QUESTIONS, (short) (end > HEADER_SIZE ? 1 : 0));
        response.putShort(ANSWERS, (short) 0);
        response.putShort(AUTHORITIES, (short) 0);
        response.putShort(ADDITIONALS, (short) 0);
        return response;
    }
}
