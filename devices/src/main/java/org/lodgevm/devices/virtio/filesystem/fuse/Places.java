package org.lodgevm.devices.virtio.filesystem.fuse;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.share.Place;

/** The places that are held now, by the numbers of their nodes: those that are pinned, and others as long as they are used often. */
final class Places {
    /** More than one request needs at once, fewer than a process may have descriptors. */
    private static final int MOST_UNPINNED = 512;

    private static final float LOAD = 0.75f;

    /** @param pins how often it has been pinned */
    private record Pinned(Place place, int pins) {}

    private final Map<Long, Pinned> pinned = new HashMap<>();
    private final Map<Long, Place> recent = new LinkedHashMap<>(MOST_UNPINNED, LOAD, true);

    /** Null if it is not held. */
    Place get(long node) {
        Pinned found = pinned.get(node);
        return found != null ? found.place : recent.get(node);
    }

    void put(long node, Place place) {
        recent.put(node, place);
        if (recent.size() > MOST_UNPINNED) {
            Iterator<Place> eldest = recent.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
    }

    /** Keeps a place that is held until {@link #unpin}, whatever becomes of its name. */
    void pin(long node) {
        Pinned before = pinned.get(node);
        pinned.put(node, before != null ? new Pinned(before.place, before.pins + 1) : new Pinned(recent.remove(node), 1));
    }

    /** Nothing happens if it is not pinned. */
    void unpin(long node) {
        Pinned before = pinned.remove(node);
        if (before != null && before.pins > 1) {
            pinned.put(node, new Pinned(before.place, before.pins - 1));
        } else if (before != null) {
            put(node, before.place);
        }
    }

    /** Nobody asks for a node any more; unless it is pinned, its place is given up. */
    void drop(long node) {
        Place place = recent.remove(node);
        if (place != null) {
            place.close();
        }
    }

    void clear() {
        pinned.values().forEach(each -> each.place.close());
        pinned.clear();
        recent.values().forEach(Place::close);
        recent.clear();
    }
}
