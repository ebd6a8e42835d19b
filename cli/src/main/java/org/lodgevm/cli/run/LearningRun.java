package org.lodgevm.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.image.session.RunPlan;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.RebootAction;

/** One run of Lodge's own guest, with nothing of the user's in it, of which the translations are kept. */
final class LearningRun {
    /** What many a command does. */
    private static final String WORK = "ls -l / /proc /sys | sort | head; ps; mount; dmesg | grep -c Linux; for i in 1 2 3 4 5; do sh -c true; done";

    /** Hundreds of times what it takes. */
    static final Duration LIMIT = Duration.ofMinutes(5);

    private final GuestImage guest;
    private final Accelerator accelerator;
    private final Accelerator.Cpus cpus;

    /** @param cpus of machines that are to profit; more than two teach no more than two */
    LearningRun(GuestImage guest, Accelerator accelerator, Accelerator.Cpus cpus) {
        this.guest = guest;
        this.accelerator = accelerator;
        this.cpus = cpus;
    }

    /**
     * Records into a file.
     *
     * @return whether it went as it should
     * @throws IOException also if it takes longer than the limit
     */
    boolean record(Path file, Duration limit) throws IOException, InterruptedException {
        RunPlan plan = RunPlan.command("/bin/sh", "-c", WORK);
        MachineBuilder builder = Machine.builder()
                .kernel(guest.kernel())
                .initrd(plan.initrd(guest.initramfs()))
                .append(guest.commandLine(false))
                .cpus(Math.min(cpus.count(), 2))
                .cpuLevel(cpus.level())
                .accelerator(accelerator)
                .recordTranslations(file)
                .rebootAction(RebootAction.EXIT);
        SessionPorts ports = new SessionPorts(builder);
        try (Machine machine = builder.build()) {
            var protocol = ports.protocol(machine, plan);
            machine.start();
            AtomicBoolean late = new AtomicBoolean();
            machine.outcome().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).exceptionallyAsync(_ -> {
                late.set(true);
                machine.stop();
                return null;
            });
            OutputStream nowhere = OutputStream.nullOutputStream();
            boolean went = protocol.run(InputStream.nullInputStream(), nowhere, nowhere).equals(OptionalInt.of(0));
            if (late.get()) {
                throw new IOException("the run for that did not end within %d seconds".formatted(limit.toSeconds()));
            }
            return went;
        }
    }
}
