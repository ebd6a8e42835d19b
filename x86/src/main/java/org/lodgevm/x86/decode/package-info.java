/**
 * From bytes to {@link org.lodgevm.x86.decode.Instruction}s, and from those to text.
 *
 * <p>{@link org.lodgevm.x86.decode.Decoder} reads prefixes, looks the opcode up in the maps made of the {@linkplain
 * org.lodgevm.x86.isa.InstructionTable table}, and reads what the row's operands call for. {@link
 * org.lodgevm.x86.decode.Disassembler} writes an instruction the way GNU objdump does in Intel syntax.
 *
 * <p>Deliberately absent: fetching (the caller hands over bytes) and everything that depends on mode, privilege or CPUID.
 */
package org.lodgevm.x86.decode;
