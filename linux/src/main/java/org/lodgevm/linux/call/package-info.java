/**
 * Functions of the C library and their errors, for the packages that speak to a part of the kernel.
 *
 * <p>A call that fails is a {@link org.lodgevm.linux.call.HostCallException}, which names the call and the kernel's reason. Nothing here
 * knows what the calls are for.
 */
package org.lodgevm.linux.call;
