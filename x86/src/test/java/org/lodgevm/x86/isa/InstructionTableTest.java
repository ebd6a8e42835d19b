package org.lodgevm.x86.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstructionTableTest {
    private static final List<Row> ROWS = InstructionTable.rows();

    @Test
    void everyRowIsFoundAtItsId() {
        assertThat(ROWS).hasSizeGreaterThan(900);
        for (int i = 0; i < ROWS.size(); i++) {
            assertThat(ROWS.get(i).id()).isEqualTo(i);
        }
    }

    @Test
    void noTwoRowsClaimTheSameBytes() {
        Map<String, List<Row>> byOpcode = new HashMap<>();
        for (Row row : ROWS) {
            for (int low = 0; low < (row.encoding().registerInOpcode() ? 8 : 1); low++) {
                Encoding encoding = row.encoding();
                String key = encoding.vex() + "," + encoding.map() + "," + (encoding.opcode() + low);
                byOpcode.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
            }
        }
        for (List<Row> rows : byOpcode.values()) {
            for (int i = 0; i < rows.size(); i++) {
                for (int j = 0; j < i; j++) {
                    assertThat(clash(rows.get(i), rows.get(j)))
                            .as("%s and %s", describe(rows.get(i)), describe(rows.get(j)))
                            .isFalse();
                }
            }
        }
    }

    /** Whether some bytes fit both rows and neither is the narrower. */
    private static boolean clash(Row a, Row b) {
        Encoding x = a.encoding();
        Encoding y = b.encoding();
        boolean modes = !(a.has(Attribute.I64) && b.has(Attribute.O64) || a.has(Attribute.O64) && b.has(Attribute.I64));
        boolean prefixes = false;
        for (int column = 0; column < MandatoryPrefix.COLUMNS; column++) {
            prefixes |= x.prefix().covers(column) && y.prefix().covers(column);
        }
        return x.specificity() == y.specificity()
                && modes
                && prefixes
                && overlap(x.w(), y.w())
                && overlap(x.l(), y.l())
                && modrmOverlap(x, y);
    }

    private static boolean overlap(int a, int b) {
        return a < 0 || b < 0 || a == b;
    }

    private static boolean modrmOverlap(Encoding x, Encoding y) {
        if (!x.hasModrm() && !y.hasModrm()) {
            return true;
        }
        for (int modrm = 0; modrm < 256; modrm++) {
            if (x.matchesModrm(modrm) && y.matchesModrm(modrm)) {
                return true;
            }
        }
        return false;
    }

    private static String describe(Row row) {
        return row + " " + row.encoding();
    }

    @Test
    void everyFeatureOfTheProcessorHasRows() {
        Set<Feature> used = EnumSet.noneOf(Feature.class);
        ROWS.forEach(row -> used.add(row.feature()));
        assertThat(used).containsExactlyInAnyOrder(Feature.values());
    }

    @Test
    void conditionalInstructionsCarryTheirConditionCode() {
        Row je = find("JE", Operand.Jz);
        assertThat(je.condition()).isEqualTo(4);
        assertThat(je.operation()).isEqualTo("Jcc");
        assertThat(je.encoding().opcode()).isEqualTo(0x84);
        assertThat(je.flags().read()).isEqualTo(Flag.ZF.mask());
        Row setg = find("SETG", Operand.Eb);
        assertThat(setg.condition()).isEqualTo(15);
        assertThat(setg.flags().read()).isEqualTo(Flag.ZF.mask() | Flag.SF.mask() | Flag.OF.mask());
        assertThat(ROWS).filteredOn(row -> row.condition() >= 0).hasSize(4 * 16);
    }

    @Test
    void flagsFollowTheManualsAppendix() {
        FlagEffects adc = find("ADC", Operand.Ev).flags();
        assertThat(adc.read()).isEqualTo(Flag.CF.mask());
        assertThat(adc.written()).isEqualTo(0x8D5);
        FlagEffects and = find("AND", Operand.Ev).flags();
        assertThat(and.cleared()).isEqualTo(Flag.CF.mask() | Flag.OF.mask());
        assertThat(and.undefined()).isEqualTo(Flag.AF.mask());
        FlagEffects shift = find("SHL", Operand.Ev).flags();
        assertThat(shift.conditional()).isTrue();
        FlagEffects std = find("STD").flags();
        assertThat(std.set()).isEqualTo(Flag.DF.mask());
        assertThat(find("MOV", Operand.Ev).flags()).isEqualTo(FlagEffects.NONE);
    }

    @Test
    void onlyRowsWithAMemoryDestinationMayBeLocked() {
        for (Row row : ROWS) {
            if (row.has(Attribute.LOCK)) {
                assertThat(row.accesses().getFirst()).as(row.toString()).isEqualTo(Access.READ_WRITE);
                assertThat(row.encoding().forms().allowsMemory()).as(row.toString()).isTrue();
            }
        }
    }

    @Test
    void immediatesAndConstantsAreNeverWritten() {
        for (Row row : ROWS) {
            for (int i = 0; i < row.operands().size(); i++) {
                AddressingMethod method = row.operand(i).method();
                if (method == AddressingMethod.I || method == AddressingMethod.J || method == AddressingMethod.CONSTANT) {
                    assertThat(row.accesses().get(i)).as(row.toString()).isEqualTo(Access.READ);
                }
            }
        }
    }

    @Test
    void sixteenByteOperandsOfSseAreAlignedUnlessTheRowSaysOtherwise() {
        assertThat(find("ADDPS", Operand.Vps).alignsMemory()).isTrue();
        assertThat(find("MOVUPS", Operand.Vps).alignsMemory()).isFalse();
        assertThat(find("ADDSS", Operand.Vss).alignsMemory()).isFalse();
        assertThat(find("CMPXCHG16B", Operand.Mdq).alignsMemory()).isFalse();
    }

    @Test
    void vexEncodedOperandsNeedNoAlignmentUnlessTheRowSaysSo() {
        assertThat(find("VADDPS", Operand.Vps).alignsMemory()).isFalse();
        assertThat(find("VMOVUPS", Operand.Vps).alignsMemory()).isFalse();
        assertThat(find("VMOVAPS", Operand.Wps).alignsMemory()).isTrue();
        assertThat(find("VMOVNTDQ", Operand.Mx).alignsMemory()).isTrue();
    }

    @Test
    void twoFeaturesMakeARowForEachLengthOfVectors() {
        List<Row> rows = ROWS.stream().filter(row -> row.mnemonic().equals("VPADDD")).toList();
        assertThat(rows).extracting(Row::feature).containsExactly(Feature.AVX, Feature.AVX2);
        assertThat(rows).extracting(row -> row.encoding().l()).containsExactly(0, 1);
    }

    @Test
    void avxIsNeededByVectorsWithAVexPrefixOnly() {
        assertThat(find("VFMADD132PS", Operand.Vps).usesAvx()).isTrue();
        assertThat(find("VZEROUPPER").usesAvx()).isTrue();
        assertThat(find("ANDN", Operand.Gy).usesAvx()).isFalse();
        assertThat(find("ADDPS", Operand.Vps).usesAvx()).isFalse();
    }

    @Test
    void registerFilesAreKnown() {
        assertThat(find("FADD", Operand.Md).usesX87()).isTrue();
        assertThat(find("FWAIT").usesX87()).isTrue();
        assertThat(find("PADDB", Operand.Pq).usesMmx()).isTrue();
        assertThat(find("LDMXCSR", Operand.Md).usesVector()).isTrue();
        assertThat(find("MOVNTI", Operand.My).usesVector()).isFalse();
    }

    @Test
    void malformedRowsAreReportedWithTheirLine() {
        assertMalformed("- 00 ADD Eb,Qx xr", "Test:1: unknown operand: Qx");
        assertMalformed("# comment\n- 00 ADD Eb,Gb x", "Test:2: not one access for each operand: x");
        assertMalformed("- 00 ADD Eb,Gb xy", "Test:1: unknown access: xy");
        assertMalformed("- 00 ADD Eb,Gb xr 3DNOW", "Test:1: unknown feature: 3DNOW");
        assertMalformed("- 00 ADD Eb,Gb xr - MMM", "Test:1: malformed flags: MMM");
        assertMalformed("- 00 ADD Eb,Gb xr - MMMMMM:Q1", "Test:1: malformed flags: MMMMMM:Q1");
        assertMalformed("- 00 ADD Eb,Gb xr - MMMMMM luck", "Test:1: unknown attribute: luck");
        assertMalformed("- 00 ADD Eb,Gb xr - MMMMMM x:ix", "Test:1: unknown register: ix");
        assertMalformed("- 00 ADD Eb,Gb xr - MMMMMM lock lock", "Test:1: too many columns");
        assertMalformed("- 0F3B00 ADD Eb,Gb xr", "Test:1: malformed opcode: 0F3B00");
        assertMalformed("- 0G ADD Eb,Gb xr", "Test:1: malformed number: 0G");
        assertMalformed("- 80/8 ADD Eb,Gb xr", "Test:1: malformed number: 80/8");
        assertMalformed("67 00 ADD Eb,Gb xr", "Test:1: unknown prefix: 67");
        assertMalformed("- 00", "Test:1: a row needs at least prefix, opcode and mnemonic");
    }

    private static void assertMalformed(String text, String message) {
        assertThatThrownBy(() -> new TableParser("Test", text, new ArrayList<>()).parse())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    private static Row find(String mnemonic, Operand... first) {
        return ROWS.stream()
                .filter(row -> row.mnemonic().equals(mnemonic))
                .filter(row -> first.length == 0 || !row.operands().isEmpty() && row.operand(0) == first[0])
                .findFirst()
                .orElseThrow();
    }
}
