package org.lodgevm.vm.migration;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a source says first.
 *
 * @param id of this migration, another one for each attempt
 * @param profile what must be the same on both sides: see {@link MovingMachine#profile}
 * @param postcopy whether memory may follow the machine
 * @param disks that come along, in the order in which the machine has those that can be written to; none if they are where both sides can open them
 * @param definition what the target's owner needs to build the machine, if it wants to know
 */
public record Hello(UUID id, Map<String, String> profile, boolean postcopy, List<ComingDisk> disks, byte[] definition) {
    /** Of the protocol. */
    static final int VERSION = 6;

    static final int ASK_BYTES = 26;
    private static final long MAGIC = 0x4c4f_4447_454d_4947L; // "LODGEMIG"
    private static final int MOST_PAIRS = 4096;

    byte[] encode() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ask(id));
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(profile.size());
        for (Map.Entry<String, String> pair : profile.entrySet()) {
            out.writeUTF(pair.getKey());
            out.writeUTF(pair.getValue());
        }
        out.writeBoolean(postcopy);
        out.writeByte(disks.size());
        for (ComingDisk disk : disks) {
            disk.write(out);
        }
        out.write(definition);
        return bytes.toByteArray();
    }

    /** @param silence after which the other side counts as gone */
    byte[] encode(Duration silence) throws IOException {
        byte[] hello = encode();
        return ByteBuffer.allocate(Integer.BYTES + hello.length).putInt(Math.toIntExact(silence.toMillis())).put(hello).array();
    }

    /** The silence in a payload of {@link MessageType#PROTECT}. */
    static Duration silence(byte[] payload) throws IOException {
        int millis = payload.length < Integer.BYTES ? 0 : ByteBuffer.wrap(payload).getInt();
        if (millis <= 0) {
            throw new MalformedStreamException("a side cannot be silent for %d ms".formatted(millis));
        }
        return Duration.ofMillis(millis);
    }

    /** The rest of such a payload. */
    static Hello decodeProtected(byte[] payload) throws IOException {
        return decode(Arrays.copyOfRange(payload, Integer.BYTES, payload.length));
    }

    static Hello decode(byte[] payload) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
        try {
            UUID id = id(in);
            int pairs = in.readUnsignedShort();
            if (pairs > MOST_PAIRS) {
                throw new MalformedStreamException("a machine is not described by %d lines".formatted(pairs));
            }
            Map<String, String> profile = new LinkedHashMap<>();
            for (int i = 0; i < pairs; i++) {
                profile.put(in.readUTF(), in.readUTF());
            }
            boolean postcopy = in.readBoolean();
            List<ComingDisk> disks = new ArrayList<>();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                disks.add(ComingDisk.read(in));
            }
            return new Hello(id, profile, postcopy, disks, in.readAllBytes());
        } catch (java.io.EOFException | java.io.UTFDataFormatException e) {
            throw new MalformedStreamException("the description of the machine is cut off or no text");
        }
    }

    static byte[] ask(UUID id) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeShort(VERSION);
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
        return bytes.toByteArray();
    }

    /** The id in a payload of {@link MessageType#HELLO}. */
    static UUID idOf(byte[] payload) throws IOException {
        return asked(Arrays.copyOf(payload, ASK_BYTES));
    }

    /** The id in a payload of {@link MessageType#ASK} or {@link MessageType#JOIN}. */
    static UUID asked(byte[] payload) throws IOException {
        if (payload.length != ASK_BYTES) {
            throw new MalformedStreamException("a question has %d bytes, not %d".formatted(ASK_BYTES, payload.length));
        }
        return id(new DataInputStream(new ByteArrayInputStream(payload)));
    }

    private static UUID id(DataInputStream in) throws IOException {
        if (in.readLong() != MAGIC) {
            throw new MalformedStreamException("this is not Lodge's migration protocol");
        }
        int version = in.readUnsignedShort();
        if (version != VERSION) {
            throw new MalformedStreamException("the source speaks version %d of the migration protocol, the target %d".formatted(version, VERSION));
        }
        return new UUID(in.readLong(), in.readLong());
    }

    /** In what a machine here differs from the one that is to come; null if in nothing. */
    String difference(Map<String, String> here) {
        for (Map.Entry<String, String> line : profile.entrySet()) {
            String ours = here.get(line.getKey());
            if (!line.getValue().equals(ours)) {
                return "%s is %s at the source, %s at the target".formatted(line.getKey(), line.getValue(), ours == null ? "unknown" : ours);
            }
        }
        for (Map.Entry<String, String> line : here.entrySet()) {
            if (!profile.containsKey(line.getKey())) {
                return "%s is unknown at the source, %s at the target".formatted(line.getKey(), line.getValue());
            }
        }
        return null;
    }
}
