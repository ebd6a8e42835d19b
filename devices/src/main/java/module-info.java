/** The devices of a PC. */
module org.lodgevm.devices {
    requires transitive org.lodgevm.machine;

    exports org.lodgevm.devices.chipset;
}
