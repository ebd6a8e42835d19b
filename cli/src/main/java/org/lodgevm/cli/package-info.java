/**
 * The {@code lodge} command: {@link org.lodgevm.cli.Lodge} parses, one class per subcommand does the work.
 *
 * <p>A guest's bytes flow straight between {@link org.lodgevm.cli.StandardStreams} and the machine's serial ports; what Lodge itself
 * says goes to standard error, through {@link org.lodgevm.cli.StatusLine}. {@link org.lodgevm.cli.ExitStatus} lists how it can
 * end, {@link org.lodgevm.cli.Failure} how a problem becomes one sentence. Nothing here is needed to embed Lodge.
 */
package org.lodgevm.cli;
