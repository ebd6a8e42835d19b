/** The x86-64 CPU in Java. */
module org.lodgevm.x86 {
    requires transitive org.lodgevm.machine;
}
