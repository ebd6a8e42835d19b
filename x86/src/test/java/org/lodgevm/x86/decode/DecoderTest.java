package org.lodgevm.x86.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;

class DecoderTest {
    private static final int SP = 4;
    private static final int R8 = 8;
    private static final int SS = 2;
    private static final int DS = 3;
    private static final int FS = 4;
    private static final int GS = 5;

    private final Decoder decoder = new Decoder();

    @Test
    void operandSizeFollowsModeAndPrefixes() {
        assertThat(decode16("01c8").opSize()).isEqualTo(2);
        assertThat(decode16("6601c8").opSize()).isEqualTo(4);
        assertThat(decode32("01c8").opSize()).isEqualTo(4);
        assertThat(decode32("6601c8").opSize()).isEqualTo(2);
        assertThat(decode64("01c8").opSize()).isEqualTo(4);
        assertThat(decode64("6601c8").opSize()).isEqualTo(2);
        assertThat(decode64("4801c8").opSize()).isEqualTo(8);
    }

    @Test
    void rexWOverridesPrefix66() {
        assertThat(decode64("6648b80100000000000000").opSize()).isEqualTo(8);
        assertThat(decode64("6648b80100000000000000").imm()).isEqualTo(1);
    }

    @Test
    void rexIsIgnoredUnlessDirectlyBeforeTheOpcode() {
        Instruction instruction = decode64("4866b80100");
        assertThat(instruction.opSize()).isEqualTo(2);
        assertThat(instruction.rexPresent()).isFalse();
        assertThat(decode64("4048ffc0").opSize()).isEqualTo(8);
    }

    @Test
    void pushesAreSixtyFourBitsWideByDefault() {
        assertThat(decode64("50").opSize()).isEqualTo(8);
        assertThat(decode64("6650").opSize()).isEqualTo(2);
        assertThat(decode32("50").opSize()).isEqualTo(4);
        assertThat(decode64("6aff").imm()).isEqualTo(-1);
    }

    @Test
    void nearBranchesIgnorePrefix66In64BitModeOnly() {
        assertThat(decode64("66e900010000").length()).isEqualTo(6);
        assertThat(decode64("66e900010000").opSize()).isEqualTo(8);
        assertThat(decode32("66e90001").length()).isEqualTo(4);
        assertThat(decode32("66e90001").opSize()).isEqualTo(2);
    }

    @Test
    void byteRegistersFourToSevenAreHighOnesWithoutRex() {
        Instruction legacy = decode64("88e0");
        assertThat(legacy.register(1)).isEqualTo(SP);
        assertThat(legacy.isHighByte(SP)).isTrue();
        assertThat(legacy.isHighByte(0)).isFalse();
        Instruction rex = decode64("4088e0");
        assertThat(rex.isHighByte(SP)).isFalse();
    }

    @Test
    void addressesBasedOnSpAndBpUseTheStackSegment() {
        assertThat(decode64("8b0424").segment()).isEqualTo(SS);
        assertThat(decode64("8b4500").segment()).isEqualTo(SS);
        assertThat(decode64("8b00").segment()).isEqualTo(DS);
        assertThat(decode64("418b4500").segment()).as("r13").isEqualTo(DS);
        assertThat(decode32("8b0500000000").segment()).as("no base").isEqualTo(DS);
        assertThat(decode32("8b042d00000000").segment()).as("EBP as index").isEqualTo(DS);
        assertThat(decode16("8b02").segment()).as("BP+SI").isEqualTo(SS);
        assertThat(decode16("8b07").segment()).as("BX").isEqualTo(DS);
        assertThat(decode32("3e8b4500").segment()).isEqualTo(DS);
    }

    @Test
    void onlyFsAndGsOverrideIn64BitModeAndNothingCancelsThem() {
        assertThat(decode64("2e8b0424").segment()).isEqualTo(SS);
        assertThat(decode64("642e8b00").segment()).isEqualTo(FS);
        assertThat(decode64("64658b00").segment()).isEqualTo(GS);
        assertThat(decode32("642e8b00").segment()).isEqualTo(1);
    }

