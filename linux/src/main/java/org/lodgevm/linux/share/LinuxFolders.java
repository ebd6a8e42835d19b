package org.lodgevm.linux.share;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.FolderAccess;
import org.lodgevm.share.SharedFolder;

/** Opens folders to be shared. */
public final class LinuxFolders implements FolderAccess {
    private static final Path OWN_STATUS = Path.of("/proc/self/status");
    private static final String UMASK = "Umask:";
    private static final int OCTAL = 8;

    @Override
    public boolean isAvailable() {
        return LibC.unavailable() == null && Files.isReadable(OWN_STATUS);
    }

    @Override
    public SharedFolder open(Path folder) throws IOException {
        byte[] path = folder.toAbsolutePath().toString().getBytes(System.getProperty("sun.jnu.encoding", "UTF-8"));
        try {
            int descriptor = (int) Calls.at(
                    SystemCall.OPENAT, Calls.AT_FDCWD, path, Calls.O_PATH | Calls.O_DIRECTORY | Calls.O_CLOEXEC);
            return new SharedFolder(
                    new LinuxPlace(descriptor, umask()),
                    (int) LibC.systemCall(SystemCall.GETEUID),
                    (int) LibC.systemCall(SystemCall.GETEGID));
        } catch (FileFault fault) {
            throw new IOException(LibC.failure("open " + folder, fault.errno()).getMessage(), fault);
        }
    }

    /** Of this process. Asking the kernel by umask(2) would change it for a moment. */
    private static int umask() throws IOException {
        for (String line : Files.readAllLines(OWN_STATUS)) {
            if (line.startsWith(UMASK)) {
                return Integer.parseInt(line.substring(UMASK.length()).trim(), OCTAL);
            }
        }
        return 0777; // Linux before 4.7 does not say: permissions are set in any case
    }
}
