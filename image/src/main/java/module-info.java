/** Guest images from distribution packages. */
module org.lodgevm.image {
    requires java.net.http;
    requires org.apache.commons.compress;
    requires org.tukaani.xz;
    requires aircompressor.v3;
    requires org.bouncycastle.pg;
    requires org.bouncycastle.provider;

    exports org.lodgevm.image;
    exports org.lodgevm.image.session;
}
