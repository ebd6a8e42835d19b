package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.lodgevm.vm.Balloon;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.ForkedDisk;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.migration.Arrival;
import org.lodgevm.vm.migration.MigrationProgress;
import org.lodgevm.vm.migration.ProtectionProgress;
import org.lodgevm.vm.migration.RemoteMemory;

/** What a machine's process tells of it. */
final class Report {
    private static final int NANOS_PER_MICRO = 1000;
    private static final String RUNNING = "running";

    private Report() {}

    static ObjectNode status(Optional<Machine> machine) {
        ObjectNode status = Wire.object().put("pid", ProcessHandle.current().pid());
        if (machine.isEmpty()) {
            return status.put("state", "starting");
        }
        Machine known = machine.get();
        status.put("state", switch (known.state()) {
            case CREATED -> "starting";
            case RUNNING -> RUNNING;
            case PAUSED -> "paused";
            case HANDED_OVER -> "leaving";
            case ENDED -> "stopped";
        });
        known.outcome().thenAccept(outcome -> status.put("outcome", PowerSwitch.describe(outcome))); // at once, if there is one
        return status.put("cpus", known.spec().cpus())
                .put("memory", known.spec().memory())
                .put("accelerator", known.accelerator())
                .put("agent", answers(known));
    }

    /** Adds to a status what the machine lacks, if it does. */
    static void add(ObjectNode status, RemoteMemory rest) {
        if (rest.pagesLeft() > 0) {
            boolean connected = rest.isConnected();
            status.putObject("memoryElsewhere").put("pages", rest.pagesLeft()).put("connected", connected);
            if (!connected && status.path("state").asText().equals(RUNNING)) {
                status.put("state", "incomplete");
            }
        }
    }

    /** The same of a machine that is not here yet. */
    static ObjectNode status(Arrival arrival) {
        ObjectNode status = Wire.object().put("pid", ProcessHandle.current().pid()).put("state", arrival.checkpoint() == 0 ? "arriving" : "standby");
        status.putObject("arrival").put("checkpoint", arrival.checkpoint()).put("bytes", arrival.bytes());
        return status;
    }

    /** Whether an agent in the guest does. */
    private static boolean answers(Machine machine) {
        return PowerSwitch.hasAgent(machine) && machine.guest().isReady();
    }

    static ObjectNode progress(MigrationProgress progress) {
        return Wire.object().put("round", progress.round())
                .put("pages", progress.pages())
                .put("zeroPages", progress.zeroPages())
                .put("deltaPages", progress.deltaPages())
                .put("deltaBytes", progress.deltaBytes())
                .put("unchangedPages", progress.unchangedPages())
                .put("bytes", progress.bytes())
                .put("remainingPages", progress.remaining())
                .put("diskBytes", progress.diskBytes())
                .put("diskBytesLeft", progress.diskRemaining())
                .put("bytesPerSecond", progress.bytesPerSecond())
                .put("expectedDowntimeMillis", progress.expectedDowntime().toMillis())
                .put("throttlePercent", progress.throttle())
                .put("downtimeMillis", progress.downtime().toMillis());
    }

    static ObjectNode progress(ProtectionProgress progress) {
        ObjectNode report = Wire.object().put("checkpoint", progress.checkpoint())
                .put("pages", progress.pages())
                .put("bytes", progress.bytes())
                .put("pauseMicros", progress.pause().toNanos() / NANOS_PER_MICRO)
                .put("delayMicros", progress.delay().toNanos() / NANOS_PER_MICRO)
                .put("fenced", progress.fenced());
        if (progress.copy() != null) {
            report.set("copy", progress(progress.copy()));
        }
        return report;
    }

    static ArrayNode disks(List<ForkedDisk> disks) {
        ArrayNode all = Wire.object().arrayNode();
        disks.forEach(disk -> all.addObject()
                .put("overlay", disk.overlay().image())
                .put("serial", disk.overlay().serial())
                .put("frozen", disk.frozen())
                .put("format", disk.format())
                .put("size", disk.size())
                .set("files", Wire.tree(disk.files())));
        return all;
    }

    /** Undoes {@link #disks(List)}. */
    static List<ForkedDisk> disks(JsonNode all) {
        List<ForkedDisk> disks = new ArrayList<>();
        for (JsonNode disk : all) {
            List<String> files = new ArrayList<>();
            disk.path("files").forEach(file -> files.add(file.asText()));
            disks.add(new ForkedDisk(
                    new DeviceSpec.Disk(disk.path("overlay").asText(), "qcow2", false, disk.path("serial").asText()),
                    disk.path("frozen").asText(), disk.path("format").asText(), disk.path("size").asLong(), files));
        }
        return disks;
    }

    static ObjectNode balloon(Machine machine) throws InterruptedException {
        Balloon balloon = machine.balloon();
        ObjectNode report = Wire.object().put("memory", machine.spec().memory()).put("wanted", balloon.target()).put("lent", balloon.actual());
        report.set("statistics", Wire.tree(new TreeMap<>(balloon.statistics())));
        return report;
    }

    /** @param published ports of this host that lead to it */
    static ObjectNode inspect(Machine machine, List<String> published) {
        ObjectNode report = status(Optional.of(machine));
        Runtime heap = Runtime.getRuntime();
        report.put("uuid", machine.spec().uuid().toString())
                .put("cpuSeconds", ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3)
                .put("heapBytes", heap.totalMemory() - heap.freeMemory())
                .put("instructions", machine.instructions());
        report.set("counters", Wire.tree(machine.counters()));
        report.set("published", Wire.tree(published));
        ArrayNode devices = report.putArray("devices");
        Iterator<DeviceSpec.Disk> disks = machine.disks().iterator();
        for (DeviceSpec device : machine.spec().devices()) {
            ObjectNode described = devices.addObject().put("device", device.getClass().getSimpleName().toLowerCase(Locale.ROOT));
            switch (device) {
                case DeviceSpec.Disk disk -> described.put("image", disks.next().image()).put("readOnly", disk.readOnly()).put("serial", disk.serial());
                case DeviceSpec.MemoryDisk disk -> described.put("size", disk.content().length).put("serial", disk.serial());
                case DeviceSpec.PersistentMemory memory -> described.put("file", memory.file().toString()).put("readOnly", memory.readOnly());
                case DeviceSpec.SharedFolder shared -> described.put("folder", shared.folder().toString()).put("tag", shared.tag()).put("readOnly", shared.readOnly());
                case DeviceSpec.Network network -> described.put("mac", network.mac());
                case DeviceSpec.Port port -> described.put("name", port.name()).put("path", Objects.toString(port.path(), null));
                case DeviceSpec.Socket socket -> described.put("cid", socket.cid()).put("path", Objects.toString(socket.path(), null));
                default -> {
                    // nothing but its kind
                }
            }
        }
        return report;
    }
}
