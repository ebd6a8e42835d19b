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

    /** How many letters have to be added, removed or changed to make one of the other. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
