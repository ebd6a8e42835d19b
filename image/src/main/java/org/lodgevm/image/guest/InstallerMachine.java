package org.lodgevm.image.guest;

import java.nio.file.Path;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.RebootAction;
import org.lodgevm.vm.boot.BootFile;

/** The guest that installs packages: what it says on its console is how far it is. */
final class InstallerMachine {
    private static final long MEMORY = 1L << 30;
    private static final int CPUS = 2;

    private final Path kernel;
    private final byte[] initrd;
    private final Path disk;
    private final Path media;

    InstallerMachine(Path kernel, byte[] initrd, Path disk, Path media) {
        this.kernel = kernel;
        this.initrd = initrd;
        this.disk = disk;
        this.media = media;
    }

    /**
     * @param base how many packages are unpacked first, of {@code all}
     * @param what is being installed, for messages
     */
    void run(int base, int all, String what, Progress progress) {
        InstallLog log = new InstallLog(base + 2 * all, "installing " + what, progress);
        try (Machine machine = Machine.builder()
                .name("installer")
                .kernel(kernel)
                .initrd(BootFile.of("the installer", initrd))
                .append("console=ttyS0,115200 panic=-1 quiet")
                .cpus(Math.min(CPUS, Runtime.getRuntime().availableProcessors()))
                .memory(MEMORY)
                .rebootAction(RebootAction.EXIT)
                .console(null, log)
                .device(DeviceSpec.Disk.draft(disk.toString(), "qcow2", "root"))
                .device(new DeviceSpec.Disk(media.toString(), "raw", true, "packages"))
                .device(new DeviceSpec.Entropy())
                .build()) {
            machine.start();
            Outcome outcome = machine.await();
            if (!log.isDone()) {
                throw new ImageException("Installing " + what + " failed (" + outcome + "). The installer's last words were:\n"
                        + log.tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("Installing " + what + " was interrupted", e);
        }
    }

    /** Reads what the script {@code install} and dpkg say. */
    static final class InstallLog extends ConsoleLines {
        private static final int PERCENT = 100;
        /** A step of the script's own. */
        private static final String OWN = "lodge: ";
        /** dpkg is about to do something. @debian dpkg(1), --status-fd */
        private static final String DPKG = "processing: ";
        private static final String STATUS = "status: ";

        private final int steps;
        private final String what;
        private final Progress progress;
        private int done;
        private boolean finished;

        /** @param steps how many are to be expected, about */
        InstallLog(int steps, String what, Progress progress) {
            this.steps = steps;
            this.what = what;
            this.progress = progress;
        }

        synchronized boolean isDone() {
            return finished;
        }

        @Override
        synchronized boolean read(String text) {
            if (text.startsWith(OWN) || text.startsWith(DPKG)) {
                finished |= text.equals(OWN + "done");
                done = Math.min(done + 1, steps);
                progress.advance("%s: %d%%".formatted(what, PERCENT * done / steps), 0, Progress.UNKNOWN);
                return true;
            }
            return text.startsWith(STATUS);
        }
    }
}
