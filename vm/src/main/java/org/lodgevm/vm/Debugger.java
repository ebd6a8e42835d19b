package org.lodgevm.vm;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import org.lodgevm.machine.Debuggable.Event;
import org.lodgevm.machine.Debuggable.Motion;
import org.lodgevm.machine.Debuggable.Stops;
import org.lodgevm.machine.VcpuState;

/**
 * Stops a machine where one likes and looks at its CPUs, without the guest noticing: {@link org.lodgevm.vm.gdb.GdbServer} offers that to
 * GDB. What concerns CPUs and memory is for a machine that is paused.
 */
public final class Debugger {
    private final Lifecycle lifecycle;

    Debugger(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** How many CPUs there are, numbered from 0. */
    public int cpus() {
        return lifecycle.pc().vcpus().size();
    }

    /** @param listener told on a thread of the machine's, which must not wait, that the machine is paused because of what happened to a CPU */
    public void listen(ObjIntConsumer<Event> listener) {
        lifecycle.debugListener(listener);
    }

    /**
     * Lets a machine that is paused go on.
     *
     * @param motions what each CPU is to do
     */
    public void go(Stops stops, IntFunction<Motion> motions) {
        lifecycle.debug(stops, motions);
    }

    public void pause() {
        lifecycle.pause();
    }

    public Machine.State state() {
        return lifecycle.state();
    }

    public void reset() {
        lifecycle.reset();
    }

    /** Ends the machine. */
    public void kill() {
        lifecycle.stop();
    }

    /** Told when the machine has ended, or at once if it has. */
    public void onEnd(Consumer<Outcome> listener) {
        lifecycle.outcome().thenAccept(listener);
    }

    public VcpuState registers(int cpu) {
        return lifecycle.cpu(cpu);
    }

    /** Changes what the CPU goes on with. */
    public void registers(int cpu, VcpuState state) {
        lifecycle.cpu(cpu, state);
    }

    /** What a CPU sees at linear addresses: as many bytes as there is memory for, at most {@code length}. */
    public byte[] read(int cpu, long linear, int length) {
        return memory(cpu).read(linear, length);
    }

    /** @return false, with nothing written, if not all of it is RAM */
    public boolean write(int cpu, long linear, byte[] bytes) {
        return memory(cpu).write(linear, bytes);
    }

    /** The guest-physical address that a CPU would reach. */
    public OptionalLong physical(int cpu, long linear) {
        return memory(cpu).physical(linear);
    }

    /** As {@link Machine#counters}. */
    public Map<String, Long> counters() {
        return lifecycle.pc().counters();
    }

    private LinearMemory memory(int cpu) {
        return new LinearMemory(lifecycle.pc().memory(), registers(cpu));
    }
}
