package org.lodgevm.vm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.machine.state.Data;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.machine.state.StateFormat;
import org.lodgevm.machine.state.StateTree;
import org.lodgevm.machine.state.Value;
import org.lodgevm.vm.guest.Guest;

/**
 * All state of a machine that stands still but memory and disks: the clock, the CPUs and the devices, and how far its agents are, as one stream of
 * {@link StateFormat}.
 */
record MachineState(SystemClock clock, List<Vcpu> cpus, StateTree devices, List<Guest> guests) {
    private static final String CLOCK = "clock";
    private static final String CPUS = "cpus";
    private static final String DEVICES = "devices";
    /** How many commands an agent has had, for each: see {@link Guest#commands}. Not there in what releases before this wrote. */
    private static final String AGENTS = "agents";

    /** After so many a JVM has compiled what matters. */
    private static final int REHEARSALS = 10;

    byte[] save() {
        Map<String, Value> all = new LinkedHashMap<>();
        all.put(CLOCK, new Value.Whole(Value.Type.LONG, clock.nanos()));
        all.put(CPUS, new Value.Many(cpus.stream().<Value>map(cpu -> Data.save(cpu.state())).toList()));
        all.put(DEVICES, devices.save());
        all.put(AGENTS, new Value.Many(guests.stream().<Value>map(guest -> new Value.Whole(Value.Type.INT, guest.commands())).toList()));
        return StateFormat.write(new Value.Group(all));
    }

    /** What {@link #save} does, to no effect, while the machine may run. */
    void rehearse() {
        for (int i = 0; i < REHEARSALS; i++) {
            StateFormat.write(Data.save(new VcpuState()));
            devices.rehearse();
        }
    }

    /** What {@link #load} does, with the state that there is. The machine does not run. */
    void rehearseLoading() {
        try {
            for (int i = 0; i < REHEARSALS; i++) {
                load(save());
            }
        } catch (StateException e) {
            throw new MachineException("the machine cannot have its own state: " + e.getMessage(), e);
        }
    }

    /** The guest's memory is in place: CPUs look into it. @throws StateException if it is no state of such a machine; which has none then */
    void load(byte[] stream) throws StateException {
        Value.Group all = StateFormat.read(stream);
        if (!(all.need(CPUS) instanceof Value.Many(List<Value> values)) || values.size() != cpus.size()) {
            throw new StateException("the state is not of a machine with %d CPUs".formatted(cpus.size()));
        }
        List<VcpuState> states = cpuStates(values);
        loadClock(all.need(CLOCK), states);
        for (int i = 0; i < states.size(); i++) {
            load(cpus.get(i), states.get(i), i);
        }
        devices.load(all.group(DEVICES));
        loadAgents(all.fields().get(AGENTS));
    }

    private void loadAgents(Value saved) throws StateException {
        List<Value> counts = saved instanceof Value.Many(List<Value> many) ? many : List.of();
        for (int i = 0; i < Math.min(counts.size(), guests.size()); i++) {
            if (!(counts.get(i) instanceof Value.Whole(Value.Type type, long commands)) || type != Value.Type.INT) {
                throw new StateException("the number of an agent's commands is none");
            }
            guests.get(i).goOn((int) commands);
        }
    }

    private static List<VcpuState> cpuStates(List<Value> values) throws StateException {
        List<VcpuState> states = new ArrayList<>();
        for (Value value : values) {
            if (!(value instanceof Value.Group group)) {
                throw new StateException("the state of a CPU has no parts");
            }
            VcpuState state = new VcpuState();
            Data.load(group, state);
            states.add(state);
        }
        return states;
    }

    /** A guest never sees a clock go back, whichever of both it had. */
    private void loadClock(Value saved, List<VcpuState> states) throws StateException {
        if (!(saved instanceof Value.Whole(Value.Type type, long nanos)) || type != Value.Type.LONG || nanos < 0) {
            throw new StateException("the machine's clock cannot stand where it does");
        }
        clock.set(states.stream().map(state -> state.systemTime).filter(Objects::nonNull).reduce(nanos, Math::max));
    }

    private static void load(Vcpu cpu, VcpuState state, int index) throws StateException {
        try {
            cpu.state(state);
        } catch (RuntimeException e) { // of a value that cannot be, somewhere in the accelerator
            throw new StateException("CPU %d cannot have this state: %s".formatted(index, e.getMessage()), e);
        }
    }
}
