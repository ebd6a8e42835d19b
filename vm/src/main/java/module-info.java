/** Machine assembly, boot protocols, ACPI and the embedding API. */
module org.lodgevm.vm {
    requires transitive org.lodgevm.machine;
    requires org.lodgevm.devices;

    uses org.lodgevm.machine.Accelerator;
}
