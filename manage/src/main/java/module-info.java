/** Machines by name, each in a process of its own, and how other processes speak with them. */
module org.lodgevm.manage {
    requires transitive org.lodgevm.vm;
    requires com.fasterxml.jackson.annotation;
    requires transitive com.fasterxml.jackson.databind;
    requires jdk.net; // by which a socket tells whose process is at its other end

    exports org.lodgevm.manage;
    exports org.lodgevm.manage.control;
    exports org.lodgevm.manage.migration;

    opens org.lodgevm.manage to
            com.fasterxml.jackson.databind;
}
