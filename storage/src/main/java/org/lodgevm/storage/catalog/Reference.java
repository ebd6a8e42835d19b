package org.lodgevm.storage.catalog;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An image names another file.
 *
 * @param image the one that does
 * @param text what is written there
 * @param path the file that is meant, unless it is somewhere else than in a file
 */
public record Reference(String image, String text, Optional<Path> path) {}
