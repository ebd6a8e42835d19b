/**
 * Confines this process: it keeps what running a guest takes, and loses the rest for good.
 *
 * <p>{@link org.lodgevm.linux.confine.LinuxConfinement} prepares the barriers and raises them in this order: rules on files
 * ({@link org.lodgevm.linux.confine.Landlock}, fed by {@link org.lodgevm.linux.confine.GivenFiles}), {@code no_new_privs} and the loss of
 * all capabilities, which the kernel keeps for each thread, by {@link org.lodgevm.linux.confine.EveryThread}; then
 * {@link org.lodgevm.linux.confine.Limits}; at last the filter of {@link org.lodgevm.linux.confine.CallPolicy}, which
 * {@link org.lodgevm.linux.confine.Seccomp} installs for all threads in one step.
 *
 * <p>Whoever reads and writes memory of this process at will has all of its threads. So there is no thread that is confined less than others:
 * the JVM's collector, compilers and dispatchers are confined like a vCPU.
 *
 * <p>Deliberately absent: namespaces and another user, which need a privilege or another process; a second program
 * that opens files on demand, since a machine's files are known before it starts.
 */
package org.lodgevm.linux.confine;
