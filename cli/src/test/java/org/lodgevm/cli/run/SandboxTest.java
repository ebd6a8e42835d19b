package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.machine.Confinement;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineSpec;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SandboxTest {
    private static final MachineSpec MACHINE = Machine.builder().kernel(Path.of("vmlinuz")).initrd("a.img,b.img args").spec();

    private final List<Confinement.Access> confined = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    private final List<Confinement.Resources> limited = new ArrayList<>();
    private final Confinement confinement = new Confinement() {
        @Override
        public List<Barrier> barriers() {
            return List.of(new Barrier("walls", "stays inside", null), new Barrier("moats", "", "there is no water"));
        }

        @Override
        public void limit(Resources resources) {
            limited.add(resources);
        }

        @Override
        public void rehearse() {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public Prepared prepare(Access access) {
            return new Raised(() -> confined.add(access));
        }
    };

    private record Raised(Runnable whenRaised) implements Confinement.Prepared {
        @Override
        public void raise() {
            whenRaised.run();
        }

        @Override
        public void close() {
            // nothing to release
        }
    }

    @Command
    private static final class Options {
        @Mixin
        private Sandbox sandbox;
    }

    @Test
    void aMachineKeepsItsBootFilesAndWhatItMayWriteTo() {
        sandbox().enter(Optional.of(confinement), MACHINE, List.of(Path.of("folder")), log::add);
        assertThat(confined).containsExactly(new Confinement.Access(
                List.of(Path.of("vmlinuz"), Path.of("a.img"), Path.of("b.img")), List.of(Path.of("folder"))));
    }

    @Test
    void aBarrierThatTheHostLacksIsOneLine() {
        sandbox().enter(Optional.of(confinement), MACHINE, List.of(), log::add);
        assertThat(log).containsExactly("the machine's process is not confined by moats: there is no water");
    }

    @Test
    void aSystemWithoutAnyIsOneLine() {
        sandbox().enter(Optional.empty(), MACHINE, List.of(), log::add);
        assertThat(log).containsExactly("nothing confines the machine's process on this system");
    }

    @Test
    void theUserMayDoWithout() {
        sandbox("--no-sandbox").enter(Optional.of(confinement), MACHINE, List.of(), log::add);
        assertThat(confined).isEmpty();
        assertThat(log).isEmpty();
    }

    @Test
    void aBarrierThatFallsEndsTheRunWithTheWayOut() {
        Confinement broken = new Confinement() {
            @Override
            public List<Barrier> barriers() {
                return List.of();
            }

            @Override
            public void limit(Resources resources) {
                throw new IllegalStateException("no scales");
            }

            @Override
            public void rehearse() {
                throw new IllegalStateException("no bricks");
            }

            @Override
            public Prepared prepare(Access access) {
                return new Raised(() -> {
                    throw new IllegalStateException("no bricks");
                });
            }
        };
        assertThatThrownBy(() -> sandbox().enter(Optional.of(broken), MACHINE, List.of(), log::add))
                .isInstanceOf(Failure.class).hasMessageContaining("no bricks").hasMessageContaining("--no-sandbox");
        assertThatThrownBy(() -> sandbox("--no-sandbox", "--cpu-quota=50%").enter(Optional.of(broken), MACHINE, List.of(), log::add))
                .isInstanceOf(Failure.class).hasMessage("the machine's process cannot be limited: no scales");
    }

    @Test
    void limitsAreAskedForOnlyIfTheUserDoes() {
        sandbox().enter(Optional.of(confinement), MACHINE, List.of(), log::add);
        assertThat(limited).isEmpty();
        sandbox("--memory-limit=2G", "--cpu-quota=150%").enter(Optional.of(confinement), MACHINE, List.of(), log::add);
        sandbox("--no-sandbox", "--cpu-quota=20").enter(Optional.of(confinement), MACHINE, List.of(), log::add);
        assertThat(limited).containsExactly(
                new Confinement.Resources(2L << 30, 150), new Confinement.Resources(Confinement.Resources.UNLIMITED, 20));
    }

    @Test
    void aShareOfNothingIsNone() {
        assertThatThrownBy(() -> sandbox("--cpu-quota=0")).hasMessageContaining("150%");
        assertThatThrownBy(() -> sandbox("--cpu-quota=half")).hasMessageContaining("'half' is no share");
    }

    private static Sandbox sandbox(String... arguments) {
        Options options = new Options();
        new CommandLine(options).parseArgs(arguments);
        return options.sandbox;
    }
}
