/**
 * The {@code lodge} command: {@link org.lodgevm.cli.Lodge} parses, a class per subcommand does the work.
 *
 * <p>A guest's bytes flow straight between {@link org.lodgevm.cli.terminal.StandardStreams} and the machine's serial ports
 * ({@code run}); what Lodge itself says goes to standard error. {@code exit} says how it can end and turns a problem
 * into one sentence, {@code log} does the same for the libraries' warnings. Nothing here is needed to embed Lodge.
 */
package org.lodgevm.cli;
