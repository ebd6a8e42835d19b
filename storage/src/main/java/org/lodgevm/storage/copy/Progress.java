package org.lodgevm.storage.copy;

/** Hears how a long piece of work comes along, in bytes. Called often: an implementation limits itself. */
@FunctionalInterface
public interface Progress {
    Progress SILENT = (done, total) -> {};

    void advance(long done, long total);
}
