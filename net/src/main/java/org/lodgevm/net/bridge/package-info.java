/**
 * A switch for the machines of one process, and for others that come by a socket.
 *
 * <p>Every port has a queue and a thread that empties it into the port's user. A frame for a port whose queue is full is dropped, as in any
 * switch: one slow guest must not hold up the others.
 *
 * <p>Deliberately absent: VLANs, spanning trees (there is nothing that could make a loop but joining a switch with itself), multicast
 * snooping.
 */
package org.lodgevm.net.bridge;
