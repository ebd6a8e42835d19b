package org.lodgevm.x86.oracle;

import java.util.EnumSet;
import java.util.Set;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.isa.Row;

/** The CPUID features that two CPUs both have: rows of others cannot be compared. */
final class Features {
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RBX = 3;

    private Features() {}

    static Set<Feature> common(CaseRunner one, CaseRunner other) {
        Set<Feature> features = of(one);
        features.retainAll(of(other));
        return features;
    }

    /** Whether CPUs with these features know the row. */
    static boolean cover(Set<Feature> features, Row row) {
        return features.contains(row.feature());
    }

    /** Asks the CPU itself. */
    static Set<Feature> of(CaseRunner cpu) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if (feature.register() == Feature.Register.NONE || has(cpu, feature)) {
                features.add(feature);
            }
        }
        return features;
    }

    private static boolean has(CaseRunner cpu, Feature feature) {
        Case input = cpu.input(0);
        Cases.reset(input, Mode.BITS_64);
        Cases.code(input, new Assembler(0).cpuid().toBytes(), Cases.CODE_AT);
        input.gpr(RAX, feature.leaf() & 0xFFFF_FFFFL);
        input.gpr(RCX, feature.subleaf());
        cpu.run(1);
        int register =
                switch (feature.register()) {
                    case NONE, EAX -> RAX;
                    case EBX -> RBX;
                    case ECX -> RCX;
                    case EDX -> RDX;
                };
        return (cpu.output(0).gpr(register) >>> feature.bit() & 1) != 0;
    }
}
