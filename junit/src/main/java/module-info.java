/** Virtual machines as JUnit fixtures. */
module org.lodgevm.junit {
    requires transitive org.junit.jupiter.api;
    requires transitive org.lodgevm.vm;
    requires org.lodgevm.image;

    exports org.lodgevm.junit;
}
