/**
 * What a Linux bzImage holds: the kernel proper, compressed, behind the code that unpacks it.
 *
 * <p>Unpacked once on the host instead of at each start in the guest, it starts sooner, and always at the same address. What is absent: the
 * kernel's own address space randomization, which is the unpacking code's.
 */
package org.lodgevm.image.kernel;
