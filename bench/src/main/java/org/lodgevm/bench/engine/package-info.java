/**
 * What runs guests: Lodge, QEMU, and for comparison this host itself. Each {@link org.lodgevm.bench.engine.Engine} says with
 * which command; {@link org.lodgevm.bench.engine.GuestProcess} starts it, listens for the marks that the guest writes to its console and
 * looks at the clock, and asks the host what the process costs. All engines are measured by the same code, from outside.
 */
package org.lodgevm.bench.engine;
