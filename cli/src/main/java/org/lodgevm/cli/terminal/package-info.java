/**
 * The user's side: standard streams, the terminal while a guest has it, and the line that tells what Lodge is doing.
 *
 * <p>A terminal is restored on every way out; {@link org.lodgevm.cli.terminal.HostTerminal} says how.
 */
package org.lodgevm.cli.terminal;
