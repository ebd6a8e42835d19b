package org.lodgevm.fuzz.nbd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.lodgevm.fuzz.Dice;

/** Says all at once, and does not always listen to what the server says. */
final class HostileClient {
    private static final int ROOM = 1 << 20;
    private static final int REQUESTS = 30;
    private static final int DISK = 1 << 20;
    private static final String[] EXPORTS = {"", "", "qcow2", "nothing"};

    private final Dice dice;
    private final ByteBuffer talk = ByteBuffer.allocate(ROOM);

    HostileClient(Dice dice) {
        this.dice = dice;
    }

    void visit(SocketAddress server) throws IOException {
        talk.clear().putInt(dice.oneIn(16) ? (int) dice.number() : dice.below(4));
        for (int i = dice.below(5); i > 0; i--) {
            option(dice.oneIn(2) ? Protocol.OPT_STRUCTURED_REPLY : dice.below(12));
        }
        option(dice.of(Protocol.OPT_GO, Protocol.OPT_EXPORT_NAME));
        for (int i = dice.below(REQUESTS); i > 0; i--) {
            request();
        }
        talk.flip();
        boolean deaf = dice.oneIn(4);
        try (SocketChannel channel = SocketChannel.open(server)) {
            channel.configureBlocking(false);
            ByteBuffer answers = ByteBuffer.allocate(1 << 16);
            for (int turns = 0; turns < 2000 && talk.hasRemaining(); turns++) {
                int sent = channel.write(talk);
                int heard = deaf ? 0 : channel.read(answers.clear());
                if (heard < 0) {
                    return;
                }
                if (sent + heard == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            // the server has had enough
        }
    }

    private void option(int option) {
        byte[] data = dice.oneIn(4) ? dice.bytes(dice.below(60)) : data(option);
        talk.putLong(dice.oneIn(64) ? dice.bits() : Protocol.OPTION_MAGIC).putInt(option).putInt(dice.oneIn(64) ? (int) dice.number() : data.length).put(data);
    }

    private byte[] data(int option) {
        byte[] name = EXPORTS[dice.below(EXPORTS.length)].getBytes(US_ASCII);
        byte[] context = Protocol.BASE_ALLOCATION.getBytes(US_ASCII);
        ByteBuffer data = ByteBuffer.allocate(100);
        switch (option) {
            case Protocol.OPT_EXPORT_NAME -> data.put(name);
            case 6, Protocol.OPT_GO -> data.putInt(length(name)).put(name).putShort((short) dice.below(3)).putInt(0);
            case 9, Protocol.OPT_SET_META_CONTEXT -> data.putInt(length(name)).put(name).putInt(dice.oneIn(8) ? (int) dice.number() : 1).putInt(length(context)).put(context);
            default -> {}
        }
        byte[] said = new byte[data.position()];
        data.get(0, said);
        return said;
    }

    private int length(byte[] name) {
        return dice.oneIn(16) ? (int) dice.number() : name.length;
    }

    private void request() {
        int command = dice.below(9);
        int length = dice.oneIn(8) ? (int) dice.number() : dice.below(dice.oneIn(8) ? DISK : 5000);
        talk.putInt(dice.oneIn(128) ? (int) dice.bits() : Protocol.REQUEST_MAGIC).putShort((short) dice.below(16))
                .putShort((short) (command == Protocol.CMD_DISC && !dice.oneIn(8) ? Protocol.CMD_READ : command))
                .putLong(dice.below(4)).putLong(dice.oneIn(8) ? dice.number() : dice.below(DISK)).putInt(length);
        if (command == Protocol.CMD_WRITE && length > 0) {
            talk.put(new byte[Math.min(length, Math.min(5000, talk.remaining() - 4096))]);
        }
    }
}
