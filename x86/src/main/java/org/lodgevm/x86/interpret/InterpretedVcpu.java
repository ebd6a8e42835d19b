package org.lodgevm.x86.interpret;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.lodgevm.machine.AbsentPages;
import org.lodgevm.machine.Debuggable;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;

/** A CPU as the rest of the machine sees it. */
public final class InterpretedVcpu implements Vcpu, Debuggable {
    private final Cpu cpu;
    private final RunLoop loop;
    private volatile Thread thread;
    private String failure;
    private Stops stops = Stops.NONE;

    InterpretedVcpu(Cpu cpu) {
        this.cpu = cpu;
        loop = new RunLoop(cpu);
    }

    @Override
    public Exit run() {
        thread = Thread.currentThread();
        cpu.revocations.parked(false);
        try {
            Exit exit = loop.run();
            failure = cpu.failure;
            return exit;
        } catch (Lockstep.Difference e) {
            failure = e.getMessage();
            return Exit.FAILED;
        } catch (AbsentPages.Lost e) {
            return Exit.KICKED; // within an instruction, which nobody will go on with
        } catch (RuntimeException | StackOverflowError e) {
            // a defect of ours; the guest must not take the host's thread with it
            failure = "the interpreter failed: %s; %s".formatted(e, CpuDump.registers(cpu));
            org.slf4j.LoggerFactory.getLogger("org.lodgevm.x86").debug("interpreter failure", e);
            return Exit.FAILED;
        } finally {
            cpu.revocations.parked(true);
            thread = null;
        }
    }

    private void ask(int bits) {
        cpu.ask(bits);
        wake();
    }

    private void wake() {
        Thread t = thread;
        if (t != null && t != Thread.currentThread()) {
            LockSupport.unpark(t);
        }
    }

    @Override
    public void kick() {
        ask(Attention.KICK);
    }

    @Override
    public void interrupt() {
        ask(Attention.INTERRUPT);
    }

    @Override
    public void nmi() {
        cpu.askNmi();
        wake();
    }

    @Override
    public void init() {
        ask(Attention.INIT);
    }

    @Override
    public void startup(int vector) {
        cpu.askStartup(vector);
        wake();
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void reset() {
        Reset.powerUp(cpu);
    }

    @Override
    public VcpuState state() {
        return StateTransfer.save(cpu);
    }

    @Override
    public void state(VcpuState state) {
        StateTransfer.restore(cpu, state);
    }

    @Override
    public void debug(Stops stops, Motion motion) {
        if (!stops.equals(this.stops)) {
            cpu.debugger.forgetCode();
        }
        this.stops = stops;
        cpu.debugger.set(stops, motion);
    }

    @Override
    public Event event() {
        return cpu.debugger.event();
    }

    @Override
    public long instructions() {
        return cpu.instructions;
    }

    @Override
    public Map<String, Long> counters() {
        if (cpu.lockstep != null) {
            return cpu.lockstep.counters();
        }
        return cpu.translations == null ? Map.of() : cpu.translations.counters();
    }

    @Override
    public void close() {
        cpu.code.leave(cpu);
        if (cpu.translations != null) {
            cpu.translations.close();
        }
        if (cpu.lockstep != null) {
            cpu.lockstep.close();
        }
    }
}
