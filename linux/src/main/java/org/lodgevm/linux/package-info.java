/**
 * Calls to the Linux kernel through {@code java.lang.foreign}, the only ones of the project.
 *
 * <p>{@link org.lodgevm.linux.MemfdRam} is offered as a service; without this module, or on another system, the machine
 * does without.
 */
package org.lodgevm.linux;
