package org.lodgevm.linux.confine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.linux.MachineCode;
import org.lodgevm.linux.call.HostCallException;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.linux.confine.EveryThread.Call;
import org.lodgevm.x86.isa.CodeSize;

class EveryThreadTest {
    private static final int PR_SET_TIMERSLACK = 29;

    @BeforeEach
    void needsLinux() {
        assumeTrue(LibC.unavailable() == null, LibC.unavailable());
    }

    @Test
    void theHandlersBytesAreWhatTheyAreSaidToBe() {
        assertThat(MachineCode.text(EveryThread.handler(0x1122334455667788L), CodeSize.BITS_64, 0)).containsExactly(
                "push rbx",
                "movabs r9,0x1122334455667788",
                "lea rbx,[r9+0x10]",
                "mov rax,QWORD PTR [rbx]",
                "test rax,rax",
                "js 0x38",
                "mov rdi,QWORD PTR [rbx+0x8]",
                "mov rsi,QWORD PTR [rbx+0x10]",
                "mov rdx,QWORD PTR [rbx+0x18]",
                "mov r10,QWORD PTR [rbx+0x20]",
                "xor r8d,r8d",
                "syscall",
                "add rbx,0x28",
                "test rax,rax",
                "jns 0xf",
                "mov QWORD PTR [r9],rax",
                "lock inc QWORD PTR [r9+0x8]", // at 0x38
                "pop rbx",
                "ret");
    }

    @Test
    void threadsThatWaitAndThoseOfTheJvmMakeTheCall() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread waiting = Thread.ofPlatform().start(() -> awaitQuietly(end));
        try {
            EveryThread.call(List.of(new Call(SystemCall.PRCTL, PR_SET_TIMERSLACK, 50_001)));
            try (var tasks = Files.list(Path.of("/proc/self/task"))) {
                assertThat(tasks.toList()).hasSizeGreaterThan(5).allSatisfy(task ->
                        assertThat(Path.of("/proc", task.getFileName().toString(), "timerslack_ns")).hasContent("50001\n"));
            }
            assertThat(waiting.isAlive()).as("the wait went on").isTrue();
        } finally {
            end.countDown();
            waiting.join();
        }
    }

    @Test
    void aCallThatIsRefusedEndsItAndIsNamed() {
        assertThatThrownBy(() -> EveryThread.call(List.of(new Call(SystemCall.CLOSE, 1 << 20), new Call(SystemCall.GETPID))))
                .isInstanceOf(HostCallException.class)
                .hasMessageContaining("close").hasMessageContaining("Bad file descriptor");
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
