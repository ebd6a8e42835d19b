/**
 * Calls to the Linux kernel through {@code java.lang.foreign}, the only ones of the project.
 *
 * <p>{@link org.lodgevm.linux.MemfdRam} and {@link org.lodgevm.linux.LinuxHoles} are offered as services; without this module, or
 * on another system, machines and disk images do without.
 */
package org.lodgevm.linux;
