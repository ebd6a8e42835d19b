/**
 * The translator: guest code re-encoded into host machine code.
 *
 * <p>Guest code of one page -> {@link org.lodgevm.x86.translate.Region} (hot basic blocks, joined by their branches) ->
 * {@link org.lodgevm.x86.translate.BackEnd}, which knows the host's processor -> {@link
 * org.lodgevm.x86.translate.CodeMemory}. {@link org.lodgevm.x86.translate.Translator} is the only way in. It knows the state
 * block, not the CPU: the run loop puts registers there, enters, and is told by an {@link org.lodgevm.x86.translate.Exit} why
 * the code came back.
 *
 * <p>There is one back end, {@link org.lodgevm.x86.translate.X86BackEnd}; {@link org.lodgevm.x86.translate.Lowering} makes its
 * code, by {@code x86.asm}. The register a guest register lives in never changes ({@link org.lodgevm.x86.translate.HostRegisters}), so translations
 * can jump to each other without saving anything. What an instruction does is decided by the host's processor, which
 * executes the same instruction; meanings are not written here a second time. Whatever is rare leaves to the interpreter, at
 * that instruction, with all of the guest's state in place.
 *
 * <p>Absent on purpose: any knowledge of devices, faults, modes and page tables. An access that is not plainly in the TLB
 * leaves, before it has had any effect.
 */
package org.lodgevm.x86.translate;
