package org.lodgevm.vm.migration;

/** What a message is; its number on the wire is its place here, from 1. */
enum MessageType {
    HELLO(1 << 20),
    ACCEPT(0),
    REFUSE(1 << 12),
    PAGES(PageBatch.LARGEST),
    STATE(64 << 20),
    READY(0),
    COMMIT(1),
    TAKEN(0),
    ASK(Hello.ASK_BYTES),
    PROTECT(Integer.BYTES + (1 << 20)),
    ALIVE(0),
    WRITES(1 + Long.BYTES + DiskCopy.PIECE),
    TEXT(1 + (1 << 20)),
    CHECKPOINT(Long.BYTES + 1),
    ACKNOWLEDGE(Long.BYTES),
    END(0),
    JOIN(Hello.ASK_BYTES),
    ABSENT(PageServer.LARGEST_ABSENT),
    FETCH(PageRequests.PAGES * Long.BYTES),
    RECOVER(Hello.ASK_BYTES),
    ZEROES(1 + 2 * Long.BYTES),
    HOT_CODE(1 << 20);

    /** Of a payload, in bytes. */
    final int limit;

    MessageType(int limit) {
        this.limit = limit;
    }
}
