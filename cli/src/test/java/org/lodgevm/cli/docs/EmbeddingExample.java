package org.lodgevm.cli.docs;

import java.time.Duration;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.vm.Console;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;

/** What the README shows of the API; {@link DocumentsTest} runs it and sees to it that they stay the same. */
final class EmbeddingExample {
    private EmbeddingExample() {}

    static Outcome run() throws Exception {
        // begin
        GuestImage linux = DebianGuest.of(DebianPackages.configured(), Architecture.AMD64).prepare(Progress.SILENT);
        try (Machine machine = Machine.builder()
                .kernel(linux.kernel())
                .initrd(linux.initramfs())
                .append(linux.commandLine(false))
                .memory(256L << 20)
                .build()) {
            machine.start();
            Console console = machine.console();
            console.await("# ", Duration.ofMinutes(2)); // the shell's prompt
            console.type("expr 6 '*' 7");
            console.await("\n42", Duration.ofSeconds(30));
            console.type("poweroff");
            return machine.await(); // Outcome.PoweredOff
        }
        // end
    }
}
