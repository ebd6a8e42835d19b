package org.lodgevm.machine;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Up to where CPUs show features to their guest. It can go on with another accelerator, or on another host, if that has what it was shown. */
public enum CpuLevel {
    /**
     * What programs find at the level of that name in the x86-64 psABI, and kernels on processors of Intel's and AMD's since 2017: AVX2, FMA, BMI2,
     * AES, random numbers.
     */
    X86_64_V3("x86-64-v3"),
    /** All that the accelerator has. */
    MAX("max");

    private final String text;

    CpuLevel(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException with one sentence, if there is none of this name */
    public static CpuLevel named(String text) {
        return Arrays.stream(values()).filter(level -> level.text.equals(text)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "there is no CPU level called %s; choose one of: %s".formatted(
                        text, Arrays.stream(values()).map(CpuLevel::toString).collect(Collectors.joining(", ")))));
    }

    /** The name by which users know it. */
    @Override
    public String toString() {
        return text;
    }
}
