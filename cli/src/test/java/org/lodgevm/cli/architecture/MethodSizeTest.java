package org.lodgevm.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HotSpot never compiles a method of more than 8,000 bytes of bytecode, and inlines no hot one of more than 325: what
 * runs for every guest instruction stays below both.
 */
class MethodSizeTest {
    private static final String MODULE = "org.lodgevm.x86";
    private static final int HUGE_METHOD_LIMIT = 8000;
    private static final int INLINED_WHEN_HOT = 325;

    /** What runs when code is decoded, on an exception, or when a mode changes: not for every instruction. */
    private static final Set<String> RARE = Set.of(
            "Binder", "VectorBinder", "VectorMoves", "VexBinder", "X87Binder", // decoding
            "Exceptions", "TaskSwitch", "Msrs", "SystemRegisters", "StateTransfer");

    @ParameterizedTest
    @ValueSource(strings = {"decode", "fp", "interpret", "paging", "simd"})
    void everyMethodIsCompiled(String name) {
        List<ClassModel> classes = LodgeModules.classFiles(MODULE, MODULE + "." + name);
        assertThat(classes).hasSizeGreaterThan(3);
        assertThat(above(HUGE_METHOD_LIMIT, classes)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp", "interpret", "paging", "simd"})
    void whatRunsForEveryInstructionIsInlined(String name) {
        List<ClassModel> hot = LodgeModules.classFiles(MODULE, MODULE + "." + name).stream()
                .filter(type -> !RARE.contains(simpleName(type)))
                .toList();
        assertThat(hot).hasSizeGreaterThan(3);
        Map<String, Integer> large = above(INLINED_WHEN_HOT, hot);
        large.keySet().removeIf(method -> method.endsWith(".<clinit>"));
        assertThat(large).isEmpty();
    }

    private static String simpleName(ClassModel type) {
        String name = type.thisClass().asInternalName();
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static Map<String, Integer> above(int limit, List<ClassModel> classes) {
        Map<String, Integer> large = new TreeMap<>();
        for (ClassModel type : classes) {
            for (MethodModel method : type.methods()) {
                int size = method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
                if (size > limit) {
                    large.put(type.thisClass().asInternalName() + "." + method.methodName().stringValue(), size);
                }
            }
        }
        return large;
    }
}
