package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassTemplateTest {
    /** As the JDK's own reader of class files sees it. */
    @Test
    void theCallsOfHolesAreCallsOfOtherMethodsThen() {
        byte[] before = ClassTemplate.bytes(Templates.Binary.class);
        byte[] after = ClassTemplate.of(Templates.Binary.class).filled(ClassTemplateTest::filling);
        assertThat(ClassFile.of().verify(after)).isEmpty();
        assertThat(calls(before)).contains("Hole.bits()", "Hole.binary(Cpu,long,long,int)");
        assertThat(calls(after)).isEqualTo(calls(before).stream()
                .map(call -> call.equals("Hole.bits()") ? "Numbers.is32()" : call.replaceFirst("^Hole\\.\\w+", "ClassTemplateTest.filling"))
                .toList());
    }

    private static Method filling(String hole) {
        if (hole.equals("bits")) {
            return Numbers.method(32);
        }
        try {
            return ClassTemplateTest.class.getDeclaredMethod("filling", String.class); // of which the name counts
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> calls(byte[] file) {
        ClassModel model = ClassFile.of().parse(file);
        MethodModel run = model.methods().stream().filter(method -> method.methodName().equalsString("run")).findFirst().orElseThrow();
        return run.code().orElseThrow().elementStream()
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast)
                .map(call -> call.owner().asSymbol().displayName() + "." + call.name() + call.typeSymbol().displayDescriptor().replaceAll("\\).*", ")"))
                .toList();
    }
}
