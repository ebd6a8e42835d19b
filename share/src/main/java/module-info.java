/** Folders of the host for guests. */
module org.lodgevm.share {
    exports org.lodgevm.share;

    uses org.lodgevm.share.FolderAccess;
}
