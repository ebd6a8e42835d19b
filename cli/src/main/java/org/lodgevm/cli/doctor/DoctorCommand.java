package org.lodgevm.cli.doctor;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.json.Json;
import org.lodgevm.image.Host;
import org.lodgevm.machine.Confinement;
import org.lodgevm.machine.Confinement.Barrier;
import org.lodgevm.vm.Accelerators;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lodge doctor}. */
@Command(
        name = "doctor",
        description = "Tells what this host offers to machines, and what to do about the rest.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:machines run here", "74:they do not"})
public final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = new Examination(Host.current(), Accelerators.installed(), barriers()).findings();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(findings.stream().map(Finding::asMap).toList()));
        } else {
            findings.forEach(out::println);
        }
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.BAD) ? ExitStatus.HOST : ExitStatus.OK;
    }

    private static List<Barrier> barriers() {
        return ServiceLoader.load(Confinement.class).findFirst().map(Confinement::barriers).orElse(List.of());
    }
}
