/**
 * Networks whose guest sends anything at all, {@link org.lodgevm.fuzz.network.HostileGuest}: requests of every protocol that are right but for
 * what is damaged, answers to segments that the stack has sent, fragments. Outside there are {@link org.lodgevm.fuzz.network.Outside}:
 * a server that accepts and drops connections, a resolver that lies, clients of forwarded ports.
 *
 * <p>Nothing may make the stack fail, or stop: in the end it answers a ping.
 */
package org.lodgevm.fuzz.network;
