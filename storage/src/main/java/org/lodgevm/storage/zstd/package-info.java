/**
 * Zstandard (RFC 8878) in plain Java, for packages and disk images that are compressed that way. Absent: dictionaries, and
 * higher levels of compression.
 *
 * <p>A frame is read block by block ({@code ZstdInputStream}); a block's literals ({@code BlockDecoder}, {@code
 * HuffmanTable}) are woven into what came before ({@code SequenceDecoder}, {@code FseTable}, {@code Window}).
 *
 * <p>The other way, {@code MatchFinder} finds what occurred before, and {@code BlockEncoder} writes it by {@code
 * HuffmanEncoder} and {@code FseEncoder}, which turn the decoder's tables around ({@code ZstdCompressor}).
 */
package org.lodgevm.storage.zstd;
