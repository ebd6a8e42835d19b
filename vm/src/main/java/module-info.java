/** Machine assembly, boot protocols, ACPI and the embedding API. */
module org.lodgevm.vm {
    requires transitive org.lodgevm.machine;
    requires transitive org.lodgevm.net;
    requires org.lodgevm.devices;
    requires org.lodgevm.share;
    requires transitive org.lodgevm.storage;

    exports org.lodgevm.vm;
    exports org.lodgevm.vm.boot;
    exports org.lodgevm.vm.gdb;
    exports org.lodgevm.vm.guest;
    exports org.lodgevm.vm.migration;
    exports org.lodgevm.vm.snapshot;

    opens org.lodgevm.vm.snapshot to org.lodgevm.machine;

    uses org.lodgevm.machine.Accelerator;
    uses org.lodgevm.machine.RamSource;
}
