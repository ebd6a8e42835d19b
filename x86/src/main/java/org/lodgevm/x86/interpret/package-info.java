/**
 * The CPU in Java: closures over predecoded basic blocks.
 *
 * <p>{@link org.lodgevm.x86.interpret.RunLoop} finds the block at CS:rIP in the {@link org.lodgevm.x86.interpret.CodeCache},
 * or has {@link org.lodgevm.x86.interpret.BlockBuilder} decode one, and calls its {@link org.lodgevm.x86.interpret.Op}s
 * one after the other. An op is a template class specialised for one operation, operand kinds and width by
 * {@link org.lodgevm.x86.interpret.Specializer}; the operation itself is a static method over values, found by its
 * mnemonic in one of the classes that {@link org.lodgevm.x86.interpret.Semantics} lists.
 *
 * <p>Every op checks all that can fault before it changes anything, so that an exception is precise without undoing:
 * the run loop knows the op's address from its place in the block. Exceptions travel as one preallocated
 * {@link org.lodgevm.x86.state.GuestFault}.
 *
 * <p>Deliberately absent: knowledge of devices (they are behind the bus) and of translated code.
 */
package org.lodgevm.x86.interpret;
