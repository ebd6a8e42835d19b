/** Guest images from distribution packages. */
module org.lodgevm.image {
    requires java.net.http;
    requires org.bouncycastle.pg;
    requires org.bouncycastle.provider;
    requires org.lodgevm.storage;
    requires transitive org.lodgevm.vm;
    requires org.tukaani.xz;

    exports org.lodgevm.image;
    exports org.lodgevm.image.guest;
    exports org.lodgevm.image.initramfs;
    exports org.lodgevm.image.seed;
    exports org.lodgevm.image.session;
    exports org.lodgevm.image.store;
}
