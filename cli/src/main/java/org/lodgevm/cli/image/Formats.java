package org.lodgevm.cli.image;

import java.util.Iterator;
import org.lodgevm.storage.catalog.Images;

/** The names of formats, for help and completion. */
final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Images.formatNames().iterator();
    }
}
