package org.lodgevm.image.debian;

/**
 * A Debian package's version, in Debian's order: {@code 1.0~rc1 < 1.0 < 1.0-1 < 1.0-1+b1 < 1:0.9}.
 *
 * @param text epoch, upstream version and revision, as written
 * @debian deb-version(7)
 */
public record Version(String text) implements Comparable<Version> {

    @Override
    public int compareTo(Version other) {
        int order = compareNumbers(epoch(), other.epoch());
        if (order == 0) {
            order = compareParts(upstream(), other.upstream());
        }
        return order == 0 ? compareParts(revision(), other.revision()) : order;
    }

    @Override
    public String toString() {
        return text;
    }

    private String epoch() {
        int colon = text.indexOf(':');
        return colon < 0 ? "" : text.substring(0, colon);
    }

    private String upstream() {
        String rest = text.substring(text.indexOf(':') + 1);
        int dash = rest.lastIndexOf('-');
        return dash < 0 ? rest : rest.substring(0, dash);
    }

    private String revision() {
        int dash = text.lastIndexOf('-');
        return dash < 0 ? "" : text.substring(dash + 1);
    }

    /** Compares by turns what is no digit, character by character, and what is, as numbers. */
    private static int compareParts(String left, String right) {
        int l = 0;
        int r = 0;
        while (l < left.length() || r < right.length()) {
            while (isNonDigit(left, l) || isNonDigit(right, r)) {
                int order = Integer.compare(weight(left, l), weight(right, r));
                if (order != 0) {
                    return order;
                }
                l++;
                r++;
            }
            int leftEnd = endOfNumber(left, l);
            int rightEnd = endOfNumber(right, r);
            int order = compareNumbers(left.substring(l, leftEnd), right.substring(r, rightEnd));
            if (order != 0) {
                return order;
            }
            l = leftEnd;
            r = rightEnd;
        }
        return 0;
    }

    private static boolean isNonDigit(String text, int at) {
        return at < text.length() && !isDigit(text.charAt(at));
    }

    /** The tilde sorts before the end of the part, letters before everything else. */
    private static int weight(String text, int at) {
        if (!isNonDigit(text, at)) {
            return 0;
        }
        char c = text.charAt(at);
        if (c == '~') {
            return -1;
        }
        boolean letter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
        return letter ? c : c + Character.MAX_VALUE;
    }

    private static int endOfNumber(String text, int from) {
        int end = Math.min(from, text.length());
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Numbers of any length; none is zero. */
    private static int compareNumbers(String left, String right) {
        String l = left.replaceFirst("^0+", "");
        String r = right.replaceFirst("^0+", "");
        return l.length() != r.length() ? Integer.compare(l.length(), r.length()) : l.compareTo(r);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
