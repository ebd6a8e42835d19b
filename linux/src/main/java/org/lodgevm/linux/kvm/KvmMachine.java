package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.machine.Accelerator.MachineContext;
import org.lodgevm.machine.Accelerator.VcpuFactory;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.CpuModel;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;

/** A virtual machine of the kernel's: memory, clock, and what its vCPUs have in common. */
final class KvmMachine implements VcpuFactory {
    /** For Intel's processors without unrestricted guests: below the ROM, where a PC has neither memory nor device. */
    private static final long IDENTITY_MAP = 0xfeff_c000L;

    private static final long TSS = 0xfeff_d000L;
    private static final int KVM_MSR_EXIT_REASON_INVAL = 1;
    private static final int KVM_MSR_EXIT_REASON_UNKNOWN = 1 << 1;
    private static final int KVM_MSR_EXIT_REASON_FILTER = 1 << 2;
    private static final int KVM_MSR_FILTER_READ = 1;
    private static final int KVM_MSR_FILTER_WRITE = 1 << 1;
    private static final int VERSION = 1;
    private static final int XSAVE = 0xd;
    private static final int MODEL_KHZ = (int) (Tsc.FREQUENCY / 1000);

    private final MachineContext context;
    private final CpuModel model;
    private final Kvm kvm;
    private final KvmHandle vm;
    private final KvmMemory memory;
    private final Doorkeeper doorkeeper;
    /** Null where the board's are used. */
    private final KernelApics apics;
    /** Whose doorbells are answered; null if nobody's. */
    private Bus bus;
    private final List<VcpuHandle> handles = new ArrayList<>();
    private final List<KvmVcpu> vcpus = new ArrayList<>();
    private List<CpuidLeaf> firstCpuid = List.of();
    private MsrSet msrs;
    private boolean isStopped;

    /** @param kvm is closed with the machine, or if it cannot be made */
    KvmMachine(Kvm kvm, MachineContext context, CpuModel model) {
        this.context = context;
        this.model = model;
        this.kvm = kvm;
        try {
            vm = kvm.createVm();
        } catch (RuntimeException e) {
            kvm.close();
            throw e;
        }
        try {
            reserveForIntel();
            memory = new KvmMemory(kvm, vm, context.memory());
            apics = context.apics() != null && KernelApics.offeredBy(kvm) ? new KernelApics(vm) : null;
            if (apics == null) {
                leaveApicRegistersToUs();
            }
            doorkeeper = new Doorkeeper(vm);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void reserveForIntel() {
        try (Arena arena = Arena.ofConfined()) {
            vm.call(Ioctl.KVM_SET_IDENTITY_MAP_ADDR, arena.allocateFrom(JAVA_LONG, IDENTITY_MAP));
        }
        vm.call(Ioctl.KVM_SET_TSS_ADDR, TSS);
    }

    /** The kernel has no local APIC for this machine: accesses to its MSRs come to us, those that the kernel would take as well. */
    private void leaveApicRegistersToUs() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment enable = arena.allocate(Structs.ENABLE_CAP);
            enable.set(JAVA_INT, 0, Capability.KVM_CAP_X86_USER_SPACE_MSR.number());
            enable.set(JAVA_LONG, Structs.offset(Structs.ENABLE_CAP, "args"),
                    KVM_MSR_EXIT_REASON_INVAL | KVM_MSR_EXIT_REASON_UNKNOWN | KVM_MSR_EXIT_REASON_FILTER);
            vm.call(Ioctl.KVM_ENABLE_CAP, enable);
            MemorySegment filter = arena.allocate(Structs.MSR_FILTER);
            MemorySegment denied = arena.allocate(Long.BYTES, Long.BYTES);
            deny(filter, 0, Msr.IA32_APIC_BASE, denied);
            deny(filter, 1, Msr.IA32_TSC_DEADLINE, denied);
            vm.call(Ioctl.KVM_X86_SET_MSR_FILTER, filter);
        }
    }

    private static void deny(MemorySegment filter, int range, int msr, MemorySegment denied) {
        long at = Structs.offset(Structs.MSR_FILTER, "ranges") + range * Structs.MSR_FILTER_RANGE.byteSize();
        filter.set(JAVA_INT, at + range("flags"), KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE);
        filter.set(JAVA_INT, at + range("nmsrs"), 1);
        filter.set(JAVA_INT, at + range("base"), msr);
        filter.set(JAVA_LONG, at + range("bitmap"), denied.address());
    }

    private static long range(String member) {
        return Structs.offset(Structs.MSR_FILTER_RANGE, member);
    }

