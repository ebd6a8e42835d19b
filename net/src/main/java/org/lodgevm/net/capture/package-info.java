/**
 * Recording what passes over a cable, in the classic pcap format that tcpdump and Wireshark read.
 *
 * <p>Frames are written as they pass: one that is still to be cut up is one large packet, and a checksum that is left to
 * somebody else looks wrong, as in captures on Linux.
 */
package org.lodgevm.net.capture;
