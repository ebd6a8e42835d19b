package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.junit.Lodge;
import org.lodgevm.junit.TestMachine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.guest.GuestCommand;

/** What would be too rude for the host: each test has a machine of its own, as root. */
@Lodge(scope = Lodge.Scope.METHOD, memory = 128)
class KernelTest {
    @Test
    void aScriptFillsTheDisk(TestMachine machine, @TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("fill"), "mkdir /mnt && mount -t tmpfs -o size=1m small /mnt && ! dd if=/dev/zero of=/mnt/file bs=64k");
        machine.files().copyIn(script, "/root/fill");
        assertEquals(0, machine.exec("sh", "/root/fill").status());
    }

    @Test
    void aMachineIsSwitchedOff(TestMachine machine) throws Exception {
        machine.start(GuestCommand.of("sh", "-c", "echo o >/proc/sysrq-trigger"));
        assertEquals(new Outcome.PoweredOff(), machine.machine().await());
        assertTrue(machine.console().contains("Power Off"), machine.console());
    }
}
