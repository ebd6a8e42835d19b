package org.lodgevm.image.pgp;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a message that is signed and still readable. The message must be nothing else: whatever stood before or
 * behind it would look signed without being it.
 *
 * @rfc 9580 7
 * @param lines of the text, without the spaces and tabs at their ends, which are not signed
 * @param signatures armoured
 */
record ClearSignedMessage(List<String> lines, String signatures) {
    private static final String BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
    private static final String END = "-----END PGP SIGNATURE-----";
    private static final String DASH_ESCAPE = "- ";

    static ClearSignedMessage parse(String message) throws BadSignatureException {
        List<String> lines = message.lines().toList();
        if (lines.isEmpty() || !strip(lines.getFirst()).equals(BEGIN)) {
            throw new BadSignatureException("it is not signed");
        }
        int start = 1;
        while (start < lines.size() && !lines.get(start).isBlank()) {
            if (!lines.get(start).startsWith("Hash: ")) {
                throw new BadSignatureException("it has a header that is not allowed");
            }
            start++;
        }
        int end = start + 1;
        List<String> text = new ArrayList<>();
        while (end < lines.size() && !strip(lines.get(end)).equals(SIGNATURE)) {
            text.add(strip(unescape(lines.get(end))));
            end++;
        }
        int last = end;
        while (last < lines.size() && !strip(lines.get(last)).equals(END)) {
            last++;
        }
        if (last >= lines.size()) {
            throw new BadSignatureException("it is cut off");
        }
        if (lines.subList(last + 1, lines.size()).stream().anyMatch(line -> !line.isBlank())) {
            throw new BadSignatureException("something follows the signature");
        }
        return new ClearSignedMessage(text, String.join("\n", lines.subList(end, last + 1)) + "\n");
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    /** The form of the text that the signature is made of. */
    String canonicalText() {
        return String.join("\r\n", lines);
    }

    private static String unescape(String line) throws BadSignatureException {
        if (line.startsWith(DASH_ESCAPE)) {
            return line.substring(DASH_ESCAPE.length());
        }
        if (line.startsWith("-")) {
            throw new BadSignatureException("a line starts with an unescaped dash");
        }
        return line;
    }

    private static String strip(String line) {
        int end = line.length();
        while (end > 0 && " \t\r".indexOf(line.charAt(end - 1)) >= 0) {
            end--;
        }
        return line.substring(0, end);
    }
}
