package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.ESI;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Mem.mem32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Set;
import org.lodgevm.machine.HostFunction;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.isa.Feature;

/** Which instructions the host's processor has and its operating system has enabled, as its own CPUID says. */
final class HostFeatures {
    private static final int EXTENDED = 0x8000_0000;
    /** CPUID.1:ECX: the operating system has enabled what follows. */
    private static final int OSXSAVE = 1 << 27;
    private static final Set<Feature> WITH_OSXSAVE =
            EnumSet.of(Feature.XSAVE, Feature.XSAVEOPT, Feature.XSAVEC, Feature.XSAVES, Feature.AVX, Feature.AVX2, Feature.FMA, Feature.F16C);

    private HostFeatures() {}

    static Set<Feature> detect() {
        Set<Feature> found = EnumSet.noneOf(Feature.class);
        try (CodeMemory memory = CodeMemory.allocate(4096); Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(16, 4);
            HostFunction cpuid = write(memory);
            for (Feature feature : Feature.values()) {
                if (feature.register() == Feature.Register.NONE) {
                    found.add(feature);
                    continue;
                }
                cpuid.callInt(feature.leaf() & EXTENDED, 0, answer.address());
                if (Integer.compareUnsigned(feature.leaf(), answer.get(ValueLayout.JAVA_INT, 0)) <= 0) {
                    cpuid.callInt(feature.leaf(), feature.subleaf(), answer.address());
                    int bits = answer.get(ValueLayout.JAVA_INT, 4L * (feature.register().ordinal() - 1));
                    if ((bits >>> feature.bit() & 1) != 0) {
                        found.add(feature);
                    }
                }
            }
            cpuid.callInt(1, 0, answer.address());
            if ((answer.get(ValueLayout.JAVA_INT, 8) & OSXSAVE) == 0) {
                found.removeAll(WITH_OSXSAVE);
            }
        }
        return found;
    }

    /** {@code void cpuid(int leaf, int subleaf, int[4] answer)} by the System V conventions. */
    private static HostFunction write(CodeMemory memory) {
        Assembler a = new Assembler(memory.address());
        a.push(RBX).mov(Gpr.R8, RDX).mov(EAX, EDI).mov(ECX, ESI).op(0, 0x0FA2);
        a.mov(mem32(Gpr.R8, 0), EAX).mov(mem32(Gpr.R8, 4), EBX).mov(mem32(Gpr.R8, 8), ECX).mov(mem32(Gpr.R8, 12), EDX);
        a.pop(RBX).ret();
        memory.write(memory.address(), a.toBytes());
        return new HostFunction(MemorySegment.ofAddress(memory.address()));
    }
}
