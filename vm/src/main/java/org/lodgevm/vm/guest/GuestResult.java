package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a command in a guest came to.
 *
 * @param status as a shell gives it
 * @param stdout all that it wrote
 * @param stderr all that it wrote to standard error
 */
public record GuestResult(int status, byte[] stdout, byte[] stderr) {
    /** Standard output as text in UTF-8, without the white space at its ends. */
    public String text() {
        return new String(stdout, UTF_8).strip();
    }

    /** Standard error as text in UTF-8, without the white space at its ends. */
    public String errors() {
        return new String(stderr, UTF_8).strip();
    }

    /** This result, if the command succeeded. @throws GuestException with the end of its standard error if not */
    public GuestResult orThrow() throws GuestException {
        if (status != 0) {
            throw new GuestException("a command in the guest failed with status %d: %s".formatted(status, errors().lines().reduce("", (before, line) -> line)));
        }
        return this;
    }
}