    @Test
    void sixteenBitAddressesAreABaseAndAnIndex() {
        Instruction pair = decode16("8b4302");
        assertThat(pair.base()).isEqualTo(5);
        assertThat(pair.index()).isEqualTo(7);
        assertThat(pair.disp()).isEqualTo(2);
        Instruction absolute = decode16("8b063412");
        assertThat(absolute.base()).isEqualTo(Instruction.NONE);
        assertThat(absolute.disp()).isEqualTo(0x1234);
        Instruction wide = decode16("678b00");
        assertThat(wide.addrSize()).isEqualTo(4);
    }

    @Test
    void ripRelativeIsTheModrmFormAndNotTheSibForm() {
        Instruction relative = decode64("8b05fbffffff");
        assertThat(relative.ripRelative()).isTrue();
        assertThat(relative.disp()).isEqualTo(-5);
        Instruction absolute = decode64("8b0425fbffffff");
        assertThat(absolute.ripRelative()).isFalse();
        assertThat(absolute.base()).isEqualTo(Instruction.NONE);
        assertThat(decode32("8b05fbffffff").ripRelative()).isFalse();
        assertThat(decode64("678b0500000000").addrSize()).isEqualTo(4);
    }

    @Test
    void r12CanBeAnIndexAndRspCannot() {
        assertThat(decode64("428b0420").index()).isEqualTo(12);
        assertThat(decode64("8b0420").index()).isEqualTo(Instruction.NONE);
    }

    @Test
    void wholeOffsetsAreAsWideAsAnAddress() {
        assertThat(decode64("a1efcdab8967452301").disp()).isEqualTo(0x0123_4567_89AB_CDEFL);
        assertThat(decode64("67a1ffffffff").disp()).isEqualTo(0xFFFF_FFFFL);
        assertThat(decode16("a1ffff").disp()).isEqualTo(0xFFFF);
        assertThat(decode64("a1efcdab8967452301").isMemory()).isTrue();
    }

    @Test
    void opcode90IsNopPauseOrExchange() {
        assertThat(decode64("90").row().mnemonic()).isEqualTo("NOP");
        assertThat(decode64("4890").row().mnemonic()).isEqualTo("NOP");
        assertThat(decode64("f390").row().mnemonic()).isEqualTo("PAUSE");
        Instruction exchange = decode64("4190");
        assertThat(exchange.row().mnemonic()).isEqualTo("XCHG");
        assertThat(exchange.rm()).isEqualTo(R8);
        assertThat(decode64("f34190").row().mnemonic()).isEqualTo("XCHG");
    }

    @Test
    void f3SelectsTzcntLzcntAndPopcntWhereF2SelectsNothing() {
        assertThat(decode64("0fbcc1").row().mnemonic()).isEqualTo("BSF");
        assertThat(decode64("f30fbcc1").row().mnemonic()).isEqualTo("TZCNT");
        assertThat(decode64("f20fbcc1").row().mnemonic()).isEqualTo("BSF");
        assertThat(decode64("f30fbdc1").row().mnemonic()).isEqualTo("LZCNT");
        assertThat(decode64("66f30fb8c1").opSize()).isEqualTo(2);
        assertThat(outcome("0fb8c1", CodeSize.BITS_64)).isEqualTo(Outcome.UNDEFINED);
    }

    @Test
    void theLastOfF2AndF3WinsAndBothWinOver66() {
        assertThat(decode64("f2f30fb8c1").row().mnemonic()).isEqualTo("POPCNT");
        assertThat(decode64("f3f20f58c1").row().mnemonic()).isEqualTo("ADDSD");
        assertThat(decode64("66f30f58c1").row().mnemonic()).isEqualTo("ADDSS");
        assertThat(decode64("f3660f58c1").row().mnemonic()).isEqualTo("ADDSS");
        assertThat(decode64("660f58c1").row().mnemonic()).isEqualTo("ADDPD");
    }

    @Test
    void aMandatory66DoesNotChangeTheOperandSize() {
        Instruction movd = decode64("660f6ec0");
        assertThat(movd.width(1)).isEqualTo(4);
        Instruction movq = decode64("66480f6ec0");
        assertThat(movq.width(1)).isEqualTo(8);
    }

    @Test
    void opcode63IsMovsxdOrArpl() {
        Instruction movsxd = decode64("4863c1");
        assertThat(movsxd.row().mnemonic()).isEqualTo("MOVSXD");
        assertThat(movsxd.width(1)).isEqualTo(4);
        assertThat(decode32("63c1").row().mnemonic()).isEqualTo("ARPL");
    }

