package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.devices.chipset.timer.Rtc;

/** The Fixed ACPI Description Table, revision 6.4. Offsets count from the table's start. @acpi 5.2.9 */
final class Fadt {
    static final int REVISION = 6;
    static final int FIRMWARE_CTRL = 36;
    static final int DSDT = 40;
    static final int X_FIRMWARE_CTRL = 132;
    static final int X_DSDT = 140;

    private static final int SIZE = 276;
    private static final int PREFERRED_PM_PROFILE = 45;
    private static final int SCI_INT = 46;
    private static final int SMI_CMD = 48;
    private static final int ACPI_ENABLE = 52;
    private static final int ACPI_DISABLE = 53;
    private static final int PM1A_EVT_BLK = 56;
    private static final int PM1A_CNT_BLK = 64;
    private static final int PM_TMR_BLK = 76;
    private static final int GPE0_BLK = 80;
    private static final int PM1_EVT_LEN = 88;
    private static final int PM1_CNT_LEN = 89;
    private static final int PM_TMR_LEN = 91;
    private static final int GPE0_BLK_LEN = 92;
    private static final int P_LVL2_LAT = 96;
    private static final int P_LVL3_LAT = 98;
    private static final int CENTURY = 108;
    private static final int IAPC_BOOT_ARCH = 109;
    private static final int FLAGS = 112;
    private static final int RESET_REG = 116;
    private static final int RESET_VALUE = 128;
    private static final int FADT_MINOR_VERSION = 131;
    private static final int X_PM1A_EVT_BLK = 148;
    private static final int X_PM1A_CNT_BLK = 172;
    private static final int X_PM_TMR_BLK = 208;
    private static final int X_GPE0_BLK = 220;
    private static final int HYPERVISOR_VENDOR_IDENTITY = 268;

    private static final int MINOR_VERSION = 4;
    private static final int DESKTOP = 1;
    /** Latencies that say there is no such state. */
    private static final short NO_C2 = 101;

    private static final short NO_C3 = 1001;

    /** IA-PC boot architecture flags. @acpi 5.2.9.3 */
    private static final int LEGACY_DEVICES = 1;

    private static final int HAS_8042 = 1 << 1;
    private static final int VGA_NOT_PRESENT = 1 << 2;

    /** Fixed feature flags: the power button is a fixed feature, there is no sleep button. @acpi 5.2.9, table 5.10 */
    private static final int WBINVD = 1;

    private static final int PROC_C1 = 1 << 2;
    private static final int NO_FIXED_SLEEP_BUTTON = 1 << 5;
    private static final int RESET_REG_SUP = 1 << 10;

    /** Generic Address Structure. @acpi 5.2.3.2 */
    private static final int SYSTEM_IO = 1;

    private static final int BYTE_ACCESS = 1;
    private static final int WORD_ACCESS = 2;
    private static final int DWORD_ACCESS = 3;

    private Fadt() {}

    /** The table after its header; pointers are for the caller to fill. */
    static byte[] body() {
        ByteBuffer t = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        t.put(PREFERRED_PM_PROFILE, (byte) DESKTOP).putShort(SCI_INT, (short) PcLayout.IRQ_SCI);
        t.putInt(SMI_CMD, PcLayout.SMI_COMMAND);
        t.put(ACPI_ENABLE, (byte) PcLayout.ACPI_ENABLE).put(ACPI_DISABLE, (byte) PcLayout.ACPI_DISABLE);
        t.putInt(PM1A_EVT_BLK, PcLayout.PM1_EVENT).put(PM1_EVT_LEN, (byte) PcLayout.PM1_EVENT_SIZE);
        t.putInt(PM1A_CNT_BLK, PcLayout.PM1_CONTROL).put(PM1_CNT_LEN, (byte) PcLayout.PM1_CONTROL_SIZE);
        t.putInt(PM_TMR_BLK, PcLayout.PM_TIMER).put(PM_TMR_LEN, (byte) PcLayout.PM_TIMER_SIZE);
        t.putInt(GPE0_BLK, PcLayout.GPE0).put(GPE0_BLK_LEN, (byte) PcLayout.GPE0_SIZE);
        t.putShort(P_LVL2_LAT, NO_C2).putShort(P_LVL3_LAT, NO_C3).put(CENTURY, (byte) Rtc.CENTURY);
        t.putShort(IAPC_BOOT_ARCH, (short) (LEGACY_DEVICES | HAS_8042 | VGA_NOT_PRESENT));
        t.putInt(FLAGS, WBINVD | PROC_C1 | NO_FIXED_SLEEP_BUTTON | RESET_REG_SUP);
        address(t, RESET_REG, PcLayout.RESET_CONTROL, 1, BYTE_ACCESS);
        t.put(RESET_VALUE, (byte) PcLayout.RESET_VALUE).put(FADT_MINOR_VERSION, (byte) MINOR_VERSION);
        address(t, X_PM1A_EVT_BLK, PcLayout.PM1_EVENT, PcLayout.PM1_EVENT_SIZE, WORD_ACCESS);
        address(t, X_PM1A_CNT_BLK, PcLayout.PM1_CONTROL, PcLayout.PM1_CONTROL_SIZE, WORD_ACCESS);
        address(t, X_PM_TMR_BLK, PcLayout.PM_TIMER, PcLayout.PM_TIMER_SIZE, DWORD_ACCESS);
        address(t, X_GPE0_BLK, PcLayout.GPE0, PcLayout.GPE0_SIZE, BYTE_ACCESS);
        t.put(HYPERVISOR_VENDOR_IDENTITY, "Lodge".getBytes(US_ASCII));
        return Arrays.copyOfRange(t.array(), SystemTable.HEADER_SIZE, SIZE);
    }

    private static void address(ByteBuffer t, int offset, int port, int size, int access) {
        t.put(offset, (byte) SYSTEM_IO).put(offset + 1, (byte) (8 * size)).put(offset + 3, (byte) access).putLong(offset + 4, port);
    }
}
