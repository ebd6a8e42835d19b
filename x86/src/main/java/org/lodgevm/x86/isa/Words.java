package org.lodgevm.x86.isa;

import java.util.ArrayList;
import java.util.List;

/** Splits the table's cells. */
final class Words {
    private Words() {}

    /** The words between separators; none for {@code -}. */
    static List<String> split(String cell, char separator) {
        List<String> words = new ArrayList<>(4);
        if (cell.equals("-")) {
            return words;
        }
        int start = 0;
        for (int end = cell.indexOf(separator); end >= 0; end = cell.indexOf(separator, start)) {
            words.add(cell.substring(start, end));
            start = end + 1;
        }
        words.add(cell.substring(start));
        return words;
    }
}
