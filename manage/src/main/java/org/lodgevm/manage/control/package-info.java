/**
 * How other processes speak with the one that runs a machine: over a Unix domain socket, in lines of JSON. {@code docs/control.md} is the
 * protocol's description, for clients in any language.
 *
 * <p>{@link org.lodgevm.manage.control.ControlServer} takes connections, a {@code Session} carries out what each asks for, and {@code Wire}
 * is a connection's end on either side. {@link org.lodgevm.manage.control.ControlClient} is what Lodge's own commands use; through it a guest
 * in another process is a {@link org.lodgevm.vm.guest.GuestShell} like one in this process.
 *
 * <p>Who may connect may do anything to the machine, so the socket is in a folder that only its owner can enter, and a peer
 * that the system says is somebody else is turned away. Lines, connections and what waits to be sent are bounded; a
 * client that sends nonsense is told so and cut off, and no other notices.
 *
 * <p>Deliberately absent: any way in from other hosts.
 */
package org.lodgevm.manage.control;
