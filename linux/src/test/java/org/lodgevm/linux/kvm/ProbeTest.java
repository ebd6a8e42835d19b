package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.machine.Accelerator;

class ProbeTest {
    @Test
    void itsGuestComesThroughOnAProcessorThatWorks() {
        Accelerator interpreter = ServiceLoader.load(Accelerator.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(accelerator -> accelerator.name().equals("interpreter"))
                .findFirst()
                .orElseThrow();
        try (Trial trial = new Trial(interpreter::open)) {
            assertThat(trial.run()).isEqualTo(ProbeGuest.DONE);
            assertThat(trial.failure()).isNull();
        }
    }

    @Test
    void theVerdictOnThisHostIsThatOfTheGuest() {
        assumeTrue(Files.isWritable(Path.of(Kvm.DEVICE)), "there is no /dev/kvm that may be opened");
        try (Trial trial = new Trial(new KvmAccelerator()::open)) {
            assertThat(Probe.unavailable()).isEqualTo(Probe.verdict(trial.run(), trial.failure()));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, real mode", "L, system call", "S, is not interrupted", "I, does not return"})
    void eachStationThatIsNotReachedHasItsSentence(char station, String sentence) {
        assertThat(Probe.verdict(station == '0' ? 0 : station, "why")).contains(sentence).contains("(why)").contains("--accel jit");
    }

    @Test
    void aGuestThatCameThroughIsNoReasonAgainstIt() {
        assertThat(Probe.verdict(ProbeGuest.DONE, null)).isNull();
    }

    @Test
    void aKernelThatLacksACapabilityIsToBeANewerOne() {
        assumeTrue(Files.isWritable(Path.of(Kvm.DEVICE)), "there is no /dev/kvm that may be opened");
        try (Kvm whole = Kvm.open(); Kvm older = Kvm.open(Set.of(Capability.KVM_CAP_IMMEDIATE_EXIT))) {
            assertThat(Probe.lack(whole)).isNull();
            assertThat(Probe.lack(older)).isEqualTo("the kernel's KVM lacks KVM_CAP_IMMEDIATE_EXIT; Linux 5.10 and later have it");
        }
    }

    @Test
    void whatTheKernelRefusesIsExplainedWithTheWayOut() {
        assertThat(Probe.explain(LibC.failure("open", Errno.ENOENT))).contains("kvm_intel or kvm_amd");
        assertThat(Probe.explain(LibC.failure("open", Errno.EACCES))).contains("usermod -aG kvm");
        assertThat(Probe.explain(LibC.failure("KVM_CREATE_VM", Errno.EBUSY))).contains("another hypervisor");
        assertThat(Probe.explain(LibC.failure("KVM_CREATE_VCPU", Errno.ENOMEM))).startsWith("KVM_CREATE_VCPU: Cannot allocate memory");
    }
}
