package org.lodgevm.image;

/** Hears how a long piece of work comes along. Called from the working thread, often: an implementation limits itself. */
public interface Progress {
    /** Says nothing. */
    Progress SILENT = new Progress() {
        @Override
        public void advance(String what, long done, long total) {}

        @Override
        public void note(String message) {}
    };

    /** Stands for a total that is not known. */
    long UNKNOWN = -1;

    /**
     * One step moved on. A step ends when {@code done} equals {@code total} or another one begins.
     *
     * @param what the step, as a user would name it: {@code linux-image-cloud-amd64 6.1.1-1}
     * @param done bytes so far
     * @param total bytes in all, or {@link #UNKNOWN}
     */
    void advance(String what, long done, long total);

    /** Something the user may want to know that is no error: a source was skipped, another process holds the cache. */
    void note(String message);
}
