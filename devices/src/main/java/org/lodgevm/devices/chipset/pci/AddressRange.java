package org.lodgevm.devices.chipset.pci;

import java.util.Comparator;
import java.util.List;

/**
 * Addresses for base address registers, as firmware gives them out: large ones first, so that alignment leaves no gaps.
 *
 * @param end the first address behind
 */
public record AddressRange(long start, long end) {
    /** @throws IllegalStateException if they do not fit */
    void assign(List<Bar> bars) {
        long next = start;
        for (Bar bar : bars.stream().sorted(Comparator.comparingLong(Bar::size).reversed()).toList()) {
            long address = Math.ceilDiv(next, bar.size()) * bar.size();
            next = address + bar.size();
            if (next > end) {
                throw new IllegalStateException("no room for 0x%x bytes of a PCI function".formatted(bar.size()));
            }
            bar.program(address);
        }
    }
}
