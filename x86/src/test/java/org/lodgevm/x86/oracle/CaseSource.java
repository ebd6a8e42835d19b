package org.lodgevm.x86.oracle;

/** Makes cases; each follows from its seed alone. */
interface CaseSource {
    void fill(Case target, long seed);
}
