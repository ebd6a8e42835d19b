package org.lodgevm.machine;

/** What this process has in memory of the program that it executes: libraries and Java's own caches, as their files hold them. A service. */
public interface ProgramPages {
    /**
     * Lets the host have all of it: what is needed again is read again, out of the host's cache if it is still there. For a process that has
     * started, since a start needs most of a program and what follows next to nothing. Any thread.
     */
    void release();
}
