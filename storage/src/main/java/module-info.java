/** Disk images. */
module org.lodgevm.storage {
    requires jdk.unsupported; // com.sun.nio.file.ExtendedOpenOption

    exports org.lodgevm.storage;
    exports org.lodgevm.storage.catalog;
    exports org.lodgevm.storage.copy;
    exports org.lodgevm.storage.file;
    exports org.lodgevm.storage.nbd;
    exports org.lodgevm.storage.zstd;

    uses org.lodgevm.storage.file.HolePuncher;
}
