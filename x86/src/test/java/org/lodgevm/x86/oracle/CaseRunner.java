package org.lodgevm.x86.oracle;

/**
 * Something that runs batches of cases. The caller fills {@link #input}s, calls {@link #run}, and
 * reads {@link #output}s.
 */
interface CaseRunner extends AutoCloseable {
    /** How many cases a batch has at most. */
    int CAPACITY = 1024;

    Case input(int index);

    Case output(int index);

    /**
     * Runs the first {@code count} inputs.
     *
     * @throws LostException if the runner broke down in a case; it can be used again
     */
    void run(int count);

    @Override
    void close();

    /** The runner broke down; the cases from {@link #index} on have no result. */
    final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int index;

        LostException(int index, String message) {
            super(message);
            this.index = index;
        }

        int index() {
            return index;
        }
    }
}
