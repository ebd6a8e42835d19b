package org.lodgevm.fuzz.virtio;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.lodgevm.devices.virtio.transport.VirtioMmio;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.fuzz.Fuzzer;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.RamSource;

/** A device of any kind between a hostile driver and a host of moods, a new one for each case. */
public final class VirtioFuzzer implements Fuzzer {
    private static final int ACTS = 500;
    private static final byte MARK = 0x5a;

    private final Subjects.Choice subjects;
    private final Map<String, Integer> complaints = new TreeMap<>();

    private VirtioFuzzer(Subjects.Choice subjects) {
        this.subjects = subjects;
    }

    public static VirtioFuzzer ofAnyDevice() {
        return new VirtioFuzzer(Subjects::any);
    }

    public static VirtioFuzzer ofSharedFolders() {
        return new VirtioFuzzer((dice, memory) -> SharedTree.subject(dice));
    }

    @Override
    public void run(long seed) throws Exception {
        Dice dice = new Dice(seed);
        List<String> log = new CopyOnWriteArrayList<>();
        try (GuestMemory memory = new GuestMemory()) {
            memory.addRam(0, HostileDriver.MEMORY, RamSource.temporaryFile());
            Subjects.Subject subject = subjects.choose(dice, memory);
            VirtioMmio device = new VirtioMmio(IrqLine.unconnected(), "device", subject.factory(), memory, log::add);
            drive(device, memory, subject.host(), dice);
            device.reset();
            requireStillness(memory);
            device.device().close();
            subject.end().act();
        }
        count(log);
    }

    /** Another thread does what a second CPU would. */
    private static void drive(VirtioMmio device, GuestMemory memory, Subjects.Host host, Dice dice) throws Exception {
        HostileDriver first = new HostileDriver(device, memory.at(0, HostileDriver.MEMORY), dice.split());
        HostileDriver second = new HostileDriver(device, memory.at(0, HostileDriver.MEMORY), dice.split());
        int shared = dice.oneIn(2) ? ACTS : 0;
        FutureTask<Void> others = new FutureTask<>(() -> {
            for (int i = 0; i < shared; i++) {
                second.act();
            }
            return null;
        });
        Thread.ofPlatform().start(others);
        for (int i = 0; i < ACTS; i++) {
            first.act();
            if (dice.oneIn(8)) {
                host.act(dice);
            }
            if (dice.oneIn(64)) {
                device.device().pause();
                device.device().resume();
            }
        }
        others.get();
    }

    /** After a reset the memory is the guest's alone. */
    private static void requireStillness(GuestMemory memory) {
        memory.at(0, HostileDriver.MEMORY).fill(MARK);
        Thread.yield();
        long changed = memory.at(0, HostileDriver.MEMORY).mismatch(memory.at(1, HostileDriver.MEMORY - 1));
        if (changed != HostileDriver.MEMORY - 1) {
            throw new AssertionError("after a reset the device wrote to 0x%x".formatted(changed));
        }
    }

    private void count(List<String> log) {
        for (String line : log) {
            if (line.contains("internal error")) {
                throw new AssertionError(line);
            }
            complaints.merge(line.replaceAll("0x[0-9a-f]+|\\d+", "N"), 1, Integer::sum);
        }
    }

    @Override
    public String summary() {
        StringBuilder all = new StringBuilder("what devices complained of:");
        complaints.forEach((line, count) -> all.append("%n  %,8d %s".formatted(count, line)));
        return all.toString();
    }
}
