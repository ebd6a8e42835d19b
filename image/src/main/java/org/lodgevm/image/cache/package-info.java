/**
 * The files that are kept between runs.
 *
 * <pre>
 * objects/SHA256   a downloaded or made file, named by the SHA-256 of its content
 * records/NAME     lines of text that mention objects
 * partial/SHA256   the beginning of a download, gone on with by whoever wants it next
 * partial/*.tmp    something being made; swept away if its maker was killed
 * lock             held by whoever writes
 * </pre>
 */
package org.lodgevm.image.cache;
