package org.lodgevm.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.isa.CodeSize;

/**
 * Whatever the assembler writes, the project's own decoder takes for one instruction of the same
 * length.
 */
class AssemblerAgainstDecoderTest {
    @ParameterizedTest
    @EnumSource
    void decoderReadsWhatWasWritten(CodeSize size) throws IllegalAccessException {
        Decoder decoder = new Decoder();
        Instruction in = new Instruction();
        List<String> wrong = new ArrayList<>();
        for (EveryCall.Call call : EveryCall.in(8 * size.addressSize())) {
            byte[] code = call.bytes();
            Outcome outcome = decoder.decode(code, 0, code.length, size, in);
            Outcome due = isUndefined(call, size) ? Outcome.UNDEFINED : Outcome.DECODED;
            if (outcome != due || due == Outcome.DECODED && in.length() != code.length) {
                wrong.add(call + " = " + HexFormat.of().formatHex(code) + ": " + outcome);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What has an encoding, so that tests can try it, though it is no instruction. */
    private static boolean isUndefined(EveryCall.Call call, CodeSize size) {
        return switch (call.name()) {
            case "rsm" -> true;
            case "swapgs" -> !size.is64();
            case "mov" -> call.arguments().get(0) == Sreg.CS;
            default -> false;
        };
    }
}
