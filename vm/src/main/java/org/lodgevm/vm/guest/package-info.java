/**
 * Commands and files inside a running guest: {@link org.lodgevm.vm.guest.GuestShell} is what callers see,
 * {@link org.lodgevm.vm.guest.Guest} the host's end of a conversation with an agent in the guest.
 *
 * <p>The agent is a shell script that Lodge's own guests start by themselves (the resource {@code agent} of module {@code image}). It
 * obeys what comes through the virtio console port {@value org.lodgevm.vm.guest.Guest#PORT}. The guest is hostile: whatever it
 * says that is no message is ignored, what it sends is taken only as far as it was asked for, and a file's name
 * never leads out of the folder that it is copied to.
 *
 * <h2>Messages</h2>
 * Lines of words separated by single spaces; some are followed by as many bytes as they say. ID is a number that the host chooses
 * for each command. To the host:
 * <ul>
 *   <li>{@code hello 1 WORD}: an agent is here. The number is this protocol's version. Commands of an earlier agent are lost.
 *   <li>{@code begun ID}: from now on the command can be signalled.
 *   <li>{@code more ID}: room for one block of standard input.
 *   <li>{@code shut ID}: the command takes no more input.
 *   <li>{@code out ID SIZE} and {@code err ID SIZE}, padded by spaces to 32 bytes with the newline, then the data: a frame of standard
 *       output or standard error. An empty one ends the stream.
 *   <li>{@code exit ID STATUS}: the command has ended, with this status as a shell gives it. Frames may follow. On a terminal:
 *       {@code exit ID STATUS SENT}, with how many bytes the terminal has transmitted (modulo 2<sup>32</sup>).
 * </ul>
 * To the guest:
 * <ul>
 *   <li>{@code welcome WORD}: the answer to {@code hello}. The agent reads nothing else before.
 *   <li>{@code run ID SIZE} and a shell script: starts a command with three pipes.
 *   <li>{@code run ID SIZE ttyS1 ROWS COLUMNS} and a script: on a serial port as its terminal, whose bytes pass there as they are.
 *   <li>{@code in ID SIZE} and a block of standard input; an empty one is its end.
 *   <li>{@code ok ID out} and {@code ok ID err}: one more frame of that stream, beyond the first eight.
 *   <li>{@code size ID ROWS COLUMNS}: the terminal changed.
 *   <li>{@code kill ID SIGNAL}: for the command and its children.
 *   <li>{@code drop ID}: nobody is interested any more; the command is killed.
 *   <li>{@code poweroff}: shut the system down.
 * </ul>
 *
 * <p>A frame and its line are at most 32 KiB, since so much crosses a virtio port in one piece, and frames of different commands never
 * mix. Neither a command that reads nothing nor a caller who does not read holds up the others: every stream has
 * a window.
 *
 * <p>Deliberately absent: users other than the one that the agent runs as; what a guest's own {@code su} does.
 *
 * @virtio 5.3
 */
package org.lodgevm.vm.guest;
