/**
 * Machines that have a name, whether they run or not.
 *
 * <p>{@link org.lodgevm.manage.MachineStore} has a folder for each, {@link org.lodgevm.manage.MachineFolder}, with files that a person can
 * read:
 *
 * <table>
 * <caption>A machine's folder</caption>
 * <tr><th>file</th><th>what it is</th><th>who writes it</th></tr>
 * <tr><td>{@code machine.json}</td><td>the {@link org.lodgevm.manage.MachineFile}: what the machine is</td><td>{@code create}, whoever
 * edits it, and the machine's process when a fork moves its disks; it holds from the next start on</td></tr>
 * <tr><td>{@code running.json}</td><td>the {@link org.lodgevm.manage.RunRecord}: the process and its socket</td><td>the machine's
 * process, which removes it when it ends; left behind by one that was killed</td></tr>
 * <tr><td>{@code ended.json}</td><td>the {@link org.lodgevm.manage.EndRecord}: how the last run ended</td><td>the machine's process</td></tr>
 * <tr><td>{@code console.log}, {@code console.log.1}</td><td>what the guest wrote to its first serial port</td><td>the machine's process</td></tr>
 * <tr><td>{@code lodge.log}</td><td>what Lodge said about it</td><td>the machine's process</td></tr>
 * <tr><td>{@code fork-*.qcow2}</td><td>where the content of its disks goes on since it was forked, or what is frozen of it</td><td>the machine's process</td></tr>
 * <tr><td>{@code control.sock}</td><td>where the process is spoken to: see {@link org.lodgevm.manage.control}</td><td>the machine's process</td></tr>
 * <tr><td>{@code lock}</td><td>locked by the machine's process as long as it lives</td><td>nobody</td></tr>
 * </table>
 *
 * <p>There is no daemon and no index: what is in the folders is all there is. A process that was killed leaves its lock to the system, which
 * frees it, and a socket that nobody answers, which tells the others that it is gone.
 *
 * <p>Deliberately absent: how a machine is put together. Its options are kept as they were given; the command reads them again.
 */
package org.lodgevm.manage;
