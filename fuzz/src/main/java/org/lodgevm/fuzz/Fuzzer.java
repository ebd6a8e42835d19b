package org.lodgevm.fuzz;

/** Runs cases, each made from its seed alone. */
public interface Fuzzer extends AutoCloseable {
    /**
     * Runs one case.
     *
     * @throws Exception and errors, of any kind: something went wrong that no input may cause
     */
    void run(long seed) throws Exception;

    /** What all cases so far amount to, for the report. */
    default String summary() {
        return "";
    }

    @Override
    default void close() {}
}
