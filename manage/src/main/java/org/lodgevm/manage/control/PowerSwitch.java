package org.lodgevm.manage.control;

import java.io.IOException;
import java.time.Duration;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;

/** How a machine comes to its end, and what that is called. */
public final class PowerSwitch {
    private PowerSwitch() {}

    /** Asks the guest to shut down, by its agent or the power button; when it does not in time, its power is cut. */
    public static void powerDown(Machine machine, Duration timeout) throws IOException, InterruptedException {
        machine.resume(); // a guest that stands still hears nothing
        if (!(hasAgent(machine) && machine.guest().powerOff())) {
            machine.powerButton();
        }
        if (machine.await(timeout).isEmpty()) {
            machine.stop();
        }
    }

    static boolean hasAgent(Machine machine) {
        return machine.spec().devices().stream().anyMatch(DeviceSpec.Agent.class::isInstance);
    }

    /** An outcome in words. */
    public static String describe(Outcome outcome) {
        return switch (outcome) {
            case Outcome.PoweredOff _ -> "powered off";
            case Outcome.Rebooted _ -> "rebooted";
            case Outcome.Migrated _ -> "moved to another place";
            case Outcome.Stopped _ -> "stopped";
            case Outcome.DebugExit exit -> "debug exit " + exit.code();
            case Outcome.Crashed crash -> "crashed: " + crash.message();
        };
    }
}
