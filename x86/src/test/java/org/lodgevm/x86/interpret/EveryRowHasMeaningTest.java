package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lodgevm.x86.isa.Address;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.isa.RowEncoder;

/** CPUID shows a feature only if each of its rows can be executed, in every mode and with operands of every kind. */
class EveryRowHasMeaningTest {
    private static final int BX = 3;

    @ParameterizedTest
    @EnumSource
    void everyRowOfAShownFeatureBinds(CodeSize mode) {
        try (CpuRig rig = new CpuRig(mode)) {
            Class<?> unimplemented =
                    Specializer.op(Templates.Plain.class, 0, "plain", Semantics.plain("unimplemented")).getClass();
            Set<String> missing = new TreeSet<>();
            int bound = 0;
            for (Row row : InstructionTable.rows()) {
                for (byte[] code : encodings(rig, row, mode)) {
                    bound++;
                    if (rig.bind(code).getClass() == unimplemented) {
                        missing.add(row.toString());
                    }
                }
            }
            assertThat(bound).isGreaterThan(1000);
            assertThat(missing).isEmpty();
        }
    }

    /** Guest faults are an answer; anything else that is thrown is a defect of ours. */
    @ParameterizedTest
    @EnumSource
    void everyRowOfAShownFeatureRuns(CodeSize mode) {
        List<String> broken = new ArrayList<>();
        for (Row row : InstructionTable.rows()) {
            // what changes the mode or the address space gets a CPU of its own
            try (CpuRig rig = new CpuRig(mode)) {
                for (byte[] code : encodings(rig, row, mode)) {
                    rig.c.gpr(BX, CpuRig.DATA);
                    try {
                        rig.run(rig.bind(code));
                    } catch (RuntimeException | LinkageError e) {
                        broken.add(row + " " + HexFormat.of().formatHex(code) + ": " + e);
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    /** The row's encodings with registers and with memory at [rBX], for each operand size. */
    private static List<byte[]> encodings(CpuRig rig, Row row, CodeSize mode) {
        List<byte[]> encodings = new ArrayList<>();
        if (!rig.c.cpuid.shows(row.feature())) {
            return encodings;
        }
        for (int size : RowEncoder.operandSizes(row, mode)) {
            if (row.encoding().forms().allowsRegister() || !row.encoding().hasModrm()) {
                encodings.add(encoder(row, mode, size).encode());
                encodings.add(encoder(row, mode, size).vexL(1).encode());
            }
            if (row.encoding().forms().allowsMemory()) {
                encodings.add(encoder(row, mode, size).memory(address(row)).encode());
                encodings.add(encoder(row, mode, size).vexL(1).memory(address(row)).encode());
                if (row.has(Attribute.LOCK)) {
                    encodings.add(encoder(row, mode, size).memory(Address.of(BX)).lock().encode());
                }
            }
        }
        return encodings;
    }

    private static Address address(Row row) {
        return row.hasVectorIndex() ? new Address(BX, 1, 0, 0) : Address.of(BX);
    }

    private static RowEncoder encoder(Row row, CodeSize mode, int size) {
        boolean offset = row.operands().stream().map(Operand::method).anyMatch(AddressingMethod.O::equals);
        RowEncoder encoder = new RowEncoder(row, mode).opSize(size).rm(1).reg(row.regMethod() == null ? BX : 0).vvvv(row.usesVvvv() ? 2 : 0);
        return offset ? encoder.memory(Address.absolute(CpuRig.DATA)) : encoder;
    }
}
