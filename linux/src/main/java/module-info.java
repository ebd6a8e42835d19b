/** Native calls to the Linux kernel. */
module org.lodgevm.linux {
    requires transitive org.lodgevm.machine;
    requires transitive org.lodgevm.net;
    requires transitive org.lodgevm.share;
    requires transitive org.lodgevm.storage;

    provides org.lodgevm.machine.ProgramPages with
            org.lodgevm.linux.RuntimePages;
    provides org.lodgevm.machine.RamSource with
            org.lodgevm.linux.MemfdRam;
    provides org.lodgevm.net.wire.TapAccess with
            org.lodgevm.linux.tap.LinuxTap;
    provides org.lodgevm.share.FolderAccess with
            org.lodgevm.linux.share.LinuxFolders;
    provides org.lodgevm.storage.file.HolePuncher with
            org.lodgevm.linux.LinuxHoles;
    provides org.lodgevm.machine.Accelerator with
            org.lodgevm.linux.kvm.KvmAccelerator;
    provides org.lodgevm.machine.Confinement with
            org.lodgevm.linux.confine.LinuxConfinement;

    uses org.lodgevm.machine.CpuModel;
}
