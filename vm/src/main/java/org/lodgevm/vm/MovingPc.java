package org.lodgevm.vm;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.vm.boot.Boot;
import org.lodgevm.vm.migration.MovingMachine;

/** A machine as a migration sees it. */
record MovingPc(MachineSpec spec, Lifecycle lifecycle) implements MovingMachine {
    private Pc pc() {
        return lifecycle.pc();
    }

    /** What the guest can see, and nothing that is the host's own affair. */
    @Override
    public Map<String, String> profile() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("the number of CPUs", Integer.toString(spec.cpus()));
        lines.put("memory", spec.memory() + " bytes");
        lines.put("the UUID", spec.uuid().toString());
        lines.put("the firmware", spec.boot() instanceof Boot.Bios ? "a BIOS" : "none");
        lines.put("the devices' transport", spec.virtioTransport().toString());
        for (int i = 0; i < spec.devices().size(); i++) {
            lines.put("device %d".formatted(i), describe(spec.devices().get(i)));
        }
        for (int i = 0; i < pc().disks().size(); i++) {
            lines.put("the size of disk %d".formatted(i), pc().disks().get(i).size() + " bytes");
        }
        for (CpuidLeaf leaf : pc().cpuFactory().cpuid()) {
            lines.put("CPUID %x.%x".formatted(leaf.leaf(), leaf.subleaf()),
                    "%08x %08x %08x %08x".formatted(leaf.eax(), leaf.ebx(), leaf.ecx(), leaf.edx()));
        }
        return lines;
    }

    private static String describe(DeviceSpec device) {
        return switch (device) {
            case DeviceSpec.Disk disk -> "a disk%s with serial number '%s'".formatted(disk.readOnly() ? " for reading" : "", disk.serial());
            case DeviceSpec.MemoryDisk disk -> "a disk of %d bytes with serial number '%s'".formatted(disk.content().length, disk.serial());
            case DeviceSpec other -> other.toString();
        };
    }

    @Override
    public GuestMemory memory() {
        return pc().memory();
    }

    @Override
    public DirtyLog logWrites() {
        return new DirtyLog(pc().memory(), pc().cpuFactory());
    }

    @Override
    public void throttle(int percent) {
        lifecycle.throttle(percent);
    }

    @Override
    public boolean isRunning() {
        return lifecycle.state() == Machine.State.RUNNING;
    }

    @Override
    public void pause() throws IOException {
        lifecycle.pause();
        if (lifecycle.state() != Machine.State.PAUSED) {
            throw new IOException("the machine has ended meanwhile");
        }
    }

    @Override
    public void resume() {
        lifecycle.resume();
    }

    @Override
    public byte[] saveState() {
        return lifecycle.saveState();
    }

    @Override
    public void restoreState(byte[] state) throws IOException {
        try {
            lifecycle.restoreState(state);
        } catch (StateException e) {
            throw new IOException("the machine's state cannot be restored: " + e.getMessage(), e);
        }
    }

    @Override
    public void drainOutput() {
        pc().drain();
    }

    @Override
    public void releaseDisks() throws IOException {
        for (HandedDisk disk : pc().disks()) {
            disk.release();
        }
    }

    @Override
    public void acquireDisks() throws IOException {
        try {
            pc().disks().forEach(HandedDisk::acquire);
        } catch (MachineException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void leave() {
        lifecycle.leave();
    }
}
