/**
 * Cables between processes: frames over a stream socket, Unix or TCP, each with its length in front as a 32-bit big-endian number. QEMU speaks
 * that with {@code -netdev stream} and {@code -netdev socket}.
 *
 * <p>There is no authentication: who can connect to the socket is on the cable. A Unix socket is as private as its folder.
 */
package org.lodgevm.net.socket;
