package org.lodgevm.net.user.nat;

import org.lodgevm.net.packet.IpAddress;

/** A connection as a guest sees it: by its own end, and the other. */
record Flow(IpAddress guest, int guestPort, IpAddress remote, int remotePort) {}
