package org.lodgevm.vm;

import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.HostFunction;

/** The accelerators installed as services, and the choice among them. */
public final class Accelerators {
    /** The name that stands for the best accelerator that works on this host. */
    public static final String AUTO = "auto";

    private Accelerators() {}

    /** All of them, working here or not, preferred ones first. */
    public static List<Accelerator> installed() {
        return services().stream()
                .map(ServiceLoader.Provider::get)
                .sorted((a, b) -> Integer.compare(b.preference(), a.preference()))
                .toList();
    }

    /**
     * Makes ready what is the same for all machines and takes long, for a process that will soon make one, on a thread that has nothing else to do. Whoever
     * needs it meanwhile waits for it.
     */
    public static void prepare() {
        HostFunction.find("getpid"); // to link the first function takes the JDK longest
        installed().forEach(Accelerator::prepare);
    }

    /** Those of modules, if we are one: to find more, the JDK would look into every jar, which takes as long as making a machine. */
    private static ServiceLoader<Accelerator> services() {
        ModuleLayer layer = Accelerators.class.getModule().getLayer();
        return layer == null ? ServiceLoader.load(Accelerator.class) : ServiceLoader.load(layer, Accelerator.class);
    }

    /**
     * The accelerator called {@code name}.
     *
     * @param log told in one line when {@code auto} passes over a preferred accelerator
     * @throws MachineException when it does not exist or does not work here
     */
    public static Accelerator choose(String name, List<Accelerator> installed, Consumer<String> log) {
        return name.equals(AUTO) ? best(installed, log) : named(name, installed);
    }

    private static Accelerator best(List<Accelerator> installed, Consumer<String> log) {
        StringBuilder passedOver = new StringBuilder();
        for (Accelerator accelerator : installed) {
            String reason = accelerator.unavailable();
            if (reason == null) {
                if (!passedOver.isEmpty()) {
                    log.accept("using accelerator " + accelerator.name() + passedOver);
                }
                return accelerator;
            }
            passedOver.append("; ").append(accelerator.name()).append(" does not work here: ").append(reason);
        }
        throw new MachineException(passedOver.isEmpty()
                ? "no accelerator is installed; put the module org.lodgevm.x86 on the module path"
                : "no accelerator works on this host" + passedOver);
    }

    private static Accelerator named(String name, List<Accelerator> installed) {
        for (Accelerator accelerator : installed) {
            if (accelerator.name().equals(name)) {
                String reason = accelerator.unavailable();
                if (reason != null) {
                    throw new MachineException("accelerator %s does not work here: %s".formatted(name, reason));
                }
                return accelerator;
            }
        }
        throw new MachineException("there is no accelerator called %s; choose %s or one of: %s".formatted(
                name, AUTO, installed.stream().map(Accelerator::name).collect(Collectors.joining(", "))));
    }
}
