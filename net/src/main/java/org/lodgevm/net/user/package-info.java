/**
 * A network that needs no privilege: a TCP/IP stack in this process that speaks to guests as a router, and to the host's network by ordinary
 * sockets. {@link org.lodgevm.net.user.UserNetwork} puts it together.
 *
 * <pre>
 *     guest ◄─► ip ◄─┬─► service   DHCP, router advertisements, DNS
 *                    └─► nat ◄─► tcp ◄─► sockets of the host
 * </pre>
 *
 * <p>One thread runs all of it. The guest is hostile: packets are checked before they are looked at, every table and buffer is bounded, and
 * what is over a bound is refused or dropped as on any network. Several guests can share one network through a switch; the stack
 * itself passes nothing from one guest to another.
 *
 * <p>Deliberately absent: multicast routing, DHCPv6 with addresses, TFTP, anything that would need a raw socket.
 */
package org.lodgevm.net.user;
