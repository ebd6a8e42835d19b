package org.lodgevm.devices.chipset.serial;

/** A 16550A. */
public final class Uart {}
