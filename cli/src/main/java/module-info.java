/** The {@code lodge} command. */
module org.lodgevm.cli {
    requires org.lodgevm.image;
    requires org.lodgevm.machine;
    requires org.lodgevm.vm;
    requires info.picocli;
    requires org.jline.terminal;

    opens org.lodgevm.cli to
            info.picocli;
}
