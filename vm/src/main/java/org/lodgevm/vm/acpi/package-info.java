/**
 * The ACPI tables of the machine, written as bytes. Source: ACPI Specification 6.4 and, for what QEMU's firmware expects, QEMU's
 * docs/specs/fw_cfg and bios-linker-loader interface.
 *
 * <p>{@link org.lodgevm.vm.acpi.AcpiTables} lays the tables out in a {@link org.lodgevm.vm.acpi.LinkedBlob}, whose pointers and checksums are
 * filled in once the address is known: here, for a kernel that boots without firmware, or by the firmware itself.
 * {@link org.lodgevm.vm.acpi.Dsdt} is the machine's description in AML, made with {@link org.lodgevm.vm.acpi.Aml} and
 * {@link org.lodgevm.vm.acpi.Resource}. All addresses come from {@link org.lodgevm.devices.chipset.PcLayout}.
 *
 * <p>Deliberately absent: sleep states other than soft-off, thermal zones, hot plug.
 */
package org.lodgevm.vm.acpi;
