package org.lodgevm.storage.vmdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.UnsupportedImageException;
import org.lodgevm.storage.blocks.BlockTableImage;
import org.lodgevm.storage.blocks.FixedTable;

/** The format {@code vmdk}. */
public final class VmdkFormat implements ImageFormat {
    private static final int SECTOR = SparseHeader.SECTOR;
    /** From the end: a footer's header, then the end's marker. */
    private static final int FOOTER = 2 * SECTOR;

    @Override
    public String name() {
        return "vmdk";
    }

    @Override
    public boolean recognises(ByteBuffer head, ByteStore store) {
        byte[] begin = VmdkDescriptor.BEGIN.getBytes(UTF_8);
        return head.remaining() >= begin.length
                && (head.order(ByteOrder.LITTLE_ENDIAN).getInt(0) == SparseHeader.MAGIC
                        || head.slice(0, begin.length).equals(ByteBuffer.wrap(begin)));
    }

    @Override
    public DiskImage open(ByteStore store, Surroundings surroundings) throws IOException {
        if (!isSparse(store)) {
            return openDescribed(store, surroundings);
        }
        SparseHeader header = SparseHeader.read(store, 0);
        VmdkDescriptor descriptor = header.descriptor() > 0
                ? VmdkDescriptor.read(store, header.descriptor() * SECTOR, header.descriptorLength() * SECTOR)
                : null;
        if (header.directory() == SparseHeader.AT_THE_END && !store.isReadOnly() && store.size() == header.overhead() * SECTOR) {
            return new StreamWriter(store, header);
        }
        DiskImage backing = descriptor == null ? null : openParent(store, descriptor, surroundings);
        return openSparse(store, header, descriptor, backing);
    }

    private static boolean isSparse(ByteStore store) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        store.read(0, magic);
        return magic.getInt(0) == SparseHeader.MAGIC;
    }

    private static DiskImage openParent(ByteStore store, VmdkDescriptor descriptor, Surroundings surroundings) throws IOException {
        return descriptor.parent().isPresent() && !surroundings.skipsBacking()
                ? surroundings.openBacking(store, descriptor.parent().get(), "vmdk")
                : null;
    }

    private DiskImage openSparse(ByteStore store, SparseHeader first, VmdkDescriptor descriptor, DiskImage backing) throws IOException {
        SparseHeader header = first.directory() == SparseHeader.AT_THE_END ? SparseHeader.read(store, store.size() - FOOTER) : first;
        if (header.isCompressed() && !store.isReadOnly()) {
            throw new UnsupportedImageException(store.name(), "what is stream-optimised can only be read; convert it");
        }
        Map<String, Object> details = Map.of("create-type", descriptor == null ? "unknown" : descriptor.createType());
        return new BlockTableImage(name(), store, new GrainTable(store, header, descriptor), header.capacity() * SECTOR, backing, details);
    }

    private DiskImage openDescribed(ByteStore store, Surroundings surroundings) throws IOException {
        VmdkDescriptor descriptor = VmdkDescriptor.read(store, 0, store.size());
        List<DiskImage> parts = new ArrayList<>();
        DiskImage backing = openParent(store, descriptor, surroundings);
        try {
            if (descriptor.extents().isEmpty()) {
                throw new CorruptImageException(store.name(), "its descriptor names no extent");
            }
            for (VmdkDescriptor.Extent extent : descriptor.extents()) {
                parts.add(openPart(store, descriptor, extent, backing, surroundings));
            }
            if (!store.isReadOnly()) {
                descriptor.renew();
            }
            return new JoinedImage(store, parts, backing, Map.of("create-type", descriptor.createType()));
        } catch (IOException | RuntimeException e) {
            for (DiskImage part : parts) {
                part.close();
            }
            if (backing != null) {
                backing.close();
            }
            throw e;
        }
    }

    private DiskImage openPart(ByteStore store, VmdkDescriptor descriptor, VmdkDescriptor.Extent extent, DiskImage backing, Surroundings surroundings)
            throws IOException {
        if (backing != null || extent.file() == null || !extent.type().matches("FLAT|VMFS|SPARSE")) {
            throw new UnsupportedImageException(store.name(), backing != null
                    ? "it has extents in files of their own, and a parent, which Lodge does not do"
                    : "it has an extent of type %s, which Lodge does not do".formatted(extent.type()));
        }
        ByteStore file = surroundings.openExtent(store, extent.file());
        try {
            if (extent.type().equals("SPARSE")) {
                return openSparse(file, SparseHeader.read(file, 0), null, null);
            }
            long begin = extent.offset() * SECTOR;
            long length = extent.sectors() * SECTOR;
            if (length < 0 || begin < 0 || begin > file.size() - length) {
                throw new CorruptImageException(store.name(), "extent '%s' has %d bytes, less than its descriptor says".formatted(extent.file(), file.size()));
            }
            return new BlockTableImage(name(), file, new FixedTable(begin), length, null, Map.of("create-type", descriptor.createType()));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void create(ByteStore store, long size, CreateOptions options, Surroundings surroundings) throws IOException {
        options.allow(name(), "subformat", "adapter_type", "zeroed_grain");
        String adapter = options.word("adapter_type", "ide", "lsilogic", "buslogic", "legacyESX");
        long sectors = (size + SECTOR - 1) / SECTOR;
        String own = store.name().replaceFirst(".*[/\\\\]", "");
        switch (options.word("subformat", "monolithicSparse", "monolithicFlat", "streamOptimized")) {
            case "monolithicFlat" -> {
                String flat = own.replaceFirst("\\.vmdk$", "") + "-flat.vmdk";
                try (ByteStore extent = surroundings.createExtent(store, flat)) {
                    extent.resize(sectors * SECTOR);
                }
                store.write(0, UTF_8.encode(VmdkDescriptor.text("monolithicFlat", adapter, new VmdkDescriptor.Extent(sectors, "FLAT", flat, 0))));
            }
            case "streamOptimized" -> NewExtent.stream(store, sectors, adapter, own);
            default -> NewExtent.sparse(store, sectors, adapter, own, options.flag("zeroed_grain", false));
        }
        store.flush();
    }
}
