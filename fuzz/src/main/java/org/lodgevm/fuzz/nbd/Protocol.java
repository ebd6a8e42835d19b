package org.lodgevm.fuzz.nbd;

/** Numbers of the protocol, as its specification has them. @nbd "Values" */
final class Protocol {
    static final long MAGIC = 0x4e42_444d_4147_4943L;
    static final long OPTION_MAGIC = 0x4948_4156_454f_5054L;
    static final long OPTION_REPLY_MAGIC = 0x0003_e889_0455_65a9L;
    static final int REQUEST_MAGIC = 0x2560_9513;
    static final int SIMPLE_REPLY_MAGIC = 0x6744_6698;
    static final int STRUCTURED_REPLY_MAGIC = 0x668e_33ef;

    static final int OPT_EXPORT_NAME = 1;
    static final int OPT_GO = 7;
    static final int OPT_STRUCTURED_REPLY = 8;
    static final int OPT_SET_META_CONTEXT = 10;
    static final String BASE_ALLOCATION = "base:allocation";

    static final int REP_ACK = 1;
    static final int REP_INFO = 3;
    static final int REP_META_CONTEXT = 4;
    static final int REP_ERROR = 1 << 31;

    static final int INFO_EXPORT = 0;
    static final int INFO_BLOCK_SIZE = 3;

    static final int CMD_READ = 0;
    static final int CMD_WRITE = 1;
    static final int CMD_DISC = 2;
    static final int CMD_BLOCK_STATUS = 7;

    static final int CHUNK_NONE = 0;
    static final int CHUNK_OFFSET_DATA = 1;
    static final int CHUNK_OFFSET_HOLE = 2;
    static final int CHUNK_BLOCK_STATUS = 5;
    static final int CHUNK_ERROR = 1 << 15 | 1;

    private Protocol() {}
}
