/**
 * What firmware asks its virtual machine: QEMU's configuration device, by name and number; and what the virtual machine tells its guest of itself,
 * {@link org.lodgevm.devices.chipset.firmware.GenerationId}.
 *
 * <p>The machine's owner adds items to {@link org.lodgevm.devices.chipset.firmware.FwCfg}; the guest selects one and reads it byte by
 * byte, or lets {@link org.lodgevm.devices.chipset.firmware.FwCfgDma} copy it. Source: QEMU, docs/specs/fw_cfg.
 *
 * <p>Deliberately absent: writes through the data port, which QEMU gave up as well.
 */
package org.lodgevm.devices.chipset.firmware;
