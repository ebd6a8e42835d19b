package org.lodgevm.image.apt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.lodgevm.image.Host;

/** The archives that apt is configured for on this machine. */
public final class SystemSources {
    private static final Pattern ONE_LINE_PART = Pattern.compile("[A-Za-z0-9_.-]+\\.list");
    private static final Pattern DEB822_PART = Pattern.compile("[A-Za-z0-9_.-]+\\.sources");

    private SystemSources() {}

    /** @return the binary-package sources, in apt's order; none on a machine without apt */
    public static List<Source> of(Host host) {
        List<Source> sources = new ArrayList<>();
        Path main = host.file("/etc/apt/sources.list");
        Path parts = host.file("/etc/apt/sources.list.d");
        if (Files.isRegularFile(main)) {
            sources.addAll(OneLineSources.parse(AptConfiguration.text(main), main.toString()));
        }
        for (Path part : AptConfiguration.parts(parts, ONE_LINE_PART)) {
            sources.addAll(OneLineSources.parse(AptConfiguration.text(part), part.toString()));
        }
        for (Path part : AptConfiguration.parts(parts, DEB822_PART)) {
            sources.addAll(Deb822Sources.parse(AptConfiguration.text(part), part.toString()));
        }
        return sources;
    }
}
