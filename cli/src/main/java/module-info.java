/** The {@code lodge} command. */
module org.lodgevm.cli {
    requires org.lodgevm.image;
    requires org.lodgevm.machine;
    requires org.lodgevm.manage;
    requires org.lodgevm.net;
    requires org.lodgevm.storage;
    requires org.lodgevm.vm;
    requires org.lodgevm.x86;
    requires info.picocli;
    requires jdk.unsupported; // by which JLine hears of signals
    requires org.jline.terminal;
    requires org.slf4j;

    uses org.lodgevm.machine.Confinement;
    uses org.lodgevm.machine.ProgramPages;

    exports org.lodgevm.cli.log to
            org.slf4j;

    provides System.LoggerFinder with
            org.lodgevm.cli.log.PlatformLogging;
    provides org.slf4j.spi.SLF4JServiceProvider with
            org.lodgevm.cli.log.StandardErrorLogging;

    opens org.lodgevm.cli to
            info.picocli;
    opens org.lodgevm.cli.completion to
            info.picocli;
    opens org.lodgevm.cli.disasm to
            info.picocli;
    opens org.lodgevm.cli.doctor to
            info.picocli;
    opens org.lodgevm.cli.image to
            info.picocli;
    opens org.lodgevm.cli.images to
            info.picocli;
    opens org.lodgevm.cli.machines to
            info.picocli;
    opens org.lodgevm.cli.run to
            info.picocli;
}
