/**
 * Virtual machines for programs: describe one with {@link org.lodgevm.vm.Machine#builder}, start it, talk to its console and await its
 * {@link org.lodgevm.vm.Outcome}.
 *
 * <pre>{@code
 * try (Machine machine = Machine.builder().kernel(vmlinuz).initrd(initrd).append("console=ttyS0").memory(512L << 20).build()) {
 *     machine.start();
 *     machine.console().await("login:", Duration.ofMinutes(1));
 *     machine.powerButton();
 *     Outcome outcome = machine.await();
 * }
 * }</pre>
 *
 * <p>{@code Pc} assembles memory, chipset and CPUs; {@code Lifecycle} owns everything that starts and stops them.
 * Deliberately absent: any CPU (accelerators are services) and any file format ({@link org.lodgevm.vm.boot}).
 */
package org.lodgevm.vm;
