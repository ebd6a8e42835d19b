/**
 * {@code lodge run}: {@link org.lodgevm.cli.run.RunCommand} reads the options and chooses between a guest that the user brings
 * ({@link org.lodgevm.cli.run.KernelRun}: serial port and standard streams are one) and Lodge's own
 * ({@link org.lodgevm.cli.run.SessionRun}: the streams are those of a command inside). {@code lodge create} and {@code lodge build} are here
 * because they describe machines in the same way.
 */
package org.lodgevm.cli.run;
