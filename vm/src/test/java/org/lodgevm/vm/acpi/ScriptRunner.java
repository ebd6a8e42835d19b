package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** The firmware's side of the table loader: executes a script on files that are at given addresses. */
final class ScriptRunner {
    private ScriptRunner() {}

    static void run(Map<String, byte[]> files, Map<String, Long> addresses) {
        byte[] script = files.get("etc/table-loader");
        for (int at = 0; at < script.length; at += 128) {
            ByteBuffer entry = ByteBuffer.wrap(script, at, 128).slice().order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer file = ByteBuffer.wrap(files.get(name(entry, 4))).order(ByteOrder.LITTLE_ENDIAN);
            switch (entry.getInt(0)) {
                case 1 -> check(addresses.get(name(entry, 4)) % entry.getInt(60) == 0);
                case 2 -> addPointer(file, entry.getInt(116), entry.get(120), addresses.get(name(entry, 60)));
                case 3 -> addChecksum(file, entry.getInt(60), entry.getInt(64), entry.getInt(68));
                default -> throw new AssertionError(entry.getInt(0));
            }
        }
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new AssertionError();
        }
    }

    private static void addPointer(ByteBuffer file, int offset, int size, long address) {
        if (size == 4) {
            file.putInt(offset, file.getInt(offset) + (int) address);
        } else {
            file.putLong(offset, file.getLong(offset) + address);
        }
    }

    private static void addChecksum(ByteBuffer file, int offset, int start, int length) {
        int sum = 0;
        for (int i = start; i < start + length; i++) {
            sum += file.get(i);
        }
        file.put(offset, (byte) (file.get(offset) - sum));
    }

    private static String name(ByteBuffer entry, int offset) {
        byte[] bytes = new byte[56];
        entry.get(offset, bytes);
        return new String(bytes, US_ASCII).replace("\0", "");
    }
}
