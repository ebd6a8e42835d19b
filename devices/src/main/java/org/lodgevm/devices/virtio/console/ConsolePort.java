package org.lodgevm.devices.virtio.console;

import org.lodgevm.devices.chipset.serial.SerialEndpoint;

/**
 * A port, as the machine's owner describes it.
 *
 * @param name by which the guest finds it, in Linux as {@code /dev/virtio-ports/NAME}
 * @param console whether the guest is to use it as a terminal
 * @param endpoint the host's ends
 */
public record ConsolePort(String name, boolean console, SerialEndpoint endpoint) {}
