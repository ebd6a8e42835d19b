/** Ethernet for machines: links, and what is at their other end. */
module org.lodgevm.net {
    requires org.slf4j;

    exports org.lodgevm.net;
}
