package org.lodgevm.bench.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process has in memory, in bytes: the guest's RAM, and everything else.
 *
 * <p>Guest RAM is a mapping by itself, in Lodge of an anonymous file, in QEMU of anonymous memory; it is known by its size. A page that is
 * mapped twice, as Lodge's translations are, counts once.
 *
 * @linux Documentation/filesystems/proc.rst, 1.1, "smaps"
 */
public record ResidentMemory(long guestRam, long rest) {
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) .*");
    private static final Pattern RESIDENT = Pattern.compile("Pss: +(\\d+) kB");
    private static final String READ_WRITE = "rw-";
    /** How much longer the mapping may be than the RAM: alignment and guard pages. */
    private static final long SLACK = 4 << 20;

    /** @return nothing where the host does not tell */
    static Optional<ResidentMemory> of(long process, long guestRam) {
        Path smaps = Path.of("/proc", String.valueOf(process), "smaps");
        try {
            return Files.exists(smaps) ? Optional.of(parse(Files.readAllLines(smaps), guestRam)) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static ResidentMemory parse(List<String> smaps, long guestRam) {
        long guest = 0;
        long rest = 0;
        boolean inGuestRam = false;
        for (String line : smaps) {
            Matcher mapping = MAPPING.matcher(line);
            Matcher resident = RESIDENT.matcher(line);
            if (mapping.matches()) {
                long size = Long.parseUnsignedLong(mapping.group(2), 16) - Long.parseUnsignedLong(mapping.group(1), 16);
                inGuestRam = mapping.group(3).startsWith(READ_WRITE) && size >= guestRam && size <= guestRam + SLACK;
            } else if (resident.matches()) {
                long bytes = Long.parseLong(resident.group(1)) << 10;
                guest += inGuestRam ? bytes : 0;
                rest += inGuestRam ? 0 : bytes;
            }
        }
        return new ResidentMemory(guest, rest);
    }
}
