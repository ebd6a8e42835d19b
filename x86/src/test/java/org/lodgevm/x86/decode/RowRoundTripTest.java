package org.lodgevm.x86.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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

/** Every row, written by {@link RowEncoder} with each operand size and kind of operand, decodes to itself. */
class RowRoundTripTest {
    private static final int IMMEDIATE = 0x12;

    private final Decoder decoder = new Decoder();
    private final Instruction instruction = new Instruction();
    private int checked;

    @ParameterizedTest
    @EnumSource
    void everyRowDecodesToItself(CodeSize mode) {
        for (Row row : InstructionTable.rows()) {
            for (int opSize : RowEncoder.operandSizes(row, mode)) {
                registers(row, mode, opSize);
                addresses(row, mode, opSize);
            }
        }
        assertThat(checked).isGreaterThan(5000);
    }

    private void registers(Row row, CodeSize mode, int opSize) {
        boolean named = row.encoding().hasModrm() || row.encoding().registerInOpcode();
        if (row.encoding().hasModrm() && !row.encoding().forms().allowsRegister()) {
            return;
        }
        for (int reg : registers(row.regMethod(), mode)) {
            for (int rm : named ? registers(rmMethod(row), mode) : new int[1]) {
                if (isLoadOfCs(row, reg) || isNop(row, rm)) {
                    continue;
                }
                RowEncoder encoder = encoder(row, mode, opSize).rm(rm);
                if (row.regMethod() != null) {
                    encoder.reg(reg);
                }
                check(row, mode, opSize, encoder.encode());
                if (row.regMethod() != null) {
                    assertThat(instruction.reg()).as(describe(row, mode)).isEqualTo(reg);
                }
                if (named && row.encoding().rm() < 0) {
                    assertThat(instruction.rm()).as(describe(row, mode)).isEqualTo(rm);
                }
                assertThat(instruction.isMemory()).isEqualTo(row.operands().stream().anyMatch(o -> o.method() == AddressingMethod.O));
            }
        }
    }

    private void addresses(Row row, CodeSize mode, int opSize) {
        if (!row.encoding().forms().allowsMemory()) {
            return;
        }
        if (row.hasVectorIndex()) {
            gathers(row, mode, opSize);
            return;
        }
        for (Address address : addresses(mode)) {
            int addrSize = mode.addressSize();
            check(row, mode, opSize, encoder(row, mode, opSize).memory(address).encode());
            assertThat(instruction.isMemory()).isTrue();
            assertThat(instruction.addrSize()).isEqualTo(addrSize);
            assertThat(instruction.ripRelative()).isEqualTo(address.base() == Address.RIP);
            assertThat(instruction.base()).isEqualTo(Math.max(address.base(), Instruction.NONE));
            assertThat(instruction.index()).isEqualTo(address.index());
            assertThat(instruction.scale()).isEqualTo(address.scale());
            assertThat(instruction.disp()).isEqualTo(address.disp());
            if (row.has(Attribute.LOCK)) {
                check(row, mode, opSize, encoder(row, mode, opSize).memory(address).lock().encode());
                assertThat(instruction.lock()).isTrue();
            }
        }
    }

    /** With an index, which may be register 4, and with three different registers, as gathers demand. */
    private void gathers(Row row, CodeSize mode, int opSize) {
        for (int index : mode.is64() ? new int[] {1, 4, 12, 15} : new int[] {1, 4, 7}) {
            for (int base : new int[] {Address.NONE, 0, 4, 5}) {
                check(row, mode, opSize, gather(row, mode, opSize, new Address(base, index, 2, 9)).encode());
                assertThat(instruction.base()).isEqualTo(base);
                assertThat(instruction.index()).isEqualTo(index);
                assertThat(instruction.addrSize()).isEqualTo(Math.max(mode.addressSize(), 4));
            }
            for (int[] same : new int[][] {{index, 3}, {2, index}, {3, 3}}) {
                byte[] bytes = gather(row, mode, opSize, new Address(0, index, 2, 9)).reg(same[0]).vvvv(same[1]).encode();
                assertThat(decoder.decode(bytes, 0, bytes.length, mode, instruction)).isEqualTo(Outcome.UNDEFINED);
            }
        }
    }

