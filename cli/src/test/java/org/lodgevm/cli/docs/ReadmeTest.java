package org.lodgevm.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.vm.Outcome;

class ReadmeTest {
    /** Maven runs tests in the module's folder. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Path EXAMPLE = ROOT.resolve("cli/src/test/java/org/lodgevm/cli/docs/EmbeddingExample.java");

    @Test
    void theExampleIsTheOneThatIsTested() throws IOException {
        String tested = between("// begin\n", "        // end", Files.readString(EXAMPLE)).stripIndent().strip();
        String shown = between("```java\n", "```", Files.readString(ROOT.resolve("README.md"))).strip();
        assertThat(shown).isEqualTo(tested);
    }

    /** It needs Debian's packages: from the cache, or over the network. */
    @Test
    @Timeout(180)
    void theExampleRuns() throws Exception {
        DebianGuest guest = DebianGuest.of(DebianPackages.configured(), Architecture.AMD64);
        assumeThatCode(() -> guest.prepare(Progress.SILENT)).doesNotThrowAnyException();
        assertThat(EmbeddingExample.run()).isEqualTo(new Outcome.PoweredOff());
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");
        for (String document : new String[] {"README.md", "CONTRIBUTING.md", "docs/architecture.md"}) {
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
