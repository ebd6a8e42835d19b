package org.lodgevm.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.vm.boot.Boot;
import org.lodgevm.vm.migration.HeldOutput;
import org.lodgevm.vm.migration.ProtectedMachine;

/** A machine as a migration sees it. */
record MovingPc(MachineSpec spec, Lifecycle lifecycle, List<DeviceSpec.Disk> before) implements ProtectedMachine {
    /** Whoever reads slower than that waits again. */
    private static final long PRINT_MILLIS = 1_000;

    MovingPc(MachineSpec spec, Lifecycle lifecycle) {
        this(spec, lifecycle, now(lifecycle));
    }

    private static List<DeviceSpec.Disk> now(Lifecycle lifecycle) {
        return lifecycle.pc().disks().stream().map(HandedDisk::spec).toList();
    }

    /** The other side opens those of which it was told when this began. */
    private void requireSameDisks() throws IOException {
        if (!now(lifecycle).equals(before)) {
            throw new IOException("the machine was forked meanwhile, and its disks are elsewhere");
        }
    }

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
    public List<HandedDisk> disks() {
        return pc().writableDisks();
    }

    @Override
    public GuestMemory memory() {
        return pc().memory();
    }

    @Override
    public void rehearse() {
        lifecycle.rehearse();
    }

    @Override
    public DirtyLog logWrites() {
        return new DirtyLog(pc().memory(), pc().cpuFactory());
    }

    @Override
    public byte[] hotCode() {
        return pc().cpuFactory().hotCode();
    }

    @Override
    public void prepare(byte[] hotCode) {
        pc().cpuFactory().prepare(hotCode);
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
        requireSameDisks();
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
    public void requirePostcopy() throws IOException {
        if (!pc().cpuFactory().awaitsMemory()) {
            throw new IOException("with accelerator %s, which the machine has at the target, memory cannot follow a machine; move it without --postcopy".formatted(pc().acceleratorName()));
        }
    }

    @Override
    public void handOver() {
        lifecycle.handOver();
    }

    @Override
    public void leave() {
        lifecycle.leave();
    }

    // ---- protection -------------------------------------------------------------------------------------------------

    @Override
    public void requireProtectable() throws IOException {
        for (DeviceSpec device : spec.devices()) {
            switch (device) {
                case DeviceSpec.SharedFolder(var folder, _, boolean readOnly) when !readOnly -> throw new IOException(
                        "what the guest writes to the shared folder %s cannot be held back; share it for reading only".formatted(folder));
                case DeviceSpec.Socket _ -> throw new IOException("what passes the machine's sockets cannot be held back; build it without the device");
                default -> {
                    // held back, or has no effect outside
                }
            }
        }
    }

    @Override
    public boolean isFenced() {
        return !pc().writableDisks().isEmpty();
    }

    @Override
    public void still(Still task) throws IOException {
        IOException[] failure = new IOException[1];
        try {
            lifecycle.standStill(running -> {
                try {
                    task.run(running);
                } catch (IOException e) {
                    failure[0] = e;
                }
            });
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (failure[0] != null) {
            throw new IOException(failure[0].getMessage(), failure[0]);
        }
    }

    @Override
    public byte[] stateNow() {
        return pc().state().save();
    }

    @Override
    public HeldOutput hold(Runnable more) throws IOException {
        requireSameDisks();
        return new HeldPc(pc(), more, lifecycle::say);
    }

    @Override
    public void wait(boolean now) {
        lifecycle.hold(now);
    }

    @Override
    public void say(String line) {
        lifecycle.say(line);
    }

    @Override
    public void beforeEnd(Runnable task) {
        lifecycle.beforeEnd(task);
    }

    @Override
    public void print(int output, byte[] bytes) throws IOException {
        List<SerialOutput> outputs = pc().outputs();
        if (output >= outputs.size()) {
            throw new IOException("the machine has no output %d".formatted(output));
        }
        int done = 0;
        while (done < bytes.length) {
            done += outputs.get(output).offer(bytes, done, bytes.length - done);
            if (done < bytes.length) {
                outputs.get(output).drain(PRINT_MILLIS);
            }
        }
    }

    private HandedDisk disk(int number) throws IOException {
        if (number >= pc().writableDisks().size()) {
            throw new IOException("the machine has no disk %d".formatted(number));
        }
        return pc().writableDisks().get(number);
    }

    @Override
    public void write(int disk, long offset, ByteBuffer bytes) throws IOException {
        disk(disk).write(offset, bytes);
    }

    @Override
    public void zero(int disk, long offset, long length) throws IOException {
        disk(disk).writeZeroes(offset, length, true);
    }

    @Override
    public void flushDisks() throws IOException {
        for (HandedDisk disk : pc().writableDisks()) {
            disk.flush();
        }
    }
}
