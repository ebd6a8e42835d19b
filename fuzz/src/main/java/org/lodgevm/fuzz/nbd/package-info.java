/**
 * Both ends of NBD with somebody at the other who lies: {@link org.lodgevm.fuzz.nbd.HostileClient} asks our server for anything, and
 * {@link org.lodgevm.fuzz.nbd.HostileServer} answers our client so that most of what it says is right.
 *
 * <p>A session may end at any time. The server goes on serving others, the client tells what was wrong.
 */
package org.lodgevm.fuzz.nbd;
