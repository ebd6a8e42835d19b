/** Benchmarks, side by side with QEMU. */
module org.lodgevm.bench {
    requires org.lodgevm.vm;
}
