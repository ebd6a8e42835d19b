/**
 * One command's run inside a guest: what is put into the guest for it, and the protocol by which its standard streams, its
 * terminal's size and its exit status cross over.
 *
 * <p>The guest's end is the script {@code session} in the initial root file system, so it consists of what a shell and
 * busybox can do. Nothing is lost however slow an end is, and every byte value passes.
 *
 * <h2>Lines</h2>
 * <table>
 * <caption>Use of the UARTs</caption>
 * <tr><th>UART</th><th>to the host</th><th>to the guest</th></tr>
 * <tr><td>{@code ttyS0}</td><td>the kernel's log</td><td>nothing</td></tr>
 * <tr><td>{@code ttyS1}</td><td>standard output, or the terminal's</td><td>standard input in blocks, or what is
 * typed</td></tr>
 * <tr><td>{@code ttyS2}</td><td>standard error</td><td>nothing</td></tr>
 * <tr><td>{@code ttyS3}</td><td>messages</td><td>messages</td></tr>
 * </table>
 *
 * <h2>Messages</h2>
 * Words separated by a space, a line each. To the host:
 * <ul>
 *   <li>{@code hello 1}: the lines are open and raw. The number is this protocol's version. What came before does not count: a
 *       guest that reboots says it again.
 *   <li>{@code more}: room for one block of standard input.
 *   <li>{@code exit STATUS DATA ERRORS}: the command has ended with this status, as a shell gives it. The other two are
 *       how many bytes ttyS1 and ttyS2 have transmitted since the guest started (modulo 2<sup>32</sup>): the lines are
 *       independent of each other, so the host waits until it has that many. Then the guest powers off.
 * </ul>
 * To the guest:
 * <ul>
 *   <li>{@code go}: the answer to {@code hello}; now the command starts.
 *   <li>{@code size ROWS COLUMNS}: the terminal changed.
 *   <li>{@code kill SIGNAL}: for the command and its children, when it has no terminal.
 * </ul>
 *
 * <h2>Standard input</h2>
 * Without a terminal, ttyS1 carries blocks: the length in decimal, a newline, that many bytes. Length zero is the end of
 * the input. The guest asks for every block, because Linux goes on emptying the UART when nobody reads the terminal
 * line, and throws away what exceeds its buffer (64 KiB or more). With a terminal, bytes pass as they are typed.
 */
package org.lodgevm.image.session;
