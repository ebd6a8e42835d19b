package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.machine.ApicRegisters;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.LocalApics.Message;

/**
 * The kernel's local APICs, to which those of the board are lent while the machine runs; its PICs and I/O APIC remain the board's ("split
 * irqchip"). Timers, IPIs, HLT and the ends of edge-triggered interrupts then cost no exit to us.
 *
 * <p>Messages are given to the kernel by KVM_SIGNAL_MSI, which has done its work when it returns, and not by irqfds, which may do it later,
 * when the machine already stands still.
 */
final class KernelApics implements LocalApics.Borrower {
    static final int KVM_IRQ_ROUTING_MSI = 2;
    /** Of the board's I/O APIC, whose global system interrupts the kernel leaves to us. */
    static final int PINS = 24;

    private static final int REGISTER_STRIDE = 16;
    /** The number of the first register of interrupts requested. @sdm table 11-1 */
    private static final int IRR = 0x20;

    private static final long MSI_LOW = Structs.offset(Structs.MSI, "address_lo");
    private static final long MSI_HIGH = Structs.offset(Structs.MSI, "address_hi");
    private static final long MSI_DATA = Structs.offset(Structs.MSI, "data");
    private static final long ENTRIES = Structs.IRQ_ROUTING.byteSize();
    private static final long ENTRY = Structs.IRQ_ROUTING_ENTRY.byteSize();

    private final KvmHandle vm;
    private final List<VcpuHandle> vcpus = new ArrayList<>();
    /** Guarded by this. */
    private List<Message> levels = List.of();

    /** @param vm without vCPUs yet */
    KernelApics(KvmHandle vm) {
        this.vm = vm;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment enable = arena.allocate(Structs.ENABLE_CAP);
            enable.set(JAVA_INT, 0, Capability.KVM_CAP_SPLIT_IRQCHIP.number());
            enable.set(JAVA_LONG, Structs.offset(Structs.ENABLE_CAP, "args"), PINS);
            vm.call(Ioctl.KVM_ENABLE_CAP, enable);
        }
    }

    static boolean offeredBy(Kvm kvm) {
        return kvm.has(Capability.KVM_CAP_SPLIT_IRQCHIP) && kvm.has(Capability.KVM_CAP_SIGNAL_MSI)
                && kvm.has(Capability.KVM_CAP_IRQ_ROUTING);
    }

    /** The next one, in the order of their numbers. */
    void add(VcpuHandle vcpu) {
        vcpus.add(vcpu);
    }

    /** The base first: what the registers mean depends on the mode. */
    @Override
    public void take(int cpu, ApicRegisters registers) {
        KvmHandle vcpu = vcpus.get(cpu).handle();
        MsrSet.write(vcpu, Msr.IA32_APIC_BASE, registers.base());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(Structs.LAPIC_STATE.byteSize(), Integer.BYTES);
            for (int i = 0; i < ApicRegisters.COUNT; i++) {
                page.set(JAVA_INT, (long) i * REGISTER_STRIDE, registers.registers()[i]);
            }
            vcpu.call(Ioctl.KVM_SET_LAPIC, page);
        }
    }

    @Override
    public ApicRegisters giveBack(int cpu) {
        KvmHandle vcpu = vcpus.get(cpu).handle();
        int[] registers = new int[ApicRegisters.COUNT];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(Structs.LAPIC_STATE.byteSize(), Integer.BYTES);
            vcpu.call(Ioctl.KVM_GET_LAPIC, page);
            for (int i = 0; i < registers.length; i++) {
                registers[i] = page.get(JAVA_INT, (long) i * REGISTER_STRIDE);
            }
        }
        return new ApicRegisters(MsrSet.read(vcpu, Msr.IA32_APIC_BASE), registers);
    }

    /** A vCPU that stands still is to be interrupted when it goes on. @param vector nothing happens for -1 */
    void raise(int cpu, int vector) {
        if (vector >= 0) {
            ApicRegisters registers = giveBack(cpu);
            registers.registers()[IRR + vector / Integer.SIZE] |= 1 << vector % Integer.SIZE;
            take(cpu, registers);
        }
    }

    @Override
    public boolean deliver(long address, int data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(Structs.MSI);
            message.set(JAVA_INT, MSI_LOW, (int) address);
            message.set(JAVA_INT, MSI_HIGH, (int) (address >>> Integer.SIZE));
            message.set(JAVA_INT, MSI_DATA, data);
            // a message that the guest made up may be none to the kernel; then nobody accepts it
            return vm.tryCall(Ioctl.KVM_SIGNAL_MSI, message.address()) > 0;
        }
    }

    /** The kernel looks for them among the routes of the I/O APIC's interrupts. */
    @Override
    public synchronized void levelTriggered(List<Message> messages) {
        if (messages.equals(levels)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment routing = arena.allocate(ENTRIES + messages.size() * ENTRY, Long.BYTES);
            routing.set(JAVA_INT, 0, messages.size());
            for (int i = 0; i < messages.size(); i++) {
                MemorySegment entry = routing.asSlice(ENTRIES + i * ENTRY, ENTRY);
                Message message = messages.get(i);
                entry.set(JAVA_INT, entry("gsi"), i);
                entry.set(JAVA_INT, entry("type"), KVM_IRQ_ROUTING_MSI);
                entry.set(JAVA_INT, entry("u", "msi", "address_lo"), (int) message.address());
                entry.set(JAVA_INT, entry("u", "msi", "address_hi"), (int) (message.address() >>> Integer.SIZE));
                entry.set(JAVA_INT, entry("u", "msi", "data"), message.data());
            }
            LibC.check(Ioctl.KVM_SET_GSI_ROUTING.name(), vm.tryCall(Ioctl.KVM_SET_GSI_ROUTING, routing.address()));
        }
        levels = messages;
    }

    private static long entry(String... path) {
        return Structs.offset(Structs.IRQ_ROUTING_ENTRY, path);
    }
}
