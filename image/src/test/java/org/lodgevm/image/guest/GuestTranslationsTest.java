package org.lodgevm.image.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.TestHost;

class GuestTranslationsTest {
    @TempDir
    private Path root;

    private GuestTranslations of(String kernel, String id) {
        DebianPackages packages = DebianPackages.on(TestHost.in(root)).cachedIn(root.resolve("cache"));
        return new GuestTranslations(packages, new GuestImage(Path.of(kernel), Path.of("initramfs"), Architecture.AMD64, "6.1"), id);
    }

    @Test
    void whatWasMadeIsFoundForThatKernelAndThoseMachinesOnly() throws Exception {
        assertThat(of("kernel", "id").find()).isEmpty();

        Optional<Path> made = of("kernel", "id").make(file -> Files.writeString(file, "translations").equals(file));

        assertThat(made).hasValueSatisfying(file -> assertThat(file).hasContent("translations"));
        assertThat(of("kernel", "id").find()).isEqualTo(made);
        assertThat(of("another kernel", "id").find()).isEmpty();
        assertThat(of("kernel", "another id").find()).isEmpty();
    }

    @Test
    void whatIsOfNoUseIsNotKept() throws Exception {
        assertThat(of("kernel", "id").make(file -> {
            Files.writeString(file, "half of it");
            return false;
        })).isEmpty();
        assertThat(of("kernel", "id").find()).isEmpty();
        List<Path> places = new ArrayList<>();
        assertThatThrownBy(() -> of("kernel", "id").make(file -> {
            places.add(file);
            Files.writeString(file, "less than that");
            throw new IOException("disk full");
        })).hasMessage("disk full");
        assertThat(places).singleElement().satisfies(file -> assertThat(file.getParent()).doesNotExist());
    }

    @Test
    void whatRottedIsNotUsed() throws Exception {
        Path file = of("kernel", "id").make(at -> Files.writeString(at, "translations").equals(at)).orElseThrow();
        Files.writeString(file, "trans1ations");
        assertThat(of("kernel", "id").find()).isEmpty();
    }
}
