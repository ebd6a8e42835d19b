/**
 * Bytes from an archive, over whatever network the machine has. Says nothing about what the bytes are worth: whoever
 * asks for them knows their hash or checks their signature.
 */
package org.lodgevm.image.fetch;
