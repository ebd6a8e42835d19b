package org.lodgevm.x86.translate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A page none of whose code has been executed. */
record FreshPage(MemorySegment page) implements Source {
    @Override
    public byte[] bytes() {
        return page.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public boolean executed(long rip) {
        return false;
    }

    @Override
    public boolean translated(long rip) {
        return false;
    }

    @Override
    public int laterCallOut() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void use(long rip, int length) {}
}
