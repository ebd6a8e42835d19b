package org.lodgevm.x86.oracle;

import static org.lodgevm.x86.asm.Cond.E;
import static org.lodgevm.x86.asm.Cond.LE;
import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Cond.S;
import static org.lodgevm.x86.asm.Gpr.*;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem16;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem64;

import java.util.Arrays;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.ElfWriter;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;

/**
 * The child process: a static ELF that runs batches of cases on the real CPU.
 *
 * <p>It maps the file given as its argument, then for each count that it reads from standard input
 * runs so many cases and answers with a byte. A case is entered by IRETQ, which sets RIP, RFLAGS,
 * RSP, CS and SS at once, needs no memory of the case, and serializes, so that the code just
 * written through another mapping is seen. It ends at {@link Layout#EXIT}, or in a handler on an
 * alternate stack when the CPU raised an exception. The handler never returns: it stores what it
 * was told and goes on with the next case.
 *
 * <p>A timer counting the child's own time ends cases that run for ever; a seccomp filter turns
 * system calls made by cases into signals.
 */
final class NativeRunner {
  /** Where the shared file is mapped. */
  static final long SHARED = 0x2000_0000L;

  private static final long CODE_ALIAS = 0x2F00_0000L;
  private static final int STACK_BYTES = 0x4000;
  private static final int SIGNAL_STACK_BYTES = 0x10000;
  private static final long TICK_MICROSECONDS = 50_000;
  private static final int[] FAULTS = {
    Linux.SIGSEGV, Linux.SIGBUS, Linux.SIGILL, Linux.SIGFPE, Linux.SIGTRAP, Linux.SIGSYS
  };

  private final SharedFile.Plan plan;
  private final boolean fsgsbase;
  private final Assembler a = new Assembler(Layout.EXIT);

  private final Label start = new Label("start");
  private final Label fail = new Label("fail");
  private final Label nextBatch = new Label("nextBatch");
  private final Label run = new Label("run");
  private final Label store = new Label("store");
  private final Label fault = new Label("fault");
  private final Label interrupted = new Label("interrupted");
  private final Label tick = new Label("tick");
  private final Label restorer = new Label("restorer");
  private final Label textEnd = new Label("textEnd");

  private final Label input = new Label("input");
  private final Label output = new Label("output");
  private final Label left = new Label("left");
  private final Label serial = new Label("serial");
  private final Label lastSerial = new Label("lastSerial");
  private final Label savedRax = new Label("savedRax");
  private final Label stackTop = new Label("stackTop");
  private final Label message = new Label("message");

  private NativeRunner(SharedFile.Plan plan, boolean fsgsbase) {
    this.plan = plan;
    this.fsgsbase = fsgsbase;
  }

  /**
   * The executable.
   *
   * @param fsgsbase whether programs may execute WRFSBASE
   */
  static byte[] elf(SharedFile.Plan plan, boolean fsgsbase) {
    return new NativeRunner(plan, fsgsbase).assemble();
  }

  private byte[] assemble() {
    exit();
    store();
    run();
    faultHandler();
    tickHandler();
    batches();
    start();
    a.align(Layout.PAGE).bind(textEnd);
    int text = a.size();
    data();
    byte[] all = a.toBytes();
    return ElfWriter.elf64(start.address())
        .load(Layout.EXIT, Arrays.copyOf(all, text), ElfWriter.READ | ElfWriter.EXECUTE)
        .load(
            textEnd.address(),
            Arrays.copyOfRange(all, text, all.length),
            ElfWriter.READ | ElfWriter.WRITE)
        .stack(ElfWriter.READ | ElfWriter.WRITE)
        .toBytes();
  }

  // --- one case
  // -------------------------------------------------------------------------------------------------------

  /**
   * {@link Layout#EXIT}: the code ran to its end. Everything but RIP is the case's until it is
   * stored.
   */
  private void exit() {
    a.mov(mem(savedRax), RAX)
        .mov(RAX, mem(output))
        .mov(mem(RAX, Layout.RSP), RSP)
        .lea(RSP, mem(stackTop));
    for (int i = 1; i < 16; i++) {
      if (i != RSP.number()) {
        a.mov(mem(RAX, Layout.GPR + 8 * i), Gpr.of(i, 64));
      }
    }
    a.pushf().pop(RCX).mov(mem(RAX, Layout.RFLAGS), RCX);
    a.push(2).popf();
    a.mov(RCX, mem(savedRax)).mov(mem(RAX, Layout.GPR), RCX);
    a.mov(RCX, mem(RAX, Layout.RSP)).mov(mem(RAX, Layout.GPR + 8 * RSP.number()), RCX);
    a.mov(mem32(RAX, Layout.OUTCOME), Layout.EXITED);
    a.mov(mem16(RAX, Layout.SS), Sreg.SS);
    a.fxsave64(mem(RAX, Layout.FXSAVE));
    a.jmp(store);
  }

