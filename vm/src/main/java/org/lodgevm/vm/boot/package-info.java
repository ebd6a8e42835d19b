/**
 * Boot protocols: a file that nobody vouches for becomes guest memory and the registers of the first CPU.
 *
 * <p>A detector looks at the file's format and picks a loader; each loader checks every field before use and
 * throws {@link org.lodgevm.vm.boot.BootException}, never anything else.
 */
package org.lodgevm.vm.boot;
