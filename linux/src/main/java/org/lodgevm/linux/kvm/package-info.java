/**
 * The accelerator named {@code kvm}: guest code on the host's own processor, by the Linux kernel's {@code /dev/kvm}.
 *
 * <p>{@link org.lodgevm.linux.kvm.KvmAccelerator} opens a {@code KvmMachine}, which gives the kernel the guest's memory and makes the
 * {@code KvmVcpu}s. Each has a {@code RunLoop}: it enters the guest, which the kernel leaves for ports and devices
 * ({@code ExitHandler}, by the {@link org.lodgevm.machine.Bus}), for HLT, and for interrupts that waited. Other threads reach a vCPU by its
 * {@code Attention}. Devices' {@link org.lodgevm.machine.Doorbell}s are answered by a {@code Doorkeeper}; local APICs are
 * {@code KernelApics} while the machine runs. A {@code WriteLog} tells which pages a guest writes to. {@code Registers}, {@code
 * ExtendedState}, {@code MsrSet} and {@code Events} move the state of a vCPU between the kernel and {@link org.lodgevm.machine.VcpuState}.
 * {@code Structs}, {@code Ioctl}, {@code Capability} and {@code ExitReason} are the kernel's own names and numbers; {@code Probe} tells
 * whether all that works here.
 *
 * <p>Deliberately absent: the kernel's PIC, I/O APIC and timers, which serve no guest faster than the machine's own; irqfds
 * (docs/decisions/interrupts.md).
 *
 * <p>Source: Linux's Documentation/virt/kvm/api.rst.
 */
package org.lodgevm.linux.kvm;
