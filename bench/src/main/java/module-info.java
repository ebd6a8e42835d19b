/** Benchmarks of whole guests, side by side with QEMU. */
module org.lodgevm.bench {
    requires info.picocli;
    requires org.lodgevm.image;
    requires org.lodgevm.vm;
    requires org.lodgevm.x86;

    opens org.lodgevm.bench to
            info.picocli;
}
