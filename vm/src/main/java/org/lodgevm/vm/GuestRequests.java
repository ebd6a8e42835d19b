package org.lodgevm.vm;

import org.lodgevm.machine.PowerControl;

/** What the guest asks the machine for, by its devices or its CPUs: on any thread, perhaps with a device's lock held, so nothing waits. */
final class GuestRequests implements PowerControl, VcpuThread.Listener {
    private final Lifecycle lifecycle;
    private final MachineSpec spec;

    GuestRequests(Lifecycle lifecycle, MachineSpec spec) {
        this.lifecycle = lifecycle;
        this.spec = spec;
    }

    @Override
    public void powerOff() {
        end(new Outcome.PoweredOff());
    }

    @Override
    public void debugExit(int code) {
        end(new Outcome.DebugExit(code));
    }

    @Override
    public void reset(String source) {
        if (spec.onReboot() == RebootAction.EXIT) {
            end(new Outcome.Rebooted());
            return;
        }
        lifecycle.request(() -> {
            lifecycle.say("the guest reset the machine (%s)".formatted(source));
            lifecycle.restart();
        });
    }

    @Override
    public void shutdown(int index, String message) {
        if (spec.onShutdown() == ShutdownAction.RESET) {
            reset("triple fault on CPU " + index);
        } else {
            failed(index, message, null);
        }
    }

    @Override
    public void failed(int index, String message, Throwable cause) {
        end(new Outcome.Crashed("CPU %d: %s".formatted(index, message), cause));
    }

    @Override
    public void debugged(int index) {
        lifecycle.request(() -> lifecycle.debugged(index));
    }

    private void end(Outcome how) {
        lifecycle.request(() -> lifecycle.end(how));
    }
}
