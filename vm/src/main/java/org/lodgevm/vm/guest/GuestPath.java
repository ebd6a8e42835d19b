package org.lodgevm.vm.guest;

/**
 * A path in a guest, taken apart at its last separator.
 *
 * @param folder where it is; {@code .} for the folder in which commands start
 * @param name never empty
 */
record GuestPath(String folder, String name) {
    static GuestPath of(String path) {
        String trimmed = path.replaceFirst("/+$", "");
        int slash = trimmed.lastIndexOf('/');
        if (trimmed.isEmpty()) {
            return new GuestPath(path.isEmpty() ? "." : "/", ".");
        }
        return new GuestPath(slash < 0 ? "." : slash == 0 ? "/" : trimmed.substring(0, slash), trimmed.substring(slash + 1));
    }
}