  /** Stores what entering a handler leaves alone; RAX is the result. Then the next case. */
  private void store() {
    a.bind(store);
    a.mov(mem16(RAX, Layout.DS), Sreg.DS).mov(mem16(RAX, Layout.ES), Sreg.ES);
    a.mov(mem16(RAX, Layout.FS), Sreg.FS).mov(mem16(RAX, Layout.GS), Sreg.GS);
    if (fsgsbase) {
      a.rdfsbase(RCX).mov(mem(RAX, Layout.FS_BASE), RCX);
      a.rdgsbase(RCX).mov(mem(RAX, Layout.GS_BASE), RCX);
    }
    a.mov(RBX, mem(input));
    a.mov(ESI, mem(RBX, Layout.WINDOW_AT)).add(RSI, Layout.DATA);
    a.lea(RDI, mem(RAX, Layout.WINDOW)).mov(ECX, Layout.WINDOW_BYTES / 8).rep().movsq();
    a.lea(RDI, mem(RSI, -Layout.WINDOW_BYTES))
        .xor(EAX, EAX)
        .mov(ECX, Layout.WINDOW_BYTES / 8)
        .rep()
        .stosq();
    a.mov(EDI, mem(RBX, Layout.CODE_AT)).add(RDI, CODE_ALIAS);
    a.mov(ECX, mem(RBX, Layout.CODE_LENGTH)).mov(AL, Layout.FILLER).rep().stosb();
    a.add(mem(input).bits(64), Layout.RECORD).add(mem(output).bits(64), Layout.RECORD);
    a.sub(mem(left).bits(32), 1).jcc(NE, run);
    a.jmp(nextBatch);
  }

  private void run() {
    a.bind(run);
    a.add(mem(serial).bits(64), 1);
    a.mov(RBX, mem(input));
    a.mov(mem(SHARED), EBX);
    a.mov(EDI, mem(RBX, Layout.WINDOW_AT)).add(RDI, Layout.DATA);
    a.lea(RSI, mem(RBX, Layout.WINDOW)).mov(ECX, Layout.WINDOW_BYTES / 8).rep().movsq();
    a.mov(EDI, mem(RBX, Layout.CODE_AT)).add(RDI, CODE_ALIAS);
    a.lea(RSI, mem(RBX, Layout.CODE_COPY)).mov(ECX, mem(RBX, Layout.CODE_LENGTH)).rep().movsb();
    a.fxrstor64(mem(RBX, Layout.FXSAVE));
    a.mov(Sreg.DS, mem(RBX, Layout.DS)).mov(Sreg.ES, mem(RBX, Layout.ES));
    a.mov(Sreg.FS, mem(RBX, Layout.FS)).mov(Sreg.GS, mem(RBX, Layout.GS));
    loadSegmentBase(Linux.ARCH_SET_FS, Layout.FS_BASE);
    loadSegmentBase(Linux.ARCH_SET_GS, Layout.GS_BASE);
    a.lea(RSP, mem(RBX, Layout.RIP));
    for (int i = 0; i < 16; i++) {
      if (i != RSP.number()) {
        a.mov(Gpr.of(i, 64), mem(RSP, Layout.GPR - Layout.RIP + 8 * i));
      }
    }
    a.iret(64);
  }

  private void loadSegmentBase(int arch, int field) {
    if (!fsgsbase) {
      a.mov(EDI, arch).mov(RSI, mem(RBX, field)).mov(EAX, Linux.SYS_ARCH_PRCTL).syscall();
    } else if (arch == Linux.ARCH_SET_FS) {
      a.mov(RAX, mem(RBX, field)).wrfsbase(RAX);
    } else {
      a.mov(RAX, mem(RBX, field)).wrgsbase(RAX);
    }
  }

