/** The contracts that CPUs, devices and machines share. */
module org.lodgevm.machine {
    exports org.lodgevm.machine;
    exports org.lodgevm.machine.state;
}
