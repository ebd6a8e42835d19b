package org.lodgevm.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.lodgevm.image.session.Window;

/** A console of Windows, whose events JLine turns into bytes. It is not a process's to leave behind: nothing guards it. */
final class WindowsConsole extends HostTerminal {
    private final Terminal terminal = TerminalBuilder.builder().system(true).dumb(false).nativeSignals(false).build();
    private final Attributes before = terminal.getAttributes();

    WindowsConsole() throws IOException {}

    @Override
    public InputStream keyboard() {
        return terminal.input();
    }

    @Override
    public Window size() {
        Size size = terminal.getSize();
        return size.getRows() > 0 && size.getColumns() > 0 ? new Window(size.getRows(), size.getColumns()) : Window.DEFAULT;
    }

    @Override
    void makeRaw() {
        Attributes raw = new Attributes(before);
        raw.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN, LocalFlag.ISIG), false);
        raw.setInputFlags(EnumSet.of(InputFlag.ICRNL, InputFlag.INLCR, InputFlag.IGNCR, InputFlag.IXON, InputFlag.IXOFF), false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        terminal.setAttributes(raw);
    }

    @Override
    void restore() {
        terminal.setAttributes(before);
    }

    @Override
    void release() {
        // its settings are all that it was
    }
}