  /** Called by the kernel with the signal in EDI and the ucontext in RDX. */
  private void faultHandler() {
    a.bind(fault);
    a.mov(R8D, Layout.FAULTED);
    a.bind(interrupted);
    a.mov(EAX, mem(left)).test(EAX, EAX).mov(R15D, EDI).jcc(E, fail);
    a.mov(RAX, mem(output));
    a.mov(mem(RAX, Layout.OUTCOME), R8D).mov(mem(RAX, Layout.SIGNAL), EDI);
    for (int i = 0; i < 16; i++) {
      copy(Linux.UC_GREGS + 8 * i, Layout.GPR + 8 * Linux.UC_REGISTERS[i]);
    }
    copy(Linux.UC_RIP, Layout.RIP);
    copy(Linux.UC_RFLAGS, Layout.RFLAGS);
    copy(Linux.UC_ERROR, Layout.ERROR_CODE);
    copy(Linux.UC_CR2, Layout.CR2);
    a.mov(ECX, mem(RDX, Linux.UC_TRAP)).mov(mem(RAX, Layout.VECTOR), ECX);
    a.movzx(ECX, mem16(RDX, Linux.UC_CS)).mov(mem(RAX, Layout.CS), RCX);
    a.movzx(ECX, mem16(RDX, Linux.UC_SS)).mov(mem(RAX, Layout.SS), RCX);
    a.mov(RSI, mem(RDX, Linux.UC_FPSTATE)).lea(RDI, mem(RAX, Layout.FXSAVE));
    a.mov(ECX, Layout.FXSAVE_BYTES / 8).rep().movsq();
    a.lea(RSP, mem(stackTop)).jmp(store);
  }

  private void copy(int from, int to) {
    a.mov(RCX, mem(RDX, from)).mov(mem(RAX, to), RCX);
  }

  /** A case that two ticks in a row find running will not end. */
  private void tickHandler() {
    Label first = new Label("first");
    a.bind(tick);
    a.mov(RCX, mem(serial)).cmp(RCX, mem(lastSerial)).mov(mem(lastSerial), RCX).jcc(NE, first);
    a.mov(EAX, mem(left)).test(EAX, EAX).jcc(E, first);
    a.mov(R8D, Layout.STUCK).jmp(interrupted);
    a.bind(first).ret();
    a.bind(restorer);
    a.mov(EAX, Linux.SYS_RT_SIGRETURN).syscall();
  }

  /** Reads how many cases there are; when they are done, answers. End of input ends the process. */
  private void batches() {
    Label wait = new Label("wait");
    a.bind(nextBatch);
    a.mov(EDI, 1).lea(RSI, mem(message)).mov(EDX, 1).mov(EAX, Linux.SYS_WRITE).syscall();
    a.bind(wait);
    a.xor(EDI, EDI).lea(RSI, mem(message)).mov(EDX, 4).mov(EAX, Linux.SYS_READ).syscall();
    a.xor(R15D, R15D).cmp(EAX, 0).jcc(LE, fail);
    a.mov(EAX, mem(message)).mov(mem(left), EAX);
    a.mov(RAX, SHARED + plan.inputs()).mov(mem(input), RAX);
    a.mov(RAX, SHARED + plan.outputs()).mov(mem(output), RAX);
    a.jmp(run);
  }

  // --- preparation
  // ----------------------------------------------------------------------------------------------------

  private void start() {
    a.bind(start);
    a.mov(RDI, mem64(RSP, 16)).mov(ESI, Linux.O_RDWR).lea(RSP, mem(stackTop));
    call(Linux.SYS_OPEN);
    a.mov(R12, RAX);
    int rw = Linux.PROT_READ | Linux.PROT_WRITE;
    map(SHARED, plan.bytes(), rw, R12, 0);
    map(Layout.DATA, Layout.DATA_BYTES, rw, R12, plan.data());
    map(Layout.HIGH_DATA, Layout.DATA_BYTES, rw, R12, plan.data());
    map(Layout.CONSTANTS, Layout.CONSTANTS_BYTES, Linux.PROT_READ, R12, plan.constants());
    a.lea(RDI, mem(message)).xor(ESI, ESI);
    call(Linux.SYS_MEMFD_CREATE);
    a.mov(R12, RAX).mov(RDI, R12).mov(ESI, Layout.CODE_BYTES);
    call(Linux.SYS_FTRUNCATE);
    map(CODE_ALIAS, Layout.CODE_BYTES, rw, R12, 0);
    map(Layout.CODE, Layout.CODE_BYTES, Linux.PROT_READ | Linux.PROT_EXEC, R12, 0);
    a.mov(RDI, CODE_ALIAS).mov(ECX, Layout.CODE_BYTES).mov(AL, Layout.FILLER).rep().stosb();
    a.mov(RAX, Layout.EXIT).mov(mem(CODE_ALIAS + Layout.EXIT_POINTER), RAX);
    segments();
    signals();
    filterSystemCalls();
    a.mov(mem(SHARED), EAX).jmp(nextBatch);
    a.bind(fail);
    a.mov(EDI, R15D).mov(EAX, Linux.SYS_EXIT_GROUP).syscall();
  }

