/** The devices of a PC. */
module org.lodgevm.devices {
    requires transitive org.lodgevm.machine;
    requires transitive org.lodgevm.net;
    requires transitive org.lodgevm.storage;

    exports org.lodgevm.devices.chipset;
    exports org.lodgevm.devices.chipset.apic;
    exports org.lodgevm.devices.chipset.firmware;
    exports org.lodgevm.devices.chipset.keyboard;
    exports org.lodgevm.devices.chipset.pci;
    exports org.lodgevm.devices.chipset.serial;
    exports org.lodgevm.devices.chipset.timer;
    exports org.lodgevm.devices.virtio;
    exports org.lodgevm.devices.virtio.balloon;
    exports org.lodgevm.devices.virtio.block;
    exports org.lodgevm.devices.virtio.console;
    exports org.lodgevm.devices.virtio.network;
    exports org.lodgevm.devices.virtio.queue;
    exports org.lodgevm.devices.virtio.rng;
    exports org.lodgevm.devices.virtio.socket;
    exports org.lodgevm.devices.virtio.transport;
}
