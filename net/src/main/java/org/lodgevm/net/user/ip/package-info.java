/**
 * The user-mode network's IP layer: its one port, addresses of neighbors, fragments, and ICMP.
 *
 * <pre>
 *     guest ─► StackPort ─► (user.IpInput) ─► Fragments ─► protocols
 *     guest ◄─ StackPort ◄─ Outlet ◄─ Neighbors
 * </pre>
 *
 * <p>Everything but {@link org.lodgevm.net.user.ip.StackPort} runs on the stack's loop.
 */
package org.lodgevm.net.user.ip;