    @Test
    void lockNeedsALockableMemoryDestination() {
        assertThat(decode64("f00100").lock()).isTrue();
        assertThat(outcome("f001c0", CodeSize.BITS_64)).isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("f00300", CodeSize.BITS_64)).isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("f03900", CodeSize.BITS_64)).isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("f08900", CodeSize.BITS_64)).isEqualTo(Outcome.UNDEFINED);
        assertThat(decode64("f08700").row().mnemonic()).isEqualTo("XCHG");
    }

    @Test
    void widthsAreThoseOfRegisterOrMemory() {
        Instruction sldtRegister = decode64("480f00c0");
        assertThat(sldtRegister.width(0)).isEqualTo(8);
        Instruction sldtMemory = decode64("480f0000");
        assertThat(sldtMemory.width(0)).isEqualTo(2);
        assertThat(decode64("660f382010").width(1)).as("PMOVSXBW from memory").isEqualTo(8);
        assertThat(decode64("0fc708").width(0)).as("CMPXCHG8B").isEqualTo(8);
        assertThat(decode64("480fc708").width(0)).as("CMPXCHG16B").isEqualTo(16);
        assertThat(decode32("d930").width(0)).as("FNSTENV").isEqualTo(28);
        assertThat(decode64("0f0110").width(0)).as("LGDT").isEqualTo(10);
        assertThat(decode32("0f0110").width(0)).as("LGDT").isEqualTo(6);
    }

    @Test
    void immediatesAreExtendedAsTheirUseAsks() {
        assertThat(decode64("4881c0ffffffff").imm()).isEqualTo(-1);
        assertThat(decode64("4883c0ff").imm()).isEqualTo(-1);
        assertThat(decode64("c0e0ff").imm()).isEqualTo(0xFF);
        assertThat(decode64("c2ffff").imm()).isEqualTo(0xFFFF);
        assertThat(decode64("e8ffffffff").imm()).isEqualTo(-1);
        assertThat(decode64("cdff").imm()).isEqualTo(0xFF);
        Instruction enter = decode64("c8ff8003");
        assertThat(enter.imm()).isEqualTo(0x80FF);
        assertThat(enter.imm2()).isEqualTo(3);
        Instruction far = decode32("ea00000080f0ff");
        assertThat(far.imm()).isEqualTo(0x8000_0000L);
        assertThat(far.imm2()).isEqualTo(0xFFF0);
    }

    @Test
    void vexIsRecognisedByModOutsideOf64BitMode() {
        assertThat(decode32("c400").row().mnemonic()).isEqualTo("LES");
        assertThat(decode32("c500").row().mnemonic()).isEqualTo("LDS");
        Instruction andn = decode32("c4e260f2c1");
        assertThat(andn.row().mnemonic()).isEqualTo("ANDN");
        assertThat(andn.vvvv()).isEqualTo(3);
        assertThat(decode64("c44238f2c1").row().mnemonic()).isEqualTo("ANDN");
        assertThat(decode64("c44238f2c1").vvvv()).isEqualTo(8);
        assertThat(decode64("c4e2f8f2c1").opSize()).isEqualTo(8);
        assertThat(decode32("c4e2f8f2c1").opSize()).as("W is ignored").isEqualTo(4);
    }

    @Test
    void vexToleratesNoPrefixThatItContains() {
        for (String prefix : new String[] {"66", "f2", "f3", "f0", "40"}) {
            assertThat(outcome(prefix + "c4e260f2c1", CodeSize.BITS_64)).as(prefix).isEqualTo(Outcome.UNDEFINED);
        }
        assertThat(decode64("64c4e260f200").segment()).isEqualTo(FS);
        assertThat(decode64("67c4e260f200").addrSize()).isEqualTo(4);
    }

    @Test
    void vexFieldsThatNameNothingMustBeClear() {
        assertThat(decode64("c4e37bf0c105").row().mnemonic()).isEqualTo("RORX");
        assertThat(outcome("c4e363f0c105", CodeSize.BITS_64)).as("vvvv").isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("c4e37ff0c105", CodeSize.BITS_64)).as("L").isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("c4e07bf0c105", CodeSize.BITS_64)).as("map 0").isEqualTo(Outcome.UNDEFINED);
    }

    @Test
    void evexAndXopAreUndefined() {
        assertThat(outcome("62f17c4858c1", CodeSize.BITS_64)).isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("62f17c4858c1", CodeSize.BITS_32)).isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("8fe97800c1", CodeSize.BITS_64)).isEqualTo(Outcome.UNDEFINED);
        assertThat(decode32("6200").row().mnemonic()).isEqualTo("BOUND");
        assertThat(decode64("8f00").row().mnemonic()).isEqualTo("POP");
    }

    @Test
    void registersThatDoNotExistAreUndefined() {
        assertThat(outcome("0f20c8", CodeSize.BITS_64)).as("CR1").isEqualTo(Outcome.UNDEFINED);
        assertThat(decode64("440f20c0").reg()).as("CR8").isEqualTo(8);
        assertThat(outcome("440f21c0", CodeSize.BITS_64)).as("DR8").isEqualTo(Outcome.UNDEFINED);
        assertThat(outcome("8ec8", CodeSize.BITS_64)).as("load of CS").isEqualTo(Outcome.UNDEFINED);
        assertThat(decode64("8cc8").reg()).as("store of CS").isEqualTo(1);
        assertThat(outcome("8ef0", CodeSize.BITS_64)).as("segment 6").isEqualTo(Outcome.UNDEFINED);
    }

    @Test
    void movesToControlRegistersIgnoreMod() {
        Instruction instruction = decode64("0f2205");
        assertThat(instruction.isMemory()).isFalse();
        assertThat(instruction.rm()).isEqualTo(5);
        assertThat(instruction.length()).isEqualTo(3);
        assertThat(instruction.opSize()).isEqualTo(8);
    }

    @Test
    void fifteenBytesAreTheMost() {
        assertThat(decode64("66".repeat(14) + "90").length()).isEqualTo(15);
        assertThat(outcome("66".repeat(15) + "90", CodeSize.BITS_64)).isEqualTo(Outcome.TOO_LONG);
        assertThat(outcome("66".repeat(14) + "0f0b", CodeSize.BITS_64)).isEqualTo(Outcome.TOO_LONG);
        assertThat(outcome("66".repeat(30), CodeSize.BITS_64)).isEqualTo(Outcome.TOO_LONG);
    }

    @Test
    void aPartOfAnInstructionIsTruncated() {
        assertThat(outcome("", CodeSize.BITS_64)).isEqualTo(Outcome.TRUNCATED);
        assertThat(outcome("48", CodeSize.BITS_64)).isEqualTo(Outcome.TRUNCATED);
        assertThat(outcome("0f", CodeSize.BITS_64)).isEqualTo(Outcome.TRUNCATED);
        assertThat(outcome("8b04", CodeSize.BITS_64)).isEqualTo(Outcome.TRUNCATED);
        assertThat(outcome("66".repeat(14), CodeSize.BITS_64)).isEqualTo(Outcome.TRUNCATED);
    }

    @Test
    void bytesBeyondThoseAvailableDoNotMatter() {
        byte[] code = HexFormat.of().parseHex("8b0425ffffffff");
        Instruction instruction = new Instruction();
        assertThat(decoder.decode(code, 0, 6, CodeSize.BITS_64, instruction)).isEqualTo(Outcome.TRUNCATED);
        assertThat(decoder.decode(code, 0, 7, CodeSize.BITS_64, instruction)).isEqualTo(Outcome.DECODED);
        assertThat(decoder.decode(code, 3, 4, CodeSize.BITS_64, instruction)).isEqualTo(Outcome.UNDEFINED);
    }

    private Instruction decode16(String hex) {
        return decode(hex, CodeSize.BITS_16);
    }

    private Instruction decode32(String hex) {
        return decode(hex, CodeSize.BITS_32);
    }

    private Instruction decode64(String hex) {
        return decode(hex, CodeSize.BITS_64);
    }

    private Instruction decode(String hex, CodeSize mode) {
        byte[] code = HexFormat.of().parseHex(hex);
        Instruction instruction = new Instruction();
        assertThat(decoder.decode(code, 0, code.length, mode, instruction)).as(hex).isEqualTo(Outcome.DECODED);
        assertThat(instruction.length()).as(hex).isEqualTo(code.length);
        return instruction;
    }

    private Outcome outcome(String hex, CodeSize mode) {
        byte[] code = HexFormat.of().parseHex(hex);
        return decoder.decode(code, 0, code.length, mode, new Instruction());
    }
}
