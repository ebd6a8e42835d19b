package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.lodgevm.junit.Lodge;
import org.lodgevm.junit.TestMachine;

/** Tests that leave nothing as they found it. Each finds it as {@link #setUp} left it, because the machine is set back in between. */
@Lodge(scope = Lodge.Scope.RESET, memory = 128)
class ResetTest {
    @BeforeAll
    static void setUp(TestMachine machine) throws Exception {
        machine.files().write("/etc/service.conf", "level=1\n");
    }

    @RepeatedTest(5)
    void theConfigurationIsLost(TestMachine machine) throws Exception {
        assertEquals("level=1", machine.exec("cat", "/etc/service.conf").text());
        machine.exec("rm", "-r", "/etc", "/usr").orThrow();
        assertNotEquals(0, machine.exec("cat", "/etc/service.conf").status());
    }

    @Test
    void theMachineIsSwitchedOff(TestMachine machine) throws Exception {
        assertEquals("level=1", machine.exec("cat", "/etc/service.conf").text());
        machine.machine().stop();
    }
}
