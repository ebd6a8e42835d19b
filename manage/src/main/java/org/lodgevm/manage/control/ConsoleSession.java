package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.vm.Console;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;

/** A client at a serial port: sees what the guest writes, beside others, and types. */
final class ConsoleSession {
    private static final int PIECE = 1 << 14;

    private final Wire wire;
    private final Machine machine;

    ConsoleSession(Wire wire, Machine machine) {
        this.wire = wire;
        this.machine = machine;
    }

    void run(Request request) throws IOException, InterruptedException {
        Console console = machine.serial(request.number("port", 0, MachineBuilder.SERIAL_PORTS - 1));
        int scrollback = request.number("scrollback", 0, Console.SCROLLBACK);
        InputStream output = console.output();
        output.skipNBytes(Math.max(0, output.available() - scrollback));
        wire.send(Wire.object().set("ok", Wire.object()));
        Thread screen = Thread.ofVirtual().name("console output").start(() -> show(output));
        try {
            for (ObjectNode received = wire.receive(); received != null; received = wire.receive()) {
                Request message = new Request(received);
                if (!message.has("input")) {
                    throw new ControlException(Code.MALFORMED, "at a console there is 'input' only");
                }
                console.send(message.bytes("input"));
            }
        } finally {
            screen.interrupt();
        }
    }

    private void show(InputStream output) {
        byte[] piece = new byte[PIECE];
        try {
            for (int length = output.read(piece); length >= 0; length = output.read(piece)) {
                wire.send(Wire.object().put("output", Arrays.copyOf(piece, length)));
            }
            wire.send(Wire.object().put("end", PowerSwitch.describe(machine.await())));
            wire.channel().shutdownInput();
        } catch (IOException | InterruptedException gone) {
            // so is the client
        }
    }
}