    private static RowEncoder gather(Row row, CodeSize mode, int opSize, Address address) {
        return encoder(row, mode, opSize).addrSize(Math.max(mode.addressSize(), 4)).memory(address).reg(2).vvvv(3);
    }

    /** Begins with a ModRM.reg that makes no hint of a NOP, for rows that leave it open. */
    private static RowEncoder encoder(Row row, CodeSize mode, int opSize) {
        return new RowEncoder(row, mode).reg(row.regMethod() == null ? 7 : 0).opSize(opSize).immediate(IMMEDIATE).secondImmediate(3);
    }

    private void check(Row row, CodeSize mode, int opSize, byte[] bytes) {
        checked++;
        String what = describe(row, mode) + " " + HexFormat.of().formatHex(bytes);
        assertThat(decoder.decode(bytes, 0, bytes.length, mode, instruction)).as(what).isEqualTo(Outcome.DECODED);
        assertThat(instruction.row()).as(what).isSameAs(row);
        assertThat(instruction.length()).as(what).isEqualTo(bytes.length);
        assertThat(instruction.opSize()).as(what).isEqualTo(opSize);
        if (row.immediate() != null && row.immediate().method() != AddressingMethod.O) {
            assertThat(instruction.imm()).as(what).isEqualTo(IMMEDIATE);
        }
        assertThat(decoder.decode(bytes, 0, bytes.length - 1, mode, instruction)).as(what).isEqualTo(Outcome.TRUNCATED);
        decoder.decode(bytes, 0, bytes.length, mode, instruction);
    }

    /** Whether the bytes would be those of NOP rather than of an exchange. */
    private static boolean isNop(Row row, int rm) {
        return row.mnemonic().equals("XCHG") && row.encoding().registerInOpcode() && rm == 0;
    }

    private static boolean isLoadOfCs(Row row, int reg) {
        return reg == 1 && !row.operands().isEmpty() && row.operand(0) == Operand.Sw;
    }

    private static AddressingMethod rmMethod(Row row) {
        for (Operand operand : row.operands()) {
            if (operand.method().isRm() || operand.method() == AddressingMethod.Z) {
                return operand.method();
            }
        }
        return null;
    }

    private static int[] registers(AddressingMethod method, CodeSize mode) {
        if (method == null) {
            return new int[1];
        }
        return switch (method) {
            case C -> new int[] {0, 2, 3, 4};
            case S -> new int[] {0, 1, 2, 3, 4, 5};
            case D, N, P, Q, STI -> new int[] {0, 5, 7};
            default -> mode.is64() ? new int[] {0, 1, 4, 5, 7, 8, 12, 13, 15} : new int[] {0, 1, 4, 5, 7};
        };
    }

    private static List<Address> addresses(CodeSize mode) {
        List<Address> addresses = new ArrayList<>();
        long[] displacements = {0, 1, -128, 127, 128, -129, -32768};
        if (mode == CodeSize.BITS_16) {
            for (int base : new int[] {3, 5, 6, 7}) {
                for (long disp : displacements) {
                    addresses.add(Address.of(base, disp));
                    if (base == 3 || base == 5) {
                        addresses.add(new Address(base, 6, 0, disp));
                        addresses.add(new Address(base, 7, 0, disp));
                    }
                }
            }
            addresses.add(Address.absolute(0x1234));
            return addresses;
        }
        int[] registers = mode.is64() ? new int[] {-1, 0, 4, 5, 12, 13, 15} : new int[] {-1, 0, 4, 5, 7};
        for (int base : registers) {
            for (int index : registers) {
                if (index != 4) {
                    for (long disp : displacements) {
                        addresses.add(new Address(base, index, index < 0 ? 0 : index & 3, disp));
                    }
                }
            }
        }
        if (mode.is64()) {
            addresses.add(new Address(Address.RIP, Address.NONE, 0, -5));
        }
        return addresses;
    }

    private static String describe(Row row, CodeSize mode) {
        return mode + " " + row + " " + row.encoding();
    }
}
