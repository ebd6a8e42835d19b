package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables as firmware finds them in QEMU's configuration device: files, and a script that tells it how to place and link them.
 *
 * <p>Source: QEMU, {@code hw/acpi/bios-linker-loader.c}, the format that SeaBIOS and OVMF execute: entries of 128 bytes.
 */
public final class LoaderScript {
    private static final String RSDP_FILE = "etc/acpi/rsdp";
    private static final String TABLES_FILE = "etc/acpi/tables";
    private static final String SCRIPT_FILE = "etc/table-loader";

    private static final int ENTRY_SIZE = 128;
    private static final int NAME_SIZE = 56;
    private static final int ALLOCATE = 1;
    private static final int ADD_POINTER = 2;
    private static final int ADD_CHECKSUM = 3;
    private static final int ZONE_HIGH = 1;
    private static final int ZONE_FSEG = 2;
    private static final int RSDP_ALIGNMENT = 16;

    private final Map<LinkedBlob, String> names = new LinkedHashMap<>();
    private final ByteArrayOutputStream script = new ByteArrayOutputStream();

    private LoaderScript() {}

    /** All files, by name. */
    public static Map<String, byte[]> files(AcpiTables tables) {
        LoaderScript script = new LoaderScript();
        script.names.put(tables.rsdp(), RSDP_FILE);
        script.names.put(tables.tables(), TABLES_FILE);
        script.allocate(RSDP_FILE, RSDP_ALIGNMENT, ZONE_FSEG);
        script.allocate(TABLES_FILE, AcpiTables.ALIGNMENT, ZONE_HIGH);
        script.link(tables.tables());
        script.link(tables.rsdp());
        Map<String, byte[]> files = new TreeMap<>();
        files.put(RSDP_FILE, tables.rsdp().unlinked());
        files.put(TABLES_FILE, tables.tables().unlinked());
        files.put(SCRIPT_FILE, script.script.toByteArray());
        return files;
    }

    private void allocate(String file, int alignment, int zone) {
        add(name(entry(ALLOCATE), file).putInt(alignment).put((byte) zone));
    }

    private void link(LinkedBlob blob) {
        String file = names.get(blob);
        for (LinkedBlob.Pointer p : blob.pointers()) {
            add(name(name(entry(ADD_POINTER), file), names.get(p.target())).putInt(p.offset()).put((byte) p.size()));
        }
        for (LinkedBlob.Checksum c : blob.checksums()) {
            add(name(entry(ADD_CHECKSUM), file).putInt(c.offset()).putInt(c.start()).putInt(c.length()));
        }
    }

    private static ByteBuffer entry(int command) {
        return ByteBuffer.allocate(ENTRY_SIZE).order(ByteOrder.LITTLE_ENDIAN).putInt(command);
    }

    private static ByteBuffer name(ByteBuffer entry, String file) {
        byte[] bytes = file.getBytes(US_ASCII);
        return entry.put(bytes).position(entry.position() - bytes.length + NAME_SIZE);
    }

    private void add(ByteBuffer entry) {
        script.writeBytes(entry.array());
    }
}
