package org.lodgevm.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.vm.Outcome;

class DocumentsTest {
    /** Maven runs tests in the module's folder. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Path EXAMPLES = ROOT.resolve("cli/src/test/java/org/lodgevm/cli/docs");

    @ParameterizedTest
    @CsvSource({"README.md, EmbeddingExample.java", "docs/add-a-device.md, Watchdog.java"})
    void whatIsShownIsWhatIsCompiled(String document, String source) throws IOException {
        String compiled = Files.readString(EXAMPLES.resolve(source)).lines()
                .dropWhile(line -> !line.strip().equals("// begin"))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// end"))
                .collect(Collectors.joining("\n"));
        String shown = between("```java\n", "\n```", Files.readString(ROOT.resolve(document)));
        assertThat(shown).isEqualTo(compiled.stripIndent());
    }

    /** It needs Debian's packages: from the cache, or over the network. */
    @Test
    @Timeout(180)
    void theReadmesExampleRuns() throws Exception {
        DebianGuest guest = DebianGuest.of(DebianPackages.configured(), Architecture.AMD64);
        assumeThatCode(() -> guest.prepare(Progress.SILENT)).doesNotThrowAnyException();
        assertThat(EmbeddingExample.run()).isEqualTo(new Outcome.PoweredOff());
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");
        for (String document : new String[] {
            "README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/add-an-instruction.md", "docs/add-a-device.md"
        }) {
            Path file = ROOT.resolve(document);
            Matcher links = link.matcher(Files.readString(file));
            while (links.find()) {
                assertThat(file.resolveSibling(links.group(1))).as(document).exists();
            }
        }
    }

    private static String between(String begin, String end, String text) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
