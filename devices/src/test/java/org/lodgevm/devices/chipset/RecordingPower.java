package org.lodgevm.devices.chipset;

import java.util.ArrayList;
import java.util.List;
import org.lodgevm.machine.PowerControl;

/** Notes what devices asked of the machine: {@code power off}, {@code reset by port 0x92}, {@code exit 3}. */
public final class RecordingPower implements PowerControl {
    private final List<String> requests = new ArrayList<>();

    public List<String> requests() {
        return requests;
    }

    @Override
    public void powerOff() {
        requests.add("power off");
    }

    @Override
    public void reset(String source) {
        requests.add("reset by " + source);
    }

    @Override
    public void debugExit(int code) {
        requests.add("exit " + code);
    }
}
