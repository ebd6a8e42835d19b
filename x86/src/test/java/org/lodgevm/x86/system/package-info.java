/**
 * What an operating system sees of a CPU: paging, segments, gates, exceptions, breakpoints, task switches, system calls, several
 * CPUs. Each test assembles a small bare-metal guest.
 *
 * <p>A {@link org.lodgevm.x86.system.Guest} starts in any {@link org.lodgevm.x86.system.Mode} with flat segments, low memory mapped to
 * itself and handlers for all vectors that stop it; {@code run} tells by which {@link org.lodgevm.x86.system.Stop}. Resumed, it returns
 * from the handler. A test changes page tables, descriptors and registers as it needs to, from Java.
 */
package org.lodgevm.x86.system;
