package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import org.lodgevm.share.FileFault;

/** Does what requests of one opcode ask for. */
@FunctionalInterface
interface Operation {
    /** @return what follows the answer's header */
    MemorySegment perform(Request request) throws FileFault;
}
