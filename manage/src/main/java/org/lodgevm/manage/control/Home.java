package org.lodgevm.manage.control;

import java.nio.file.Path;

/** What belongs to a machine beyond its process. */
public interface Home {
    /** Of the machine. */
    String name();

    /** A folder into which the machine's process may write. */
    Path path();

    /** What goes along if the machine moves. */
    byte[] pack();

    /** Notes that a disk goes on in another file, which the machine's next start finds then. On return that would survive a loss of power. */
    void moveDisk(String from, String to);
}
