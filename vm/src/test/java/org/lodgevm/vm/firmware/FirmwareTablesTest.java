package org.lodgevm.vm.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.GuestMemory;

/** Looks for the tables as an operating system does. */
class FirmwareTablesTest {
    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private final GuestMemory memory = new GuestMemory();

    private ByteBuffer lowMegabyte(int cpus, long mib) {
        memory.addRam(0, 1 << 20, (size, arena) -> arena.allocate(size, 4096));
        new FirmwareTables(new MachineDescription(ID, cpus, mib << 20, 0x663, 0x8086_a201, 0)).write(memory);
        return ByteBuffer.wrap(memory.read(0, 1 << 20)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @AfterEach
    void free() {
        memory.close();
    }

    @Test
    void acpiIsFoundByItsSignature() {
        ByteBuffer b = lowMegabyte(2, 64);
        int rsdp = find(b, "RSD PTR ", 0xe_0000);
        assertThat(sum(b, rsdp, 36)).isZero();
        assertThat(text(b, b.getInt(rsdp + 16), 4)).isEqualTo("RSDT");
    }

    @Test
    void theMpTableNamesEveryCpuAndInterrupt() {
        ByteBuffer b = lowMegabyte(255, 64);
        int pointer = find(b, "_MP_", 0xf_0000);
        assertThat(sum(b, pointer, 16)).isZero();
        int table = b.getInt(pointer + 4);
        int length = b.getShort(table + 4);
        assertThat(text(b, table, 4)).isEqualTo("PCMP");
        assertThat(sum(b, table, length)).isZero();
        int entries = 0;
        Set<Integer> cpus = new HashSet<>();
        TreeMap<Integer, Integer> isa = new TreeMap<>();
        for (int at = table + 44; at < table + length; at += b.get(at) == 0 ? 20 : 8) {
            entries++;
            if (b.get(at) == 0) {
                cpus.add(b.get(at + 1) & 0xff);
            } else if (b.get(at) == 3 && b.get(at + 4) == 1) {
                isa.put((int) b.get(at + 5), (int) b.get(at + 7));
            }
        }
        assertThat(b.getShort(table + 34)).isEqualTo((short) entries);
        assertThat(cpus).hasSize(255).doesNotContain(255);
        assertThat(isa).containsEntry(0, 2).containsEntry(4, 4).doesNotContainKey(2).hasSize(15);
    }

    @Test
    void smbiosStructuresAreCountedAndTyped() {
        ByteBuffer b = lowMegabyte(3, 5000);
        int anchor = find(b, "_SM_", 0xf_0000);
        assertThat(sum(b, anchor, 31)).isZero();
        assertThat(sum(b, anchor + 16, 15)).isZero();
        int at = b.getInt(anchor + 24);
        int end = at + b.getShort(anchor + 22);
        TreeMap<Integer, Integer> found = new TreeMap<>();
        int count = 0;
        while (at < end) {
            int start = at;
            found.merge((int) b.get(at), 1, Integer::sum);
            count++;
            at += b.get(at + 1);
            while (b.getShort(at) != 0) {
                at++;
            }
            at += 2;
            assertThat(at - start).isLessThanOrEqualTo(b.getShort(anchor + 8));
        }
        assertThat(at).isEqualTo(end);
        assertThat(found.keySet()).containsExactly(0, 1, 3, 4, 16, 17, 19, 32, 127);
        assertThat(found.get(19)).as("memory below and above the hole").isEqualTo(2);
        assertThat(b.getShort(anchor + 28)).isEqualTo((short) count);
    }

    @Test
    void smbiosNamesTheProcessorAndItsSpeed() {
        ByteBuffer b = lowMegabyte(4, 512);
        int at = b.getInt(find(b, "_SM_", 0xf_0000) + 24);
        while (b.get(at) != 4) {
            at += b.get(at + 1);
            while (b.getShort(at) != 0) {
                at++;
            }
            at += 2;
        }
        assertThat(text(b, at + b.get(at + 1), 30)).startsWith("CPU 0\0Lodge\0Virtual CPU\0\0");
        assertThat(b.get(at + 0x10)).as("number of the version's string").isEqualTo((byte) 3);
        assertThat(b.getShort(at + 0x14)).as("MHz at most").isEqualTo((short) 1000);
        assertThat(b.getShort(at + 0x16)).as("MHz now").isEqualTo((short) 1000);
        assertThat(b.get(at + 0x23)).as("cores").isEqualTo((byte) 4);
    }

    @Test
    void biosDataTellsOfBaseMemoryAndSerialPorts() {
        ByteBuffer b = lowMegabyte(1, 64);
        assertThat(b.getShort(0x413)).isEqualTo((short) 639);
        assertThat(b.getShort(0x40e)).isEqualTo((short) 0x9fc0);
        assertThat(b.getShort(0x400)).isEqualTo((short) 0x3f8);
        assertThat(b.get(0x9_fc00)).isEqualTo((byte) 1);
        int handler = (b.getShort(4 * 0x15) & 0xffff) + ((b.getShort(4 * 0x15 + 2) & 0xffff) << 4);
        assertThat(b.get(handler + 8) & 0xff).as("IRET").isEqualTo(0xcf);
    }

    private static int find(ByteBuffer b, String signature, int from) {
        for (int at = from; at < 0x10_0000; at += 16) {
            if (text(b, at, signature.length()).equals(signature)) {
                return at;
            }
        }
        throw new AssertionError("no " + signature);
    }

    private static String text(ByteBuffer b, int at, int length) {
        byte[] bytes = new byte[length];
        b.get(at, bytes);
        return new String(bytes, US_ASCII);
    }

    private static int sum(ByteBuffer b, int at, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += b.get(at + i);
        }
        return sum & 0xff;
    }
}
