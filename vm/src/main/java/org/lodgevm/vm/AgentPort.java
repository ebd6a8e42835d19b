package org.lodgevm.vm;

import java.util.List;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.console.ConsoleDevice;
import org.lodgevm.devices.virtio.console.ConsolePort;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.guest.TerminalLine;

/** The port that the guest's agent has, and what it is plugged into. */
final class AgentPort {
    private static final int BUFFER = 1 << 16;

    /** Both directions, and who is at the host's end of them. */
    private record Cable(TypeAhead toAgent, TypeAhead fromAgent, Guest guest) {
        static Cable to(List<TerminalLine> terminals) {
            TypeAhead toAgent = new TypeAhead(BUFFER);
            TypeAhead fromAgent = new TypeAhead(BUFFER);
            return new Cable(toAgent, fromAgent, new Guest(fromAgent.source(), toAgent.sink(), terminals));
        }

        SerialEndpoint endpoint() {
            return new SerialEndpoint(toAgent.source(), fromAgent.sink());
        }

        void close() {
            toAgent.close();
            fromAgent.close();
        }
    }

    private final List<TerminalLine> terminals;
    private volatile Cable cable;
    private ConsoleDevice device;

    /** @param terminals serial ports that the agent may use */
    AgentPort(List<TerminalLine> terminals) {
        this.terminals = terminals;
        cable = Cable.to(terminals);
    }

    DeviceLogic plugInto(Driver driver) {
        device = new ConsoleDevice(driver, List.of(new ConsolePort(Guest.PORT, false, cable.endpoint())));
        return device;
    }

    /** Where what the agent says goes. */
    SerialOutput output() {
        return device.outputs().getFirst();
    }

    Guest guest() {
        return cable.guest;
    }

    /** The machine, which stands still, is another one now: of what was under way in either direction nothing arrives. */
    void replug() {
        Cable old = cable;
        cable = Cable.to(terminals);
        device.connect(0, cable.endpoint());
        old.guest.restarted();
        old.close();
    }

    void close() {
        cable.close();
    }
}
