package org.lodgevm.image.guest;

import java.util.List;
import java.util.Optional;
import org.lodgevm.image.cache.Digest;

/** What the cache remembers of a guest: which objects it consists of. */
record GuestRecord(Digest kernel, Digest initramfs, String kernelVersion) {

    /** @return nothing if the record is damaged */
    static Optional<GuestRecord> parse(List<String> lines) {
        try {
            return Optional.of(new GuestRecord(digest(lines.get(0)), digest(lines.get(1)), lines.get(2)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException damaged) {
            return Optional.empty();
        }
    }

    List<String> lines() {
        return List.of(line(kernel), line(initramfs), kernelVersion);
    }

    private static String line(Digest digest) {
        return digest.sha256() + " " + digest.size();
    }

    private static Digest digest(String line) {
        String[] words = line.split(" ");
        return new Digest(words[0], Long.parseLong(words[1]));
    }
}
