package org.lodgevm.x86.interpret;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/** Pages of code by physical address: a table of tables of 2 MiB each, made as they are needed. */
final class PageTable {
    private static final int LEAF_BITS = 9;

    private final AtomicReferenceArray<AtomicReferenceArray<CodePage>> root;

    /** @param end first physical address above all memory */
    PageTable(long end) {
        root = new AtomicReferenceArray<>((int) (end - 1 >>> 12 + LEAF_BITS) + 1);
    }

    private static int rootIndex(long physical) {
        return (int) (physical >>> 12 + LEAF_BITS);
    }

    private static int leafIndex(long physical) {
        return (int) (physical >>> 12) & (1 << LEAF_BITS) - 1;
    }

    CodePage get(long physical) {
        int index = rootIndex(physical);
        AtomicReferenceArray<CodePage> leaf = index < root.length() ? root.get(index) : null;
        return leaf == null ? null : leaf.get(leafIndex(physical));
    }

    /** Enters, or removes, a page; false if another was there. */
    boolean replace(long physical, CodePage expected, CodePage replacement) {
        int index = rootIndex(physical);
        AtomicReferenceArray<CodePage> leaf = root.get(index);
        if (leaf == null) {
            root.compareAndSet(index, null, new AtomicReferenceArray<>(1 << LEAF_BITS));
            leaf = root.get(index);
        }
        return leaf.compareAndSet(leafIndex(physical), expected, replacement);
    }

    void forEach(Consumer<CodePage> each) {
        for (int i = 0; i < root.length(); i++) {
            AtomicReferenceArray<CodePage> leaf = root.get(i);
            for (int j = 0; leaf != null && j < leaf.length(); j++) {
                CodePage page = leaf.get(j);
                if (page != null) {
                    each.accept(page);
                }
            }
        }
    }
}