    @Override
    public Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc) {
        VcpuHandle handle = new VcpuHandle(vm, memory, index, apics != null, kvm.runAreaSize());
        try {
            GuestCpuid cpuid = new GuestCpuid(kvm.supportedCpuid(), chooseFrequency(handle.handle()), apics != null);
            List<CpuidLeaf> leaves = cpuid.of(model.leaves(index, context.cpus()));
            handle.cpuid(leaves);
            firstCpuid = index == 0 ? leaves : firstCpuid;
            if (msrs == null) {
                msrs = new MsrSet(handle.handle(), msrIndexes());
            }
            CpuidLeaf xsave = find(leaves, XSAVE);
            int components = xsave == null ? ExtendedState.LEGACY : xsave.eax();
            ExtendedState extended = new ExtendedState(handle.handle(), components, cpuid.imageSize(components));
            KvmVcpu vcpu = new KvmVcpu(index, handle, msrs, extended, find(leaves, VERSION).eax(), bus, interrupts,
                    apics == null ? null : context.apics(), context.trace());
            handles.add(handle);
            vcpus.add(vcpu);
            if (apics != null) {
                apics.add(handle);
            }
            answerDoorbells(bus);
            return vcpu;
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    /** Asynchronous page faults end by interrupts of the kernel's local APIC. */
    private List<Integer> msrIndexes() {
        return kvm.msrIndexes().stream().filter(index -> apics != null || index != Msr.KVM_ASYNC_PF_EN).toList();
    }

    private void answerDoorbells(Bus ofCpu) {
        if (bus == null && kvm.has(Capability.KVM_CAP_IOEVENTFD) && kvm.has(Capability.KVM_CAP_IOEVENTFD_ANY_LENGTH)) {
            bus = ofCpu;
            bus.keeper(doorkeeper);
        }
    }

    private static CpuidLeaf find(List<CpuidLeaf> leaves, int leaf) {
        return leaves.stream().filter(each -> each.leaf() == leaf && each.subleaf() == 0).findFirst().orElse(null);
    }

    /** The model's where the processor can, else the host's. @return kHz */
    private int chooseFrequency(KvmHandle vcpu) {
        if (kvm.has(Capability.KVM_CAP_TSC_CONTROL) && vcpu.tryCall(Ioctl.KVM_SET_TSC_KHZ, MODEL_KHZ) == 0) {
            return MODEL_KHZ;
        }
        return vcpu.call(Ioctl.KVM_GET_TSC_KHZ, 0);
    }

    /** Time-stamp counters and the clock that the kernel shows the guest stand still from now on; the board has its local APICs. */
    @Override
    public void pause() {
        vcpus.forEach(vcpu -> vcpu.showAsRunning(context.memory()));
        if (apics != null) {
            endAsyncFaults();
            vcpus.forEach(KvmVcpu::learnActivity);
            context.apics().takeBack();
        }
        if (!isStopped) {
            isStopped = true;
            long clock = clock();
            handles.forEach(vcpu -> vcpu.stopped(new VcpuHandle.Times(MsrSet.read(vcpu.handle(), Msr.IA32_TIME_STAMP_COUNTER), clock)));
        }
    }

    /** The kernel has the local APICs. */
    private void endAsyncFaults() {
        for (int i = 0; i < vcpus.size() && !isStopped; i++) {
            apics.raise(i, vcpus.get(i).endAsyncFaults(context.memory()));
        }
    }

    /** Neither goes back, and the kernel's clock not behind the machine's, which is another after a restoration. */
    @Override
    public void resume() {
        if (isStopped) {
            isStopped = false;
            clock(handles.stream().mapToLong(vcpu -> vcpu.stopped().clock()).reduce(context.clock().nanos(), Math::max));
            for (VcpuHandle vcpu : handles) {
                // the kernel brings counters in step that are set to about the same
                MsrSet.write(vcpu.handle(), Msr.IA32_TIME_STAMP_COUNTER, vcpu.stopped().tsc());
                vcpu.stopped(null);
                vcpu.tellPause();
            }
        }
        if (apics != null) {
            vcpus.forEach(KvmVcpu::tellActivity);
            context.apics().lend(apics);
        }
    }

    private long clock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Structs.CLOCK_DATA);
            vm.call(Ioctl.KVM_GET_CLOCK, data);
            return data.get(JAVA_LONG, 0);
        }
    }

    private void clock(long nanos) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Structs.CLOCK_DATA);
            data.set(JAVA_LONG, 0, nanos);
            vm.call(Ioctl.KVM_SET_CLOCK, data);
        }
    }

    @Override
    public List<CpuidLeaf> cpuid() {
        return firstCpuid;
    }

    @Override
    public void logWrites(boolean on) {
        memory.logWrites(on);
    }

    @Override
    public void collectWrites(PageSet found) {
        memory.collectWrites(found);
    }

    @Override
    public void close() {
        if (bus != null) {
            bus.keeper(null);
            doorkeeper.close();
        }
        if (memory != null) { // null if it could not be made
            memory.close();
        }
        vm.close();
        kvm.close();
    }
}
