package org.lodgevm.image.initramfs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads archives back, joined ones too, by the format's description and not by the writer's code. */
public final class CpioReader {
    private static final int FIELDS = 13;

    /** @param fields those after the magic, in the format's order: inode, mode, uid, gid, nlink, mtime, ... */
    public record Member(String name, int[] fields, byte[] content) {
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        public int mode() {
            return fields[1];
        }
    }

    private CpioReader() {}

    public static List<Member> read(byte[] archives) {
        List<Member> members = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(archives);
        while (in.hasRemaining()) {
            if (in.get(in.position()) == 0) {
                in.position(in.position() + 4); // padding after a trailer
                continue;
            }
            if (!text(in, 6).equals("070701")) {
                throw new AssertionError("no header at " + in.position());
            }
            int[] fields = new int[FIELDS];
            for (int i = 0; i < FIELDS; i++) {
                fields[i] = Integer.parseUnsignedInt(text(in, 8), 16);
            }
            String name = text(in, fields[11] - 1);
            in.get();
            align(in);
            byte[] content = new byte[fields[6]];
            in.get(content);
            align(in);
            members.add(new Member(name, fields, content));
        }
        return members;
    }

    private static void align(ByteBuffer in) {
        in.position(in.position() + 3 & ~3);
    }

    private static String text(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
