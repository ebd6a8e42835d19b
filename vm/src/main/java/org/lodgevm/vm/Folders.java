package org.lodgevm.vm;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.lodgevm.share.SharedFolder;

/** Opens the folders that a specification names. */
final class Folders {
    private Folders() {}

    /** @throws MachineException if that is not possible */
    static SharedFolder open(DeviceSpec.SharedFolder shared) {
        try {
            return SharedFolder.open(shared.folder());
        } catch (NoSuchFileException e) {
            throw new MachineException("there is no folder %s to be shared; make it first".formatted(shared.folder()), e);
        } catch (NotDirectoryException e) {
            throw new MachineException("%s is no folder, and only folders can be shared; name the one that it is in".formatted(shared.folder()), e);
        } catch (IOException e) {
            throw new MachineException("the folder %s cannot be shared: %s".formatted(shared.folder(), e.getMessage()), e);
        }
    }
}
