/**
 * The two 8237A DMA controllers and their page registers, for guests that set them up: registers only. No device of this machine asks
 * for ISA DMA, so no transfer ever happens and no terminal count is reached. Sources: Intel 8237A datasheet (231466), ICH9 datasheet
 * 13.2.
 */
package org.lodgevm.devices.chipset.dma;
