/** Native calls to the Linux kernel. */
module org.lodgevm.linux {
    requires transitive org.lodgevm.machine;
}