  /**
   * A system call with its arguments loaded; if it fails the process exits with its number, modulo
   * 256.
   */
  private void call(int number) {
    a.mov(R15D, number).mov(EAX, number).syscall().test(RAX, RAX).jcc(S, fail);
  }

  /** Maps all pages at once, so that no fault of a case finds one absent. */
  private void map(long address, long bytes, int protection, Gpr fd, long offset) {
    a.mov(RDI, address).mov(RSI, bytes).mov(EDX, protection);
    a.mov(R10D, Linux.MAP_SHARED | Linux.MAP_FIXED | Linux.MAP_POPULATE)
        .mov(R8, fd)
        .mov(R9, offset);
    call(Linux.SYS_MMAP);
  }

  private void segments() {
    Label after = new Label("after");
    Label table = new Label("table");
    a.jmp(after).align(4).bind(table);
    for (int i = 0; i < Descriptors.LDT.size(); i++) {
      for (int word : Descriptors.LDT.get(i).userDesc(i)) {
        a.dd(word);
      }
    }
    a.bind(after);
    for (int i = 0; i < Descriptors.LDT.size(); i++) {
      a.mov(EDI, Linux.MODIFY_LDT_WRITE).lea(RSI, mem(table).plus(16L * i)).mov(EDX, 16);
      call(Linux.SYS_MODIFY_LDT);
    }
  }

  private void signals() {
    Label stack = new Label("stack");
    Label faultAction = new Label("faultAction");
    Label tickAction = new Label("tickAction");
    Label interval = new Label("interval");
    Label after = new Label("after");
    a.jmp(after).align(8);
    a.bind(stack).dq(stackTop).dq(0).dq(SIGNAL_STACK_BYTES);
    action(faultAction, fault);
    action(tickAction, tick);
    a.bind(interval).dq(0, TICK_MICROSECONDS, 0, TICK_MICROSECONDS);
    a.bind(after);
    a.lea(RDI, mem(stack)).xor(ESI, ESI);
    call(Linux.SYS_SIGALTSTACK);
    for (int signal : FAULTS) {
      handle(signal, faultAction);
    }
    handle(Linux.SIGVTALRM, tickAction);
    a.mov(EDI, Linux.ITIMER_VIRTUAL).lea(RSI, mem(interval)).xor(EDX, EDX);
    call(Linux.SYS_SETITIMER);
  }

  /** A struct sigaction as the kernel has it. */
  private void action(Label label, Label handler) {
    long flags = Linux.SA_SIGINFO | Linux.SA_ONSTACK | Linux.SA_NODEFER | Linux.SA_RESTORER;
    a.bind(label).dq(handler).dq(flags).dq(restorer).dq(0);
  }

  private void handle(int signal, Label action) {
    a.mov(EDI, signal).lea(RSI, mem(action)).xor(EDX, EDX).mov(R10D, Linux.SIGSET_BYTES);
    call(Linux.SYS_RT_SIGACTION);
  }

  /** System calls from anywhere but this program's text become SIGSYS. */
  private void filterSystemCalls() {
    Label filter = new Label("filter");
    Label program = new Label("program");
    Label after = new Label("after");
    a.jmp(after).align(8);
    a.bind(filter);
    int instructions = SystemCallFilter.emit(a, Layout.EXIT, textEnd);
    a.align(8).bind(program).dw(instructions).align(8).dq(filter);
    a.bind(after);
    a.mov(EDI, Linux.PR_SET_NO_NEW_PRIVS).mov(ESI, 1).xor(EDX, EDX).xor(R10D, R10D).xor(R8D, R8D);
    call(Linux.SYS_PRCTL);
    a.mov(EDI, Linux.PR_SET_SECCOMP).mov(ESI, Linux.SECCOMP_MODE_FILTER).lea(RDX, mem(program));
    call(Linux.SYS_PRCTL);
  }

  private void data() {
    a.bind(input)
        .dq(0)
        .bind(output)
        .dq(0)
        .bind(serial)
        .dq(0)
        .bind(lastSerial)
        .dq(0)
        .bind(savedRax)
        .dq(0);
    a.bind(left).dd(0).bind(message).dd(0);
    a.align(Layout.PAGE).fill(STACK_BYTES, 0).bind(stackTop);
    a.fill(SIGNAL_STACK_BYTES, 0);
  }
}
