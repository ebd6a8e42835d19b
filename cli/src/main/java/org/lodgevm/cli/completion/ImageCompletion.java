package org.lodgevm.cli.completion;

/** Names of images. */
public final class ImageCompletion extends ShellCompletion {
    public ImageCompletion() {
        super("image", """
                find "${XDG_CACHE_HOME:-$HOME/.cache}/lodge/images/ready" -name manifest -exec sed -n 's/^Name: //p' {} + 2>/dev/null""", """
                set -l cache $XDG_CACHE_HOME
                test -n "$cache"; or set cache ~/.cache
                find $cache/lodge/images/ready -name manifest -exec sed -n 's/^Name: //p' {} + 2>/dev/null
                """);
    }
}
