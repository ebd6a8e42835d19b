package org.lodgevm.image.guest;

import java.util.List;
import java.util.Optional;
import org.lodgevm.image.cache.StoredObject;

/** What the cache remembers of a guest: which objects it consists of. */
record GuestRecord(StoredObject kernel, StoredObject initramfs, String kernelVersion) {

    /** @return nothing if the record is damaged */
    static Optional<GuestRecord> parse(List<String> lines) {
        return lines.size() < 3
                ? Optional.empty()
                : StoredObject.parse(lines.get(0)).flatMap(kernel -> StoredObject.parse(lines.get(1))
                        .map(initramfs -> new GuestRecord(kernel, initramfs, lines.get(2))));
    }

    List<String> lines() {
        return List.of(kernel.line(), initramfs.line(), kernelVersion);
    }
}
