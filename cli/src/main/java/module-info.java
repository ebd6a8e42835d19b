/** The {@code lodge} command. */
module org.lodgevm.cli {
    requires org.lodgevm.vm;
    requires org.lodgevm.image;
    requires org.lodgevm.x86;
    requires info.picocli;
    requires org.jline.terminal;
    requires org.slf4j;
}
