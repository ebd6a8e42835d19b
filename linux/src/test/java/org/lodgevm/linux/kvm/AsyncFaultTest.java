package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Mem.mem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Label;

/** A guest in ring 3 that needs memory which the host has yet to read from a file. */
@Timeout(60)
class AsyncFaultTest {
    private static final int SIZE = 4 << 20;
    private static final int APIC_PAGE = 0xfee0_0000;
    private static final int EOI = APIC_PAGE + 0xb0;

    private static final int PAGE_FAULT = 14;
    private static final int VECTOR = 0x51;
    private static final int FAULT_HANDLER = 0x2000;
    private static final int INTERRUPT_HANDLER = 0x2100;
    private static final int GDT = 0xb000;
    private static final int KERNEL_CODE = 0x18;
    private static final int TSS = 0xd000;
    private static final int KERNEL_STACK = 0xf000;
    private static final long USER_CODE_DESCRIPTOR = 0x00af_fb00_0000_ffffL;
    private static final long USER_DATA_DESCRIPTOR = 0x00cf_f300_0000_ffffL;
    private static final long KERNEL_CODE_DESCRIPTOR = 0x00af_9b00_0000_ffffL;
    private static final int BUSY_TSS = 0x8b;
    private static final long INTERRUPTS_ENABLED = 1 << 9;
    private static final int ACKNOWLEDGE = 0x4b56_4d07;

    /** Where the kernel tells: whether a fault is asynchronous, and the token of what has come. */
    private static final int TOLD = 0x9000;

    /** What the guest notes: the token of its fault, and that of what came. */
    private static final int FAULT_TOKEN = 0x9100;

    private static final int READY_TOKEN = 0x9108;

    private final Board board = new Board();

    @BeforeEach
    void needsKvm() {
        assumeTrue(Files.isWritable(Path.of(Kvm.DEVICE)), "there is no /dev/kvm that may be opened");
        try (Kvm kvm = Kvm.open()) {
            assumeTrue(KernelApics.offeredBy(kvm), "this kernel keeps no local APICs for a board with an I/O APIC of its own");
            assumeTrue(kvm.check(Capability.KVM_CAP_ASYNC_PF_INT) > 0, "this kernel has no asynchronous page faults that end by interrupts");
        }
    }

