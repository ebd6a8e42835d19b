package org.lodgevm.manage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What is written in the course of a machine's runs, in a file that is kept across them. When it is full it becomes the old one, and the one that was old
 * is gone: a guest cannot fill its host's disk.
 */
public final class BoundedLog extends OutputStream {
    /** Of each of the two files. */
    static final long LARGEST = 16 << 20;

    private final Path file;
    private OutputStream out;
    private long size;

    public BoundedLog(Path file) throws IOException {
        this.file = file;
        open();
    }

    /** The older part of it. */
    public static Path old(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    private void open() throws IOException {
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size = Files.size(file);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (size + length > LARGEST) {
            out.close();
            Files.move(file, old(file), StandardCopyOption.REPLACE_EXISTING);
            open();
        }
        out.write(bytes, offset, length);
        size += length;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
