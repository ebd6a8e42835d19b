package org.lodgevm.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.List;
import java.util.Map;
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

    @ParameterizedTest
    @ValueSource(strings = {"decode", "fp", "interpret", "paging", "simd"})
    void everyMethodIsCompiled(String name) {
        List<ClassModel> classes = LodgeModules.classFiles(MODULE, MODULE + "." + name);
        assertThat(classes).hasSizeGreaterThan(3);
        assertThat(above(HUGE_METHOD_LIMIT, classes)).isEmpty();
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