    @Test
    void aGuestIsToldOfAPageThatIsYetToComeAndWhenItHas() throws IOException, InterruptedException {
        Path file = Files.createTempFile(Path.of("target"), "cold", ".ram");
        try {
            assumeTrue(!Files.getFileStore(file).type().equals("tmpfs"), "all files are in memory here");
            Files.write(file, new byte[SIZE]);
            forget(file);
            try (Rig rig = new Rig(new KvmAccelerator(), board, SIZE, (size, arena) -> mapped(file, size, arena))) {
                handlers(rig);
                reads(rig, Rig.MORE_RAM + SIZE / 2);
                rig.factory.resume();
                assertThat(rig.run()).isEqualTo(Vcpu.Exit.KICKED);
                int token = word(rig, FAULT_TOKEN);
                assertThat(token).as("of the page that was yet to come").isNotZero();
                assertThat(word(rig, READY_TOKEN)).as("of the page that came").isEqualTo(token);
                assertThat(word(rig, TOLD + 4)).isZero();
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aGuestThatStandsStillIsToldThatAllHasCome() {
        try (Rig rig = new Rig(new KvmAccelerator(), board)) {
            reads(rig, 0x3000);
            rig.factory.resume();
            rig.run();
            rig.factory.pause();
            assertThat(word(rig, TOLD + 4)).isEqualTo(-1);
            assertThat(board.register(Board.IRR + VECTOR / 32)).isEqualTo(1 << VECTOR % 32);
            assertThat(rig.vcpu.state().msrs).containsEntry(Msr.KVM_ASYNC_PF_EN, TOLD | 9L);
        }
    }

    @Test
    void aGuestThatKnowsNothingOfThisIsLeftAlone() {
        try (Rig rig = new Rig(new KvmAccelerator(), board)) {
            reads(rig, 0x3000);
            VcpuState state = rig.vcpu.state();
            state.msrs.put(Msr.KVM_ASYNC_PF_EN, 0L);
            rig.vcpu.state(state);
            rig.factory.resume();
            rig.run();
            rig.factory.pause();
            assertThat(word(rig, TOLD + 4)).isZero();
            assertThat(board.register(Board.IRR + VECTOR / 32)).isZero();
        }
    }

    /** The host has none of its pages in memory any more. */
    private static void forget(Path file) throws IOException, InterruptedException {
        for (String flag : new String[] {"conv=notrunc,fdatasync", "iflag=nocache"}) {
            String path = (flag.startsWith("i") ? "if=" : "of=") + file;
            assertThat(new ProcessBuilder("dd", path, flag, "count=0").redirectErrorStream(true).start().waitFor()).isZero();
        }
    }

    private static MemorySegment mapped(Path file, long size, Arena arena) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.PRIVATE, 0, size, arena);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int word(Rig rig, int gpa) {
        return rig.memory.at(gpa, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
    }

    private static void put(Rig rig, int gpa, long value) {
        rig.memory.at(gpa, Long.BYTES).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
    }

    /** In ring 3, with interrupts: reads a byte and stops. */
    private static void reads(Rig rig, int gpa) {
        Assembler a = new Assembler(Rig.CODE).mov(EBX, gpa).mov(AL, mem(RBX)).mov(EDX, Rig.STOP).mov(mem(RDX), AL);
        a.jmp(a.label("forever"));
        rig.code(a);
        rig.longMode(3);
        VcpuState state = rig.vcpu.state();
        state.rflags |= INTERRUPTS_ENABLED;
        state.gdtr = new VcpuState.Table(GDT, KERNEL_CODE + 7);
        state.idtr = new VcpuState.Table(Rig.IDT, 0xfff);
        state.tr = new VcpuState.Segment(0x20, TSS, 0x67, BUSY_TSS);
        state.msrs.put(Msr.KVM_ASYNC_PF_EN, TOLD | 9L);
        state.msrs.put(Msr.KVM_ASYNC_PF_INT, (long) VECTOR);
        rig.vcpu.state(state);
    }

    private static void handlers(Rig rig) {
        put(rig, GDT + Rig.CODE_SELECTOR, USER_CODE_DESCRIPTOR);
        put(rig, GDT + Rig.DATA_SELECTOR, USER_DATA_DESCRIPTOR);
        put(rig, GDT + KERNEL_CODE, KERNEL_CODE_DESCRIPTOR);
        put(rig, TSS + 4, KERNEL_STACK);
        gate(rig, PAGE_FAULT, FAULT_HANDLER);
        gate(rig, VECTOR, INTERRUPT_HANDLER);

        Assembler fault = new Assembler(FAULT_HANDLER).push(RAX).push(RBX).mov(EBX, TOLD).mov(EAX, mem(RBX)).test(EAX, EAX);
        Label mine = new Label("asynchronous");
        fault.jcc(Cond.NE, mine).mov(EBX, Rig.STOP).mov(mem(RBX), AL);
        fault.bind(mine).mov(EAX, 0).mov(mem(RBX), EAX).mov(RAX, Creg.CR2).mov(mem(RBX, FAULT_TOKEN - TOLD), RAX).sti();
        Label waiting = fault.label("until it has come");
        fault.mov(EAX, mem(RBX, READY_TOKEN - TOLD)).test(EAX, EAX).jcc(Cond.E, waiting);
        rig.memory.write(FAULT_HANDLER, fault.cli().pop(RBX).pop(RAX).add(RSP, 8).iret(64).toBytes());

        rig.memory.write(INTERRUPT_HANDLER, new Assembler(INTERRUPT_HANDLER).push(RAX).push(RBX).push(RCX).push(RDX)
                .mov(EBX, TOLD).mov(EAX, mem(RBX, 4)).mov(mem(RBX, READY_TOKEN - TOLD), EAX).mov(EAX, 0).mov(mem(RBX, 4), EAX)
                .mov(ECX, ACKNOWLEDGE).mov(EAX, 1).mov(EDX, 0).wrmsr()
                .mov(EBX, EOI).mov(EAX, 0).mov(mem(RBX), EAX).pop(RDX).pop(RCX).pop(RBX).pop(RAX).iret(64).toBytes());
    }

    private static void gate(Rig rig, int vector, int handler) {
        put(rig, Rig.IDT + 16 * vector, (long) handler | KERNEL_CODE << 16 | 0x8e00L << 32);
    }
}
