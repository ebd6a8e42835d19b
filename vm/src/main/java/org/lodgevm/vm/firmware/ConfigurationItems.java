package org.lodgevm.vm.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.devices.chipset.firmware.FwCfg;

/** What firmware and test kernels read from QEMU's configuration device. Source: QEMU, docs/specs/fw_cfg. */
final class ConfigurationItems {
    private static final int UUID = 0x02;
    private static final int RAM_SIZE = 0x03;
    private static final int NOGRAPHIC = 0x04;
    private static final int NB_CPUS = 0x05;
    private static final int MAX_CPUS = 0x0f;

    /** SeaBIOS shows its text screen on the serial port that this file names. */
    private static final String TEXT_ON_SERIAL = "etc/sercon-port";

    private ConfigurationItems() {}

    static void add(FwCfg device, MachineDescription machine, FirmwareTables tables) {
        ByteBuffer uuid = ByteBuffer.allocate(16)
                .putLong(machine.uuid().getMostSignificantBits()).putLong(machine.uuid().getLeastSignificantBits());
        device.add(UUID, uuid.array());
        device.add(RAM_SIZE, little(machine.memory(), 8));
        device.add(NOGRAPHIC, little(1, 2));
        device.add(NB_CPUS, little(machine.cpus(), 2));
        device.add(MAX_CPUS, little(machine.cpus(), 2));
        device.addFile(TEXT_ON_SERIAL, little(PcLayout.uart(0), 2));
        tables.files().forEach(device::addFile);
    }

    private static byte[] little(long value, int size) {
        byte[] bytes = new byte[size];
        ByteBuffer wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
        wide.get(0, bytes);
        return bytes;
    }
}
