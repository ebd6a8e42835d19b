/** The devices of a PC. */
module org.lodgevm.devices {
    requires transitive org.lodgevm.machine;
    requires transitive org.lodgevm.net;
    requires transitive org.lodgevm.share;
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
    exports org.lodgevm.devices.virtio.filesystem;
    exports org.lodgevm.devices.virtio.network;
    exports org.lodgevm.devices.virtio.pmem;
    exports org.lodgevm.devices.virtio.queue;
    exports org.lodgevm.devices.virtio.rng;
    exports org.lodgevm.devices.virtio.socket;
    exports org.lodgevm.devices.virtio.transport;

    opens org.lodgevm.devices.chipset to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.apic to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.debug to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.dma to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.firmware to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.keyboard to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.pci to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.pic to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.power to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.serial to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.timer to org.lodgevm.machine;
    opens org.lodgevm.devices.chipset.wiring to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.balloon to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.block to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.console to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.filesystem to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.filesystem.fuse to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.network to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.queue to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.rng to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.socket to org.lodgevm.machine;
    opens org.lodgevm.devices.virtio.transport to org.lodgevm.machine;
}
