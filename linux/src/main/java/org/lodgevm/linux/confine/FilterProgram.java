package org.lodgevm.linux.confine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A program for the kernel's filter machine, which looks at a {@code struct seccomp_data} and answers what becomes of the call: an
 * accumulator, tests that skip the next instruction, and returns. Source: Linux's Documentation/networking/filter.rst and seccomp(2).
 */
final class FilterProgram {
    /** Where the call's number is in what is looked at. */
    static final int NUMBER = 0;
    /** Where the kind of system calls is. */
    static final int ARCHITECTURE = 4;

    private static final int ARGUMENTS = 16;

    private static final int LD_W_ABS = 0x20;
    private static final int ALU_AND_K = 0x54;
    private static final int JMP_JEQ_K = 0x15;
    private static final int JMP_JGE_K = 0x35;
    private static final int RET_K = 0x06;

    /** Bytes of a {@code struct sock_filter}. */
    static final int INSTRUCTION_BYTES = 8;

    private record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

    private final List<Instruction> instructions = new ArrayList<>();

    /** Loads 32 bits. */
    FilterProgram load(int offset) {
        return add(LD_W_ABS, 0, 0, offset);
    }

    /** Loads the lower half of an argument, which is all that the kernel looks at where its type is {@code int}. */
    FilterProgram loadArgument(int index) {
        return load(ARGUMENTS + index * Long.BYTES);
    }

    FilterProgram and(int mask) {
        return add(ALU_AND_K, 0, 0, mask);
    }

    /** Returns {@code action} if the accumulator equals {@code value}. */
    FilterProgram ifEqual(int value, int action) {
        return add(JMP_JEQ_K, 0, 1, value).answer(action);
    }

    /** Returns {@code action} if not. */
    FilterProgram unlessEqual(int value, int action) {
        return add(JMP_JEQ_K, 1, 0, value).answer(action);
    }

    /** Returns {@code action} if the accumulator is at least {@code value}, both without sign. */
    FilterProgram ifAtLeast(int value, int action) {
        return add(JMP_JGE_K, 0, 1, value).answer(action);
    }

    /** Goes on behind {@code block} unless the accumulator equals {@code value}. The block has to return. */
    FilterProgram ifEqual(int value, FilterProgram block) {
        add(JMP_JEQ_K, 0, block.instructions.size(), value);
        instructions.addAll(block.instructions);
        return this;
    }

    FilterProgram answer(int action) {
        return add(RET_K, 0, 0, action);
    }

    private FilterProgram add(int code, int ifTrue, int ifFalse, int operand) {
        instructions.add(new Instruction(code, ifTrue, ifFalse, operand));
        return this;
    }

    int length() {
        return instructions.size();
    }

    /** As the kernel wants it. */
    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(length() * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        for (Instruction one : instructions) {
            bytes.putShort((short) one.code).put((byte) one.ifTrue).put((byte) one.ifFalse).putInt(one.operand);
        }
        return bytes.array();
    }
}
