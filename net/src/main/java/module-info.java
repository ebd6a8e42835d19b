/** Ethernet for machines: links, and what is at their other end. */
module org.lodgevm.net {
    requires org.slf4j;

    exports org.lodgevm.net;
    exports org.lodgevm.net.bridge;
    exports org.lodgevm.net.capture;
    exports org.lodgevm.net.packet;
    exports org.lodgevm.net.user;
    exports org.lodgevm.net.user.plan;
    exports org.lodgevm.net.wire;

    // addresses are part of a network card's state
    opens org.lodgevm.net.packet to org.lodgevm.machine;

    uses org.lodgevm.net.wire.TapAccess;
}
