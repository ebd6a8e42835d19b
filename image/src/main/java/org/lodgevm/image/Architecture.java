package org.lodgevm.image;

/** A guest's instruction set, by the name that Debian's archive uses. */
public enum Architecture {
    AMD64("amd64"),
    I386("i386");

    private final String debianName;

    Architecture(String debianName) {
        this.debianName = debianName;
    }

    public String debianName() {
        return debianName;
    }
}
