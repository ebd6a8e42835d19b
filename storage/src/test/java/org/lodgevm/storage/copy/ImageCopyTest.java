package org.lodgevm.storage.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.storage.Alone;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.MemoryStore;
import org.lodgevm.storage.catalog.Images;

class ImageCopyTest {
    private static final int SMALL = 100_352;
    private static final int LARGE = 300 << 10;

    /** The end of what is copied is inside of a unit. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void compressedIntoALargerDiskWhatIsBehindStaysAsItIs(boolean blank) throws IOException {
        byte[] expected = new byte[LARGE];
        MemoryStore raw = new MemoryStore(new byte[SMALL], false);
        MemoryStore packed = new MemoryStore(new byte[0], false);
        ImageFormat qcow2 = Images.format("qcow2");
        qcow2.create(packed, LARGE, CreateOptions.none(), new Alone());
        try (DiskImage from = Images.format("raw").open(raw, new Alone()); DiskImage to = qcow2.open(packed, new Alone())) {
            if (!blank) {
                Content before = new Content(LARGE, 1);
                before.write(to, 0, LARGE);
                System.arraycopy(before.bytes(), 0, expected, 0, LARGE);
            }
            Content content = new Content(SMALL, 2);
            content.write(from, 0, SMALL);
            System.arraycopy(content.bytes(), 0, expected, 0, SMALL);
            new ImageCopy(from, to, blank, ImageCopy.SPARSE, true, false, Progress.SILENT).run();
            assertThat(Arrays.mismatch(Content.of(to), expected)).isEqualTo(-1);
        }
    }
}
