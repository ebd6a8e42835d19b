/** Native calls to the Linux kernel. */
module org.lodgevm.linux {
    requires transitive org.lodgevm.machine;

    provides org.lodgevm.machine.RamSource with
            org.lodgevm.linux.MemfdRam;
}
