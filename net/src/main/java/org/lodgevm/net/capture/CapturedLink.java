package org.lodgevm.net.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;

/** A cable with somebody listening: records what passes, each frame once it has been taken. A full disk ends the recording only. */
public final class CapturedLink implements Link {
    private final Link link;
    private final PcapFile file;
    private final Clock clock = Clock.systemUTC();

    /** Closing this closes the link. */
    public CapturedLink(Link link, Path path) throws IOException {
        this.link = link;
        this.file = new PcapFile(path);
    }

    /** What ended the recording before its time. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(file.failure());
    }

    @Override
    public boolean send(Frame frame) {
        return recorded(frame, link.send(frame));
    }

    private boolean recorded(Frame frame, boolean taken) {
        if (taken) {
            file.write(frame, clock.instant());
        }
        return taken;
    }

    @Override
    public void connect(Receiver receiver) {
        link.connect(new Receiver() {
            @Override
            public boolean receive(Frame frame) {
                return recorded(frame, receiver.receive(frame));
            }

            @Override
            public void sendReady() {
                receiver.sendReady();
            }

            @Override
            public Capabilities capabilities() {
                return receiver.capabilities();
            }
        });
    }

    @Override
    public void receiveReady() {
        link.receiveReady();
    }

    @Override
    public void close() {
        link.close();
        try {
            file.close();
        } catch (IOException e) {
            // what could be written is there
        }
    }
}
