package org.lodgevm.storage.catalog;

import org.lodgevm.storage.Access;

/**
 * How to open an image.
 *
 * @param format its name, or null to find out by the file's beginning
 * @param backing how files below are opened
 * @param references which other files may be opened
 * @param skipBacking leave backing files alone: what the image lacks reads as zeroes
 * @param repair take an image that is marked as damaged, too, and as it is
 * @param direct whether content of a file goes past the host's cache, where it is whole blocks; not that of files below, which others read as well
 */
public record OpenOptions(Access access, String format, Access backing, ReferencePolicy references, boolean skipBacking, boolean repair, boolean direct) {
    public static OpenOptions of(Access access) {
        return new OpenOptions(
                access, null, access == Access.READ_UNLOCKED ? access : Access.READ, ReferencePolicy.ALLOW, false, false, false);
    }

    public OpenOptions as(String newFormat) {
        return new OpenOptions(access, newFormat, backing, references, skipBacking, repair, direct);
    }

    public OpenOptions under(ReferencePolicy policy) {
        return new OpenOptions(access, format, backing, policy, skipBacking, repair, direct);
    }

    public OpenOptions withoutBacking() {
        return new OpenOptions(access, format, backing, references, true, repair, direct);
    }

    /** For a check that mends. */
    public OpenOptions forRepair() {
        return new OpenOptions(access, format, backing, references, true, true, direct);
    }

    /** Past the host's cache. */
    public OpenOptions pastCache() {
        return new OpenOptions(access, format, backing, references, skipBacking, repair, true);
    }

    /** For what changes the image below as well. */
    public OpenOptions withWritableBacking() {
        return new OpenOptions(access, format, Access.WRITE, references, skipBacking, repair, direct);
    }

    /** For the image below. */
    OpenOptions below(String itsFormat) {
        return new OpenOptions(backing, itsFormat, backing == Access.WRITE ? Access.READ : backing, references, skipBacking, repair, false);
    }
}
