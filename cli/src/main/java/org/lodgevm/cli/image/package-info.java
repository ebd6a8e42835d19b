/**
 * {@code lodge image}: work on disk images, by the options and exit statuses that users of qemu-img know.
 *
 * <p>A subcommand reads its arguments and prints; the work is done in {@code org.lodgevm.storage}.
 */
package org.lodgevm.cli.image;
