package org.lodgevm.manage;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.lodgevm.manage.ManageException.Reason;

/** Names of machines. */
final class MachineName {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    /** More than these would be a list, which {@code ls} gives. */
    private static final int SUGGESTIONS = 2;

    private MachineName() {}

    static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    static String check(String name) {
        if (!isValid(name)) {
            throw new ManageException(Reason.NAME, "'%s' is no name for a machine; use up to 63 letters, digits, '-', '_' and '.', the first a letter or digit".formatted(name));
        }
        return name;
    }

    /** Those that the user may have meant. */
    static List<String> similar(String name, Collection<String> names) {
        int tolerance = Math.max(1, name.length() / 3);
        return names.stream()
                .filter(other -> distance(name, other) <= tolerance || other.startsWith(name))
                .sorted(Comparator.comparingInt(other -> distance(name, other)))
                .limit(SUGGESTIONS)
                .toList();
    }

    /** How many letters have to be added, removed, changed or swapped with the next to make one of the other. */
    private static int distance(String one, String other) {
        int[][] prefixes = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    prefixes[i][j] = i + j;
                    continue;
                }
                boolean same = one.charAt(i - 1) == other.charAt(j - 1);
                int least = Math.min(prefixes[i - 1][j], prefixes[i][j - 1]) + 1;
                least = Math.min(least, prefixes[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1)) {
                    least = Math.min(least, prefixes[i - 2][j - 2] + 1);
                }
                prefixes[i][j] = least;
            }
        }
        return prefixes[one.length()][other.length()];
    }
}
