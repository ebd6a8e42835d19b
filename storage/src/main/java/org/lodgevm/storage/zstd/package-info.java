/**
 * Zstandard decompression (RFC 8878) in plain Java, for packages that are compressed that way. Absent: compression, and
 * dictionaries.
 *
 * <p>A frame is read block by block ({@code ZstdInputStream}); a block's literals ({@code BlockDecoder}, {@code
 * HuffmanTable}) are woven into what came before ({@code SequenceDecoder}, {@code FseTable}, {@code Window}).
 */
package org.lodgevm.storage.zstd;
