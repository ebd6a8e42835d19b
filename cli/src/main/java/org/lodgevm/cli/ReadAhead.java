package org.lodgevm.cli;

import java.lang.reflect.Field;
import java.util.Optional;
import java.util.UUID;
import org.lodgevm.machine.Confinement;
import org.lodgevm.vm.Accelerators;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;

/**
 * What another processor can do while this one goes through the command line: whoever needs it meanwhile waits for it, and whoever needs it later finds it
 * done. Nothing comes of it but time.
 *
 * @param command whose annotations picocli is about to read; the JDK, which takes a class of its own for each kind of them, keeps what was read
 * @param machine whether a machine will be made in this process
 * @param confinement of this process then
 */
record ReadAhead(Class<?> command, boolean machine, Optional<Confinement> confinement) implements Runnable {
    void start() {
        Thread.ofPlatform().daemon().name("lodge-read-ahead").start(this);
    }

    @Override
    public void run() {
        read(command);
        if (machine) {
            Accelerators.prepare();
            UUID.randomUUID(); // the first takes as long as all of a machine's devices
            confinement.ifPresent(ReadAhead::rehearse);
        }
    }

    private static void rehearse(Confinement confinement) {
        try {
            confinement.rehearse();
        } catch (RuntimeException e) {
            // whoever confines the process will say so
        }
    }

    private static void read(Class<?> options) {
        for (Field field : options.getDeclaredFields()) {
            if (field.isAnnotationPresent(Mixin.class) || field.isAnnotationPresent(ArgGroup.class)) {
                read(field.getType());
            }
        }
    }
}
