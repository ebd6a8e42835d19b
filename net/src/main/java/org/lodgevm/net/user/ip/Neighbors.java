package org.lodgevm.net.user.ip;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Offload;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.loop.Timer;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.user.plan.NetworkPlan;

/**
 * Which Ethernet address guests have, and what waits until that is known. Both tables are bounded: the longest unused
 * address is forgotten, and what cannot wait is dropped.
 */
public final class Neighbors {
    private static final int MAX_KNOWN = 512;
    private static final int MAX_ASKED = 32;
    private static final int MAX_WAITING = 4;

    /** @rfc 4861 10: MAX_MULTICAST_SOLICIT and RETRANS_TIMER */
    private static final int MAX_QUESTIONS = 3;

    private static final long QUESTION_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private record Waiting(ByteBuffer bytes, Offload offload) {}

    /** Somebody who is being looked for. */
    private static final class Question {
        final Queue<Waiting> waiting = new ArrayDeque<>();
        int asked = 1;
    }

    private final NetworkPlan plan;
    private final EventLoop loop;
    private final Timer again;
    private final Map<IpAddress, MacAddress> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<IpAddress, MacAddress> eldest) {
            return size() > MAX_KNOWN;
        }
    };
    private final Map<IpAddress, Question> asked = new HashMap<>();
    private final Consumer<IpAddress> unreachable;
    private Outlet outlet;

    /** @param unreachable told of those who do not answer */
    public Neighbors(NetworkPlan plan, EventLoop loop, Consumer<IpAddress> unreachable) {
        this.plan = plan;
        this.loop = loop;
        this.unreachable = unreachable;
        again = loop.timer(this::askAgain);
    }

    public void attach(Outlet newOutlet) {
        outlet = newOutlet;
    }

    /** An Ethernet address, or null if it is not known. */
    MacAddress find(IpAddress address) {
        if (address.isMulticast()) {
            return address.isV4() ? MacAddress.BROADCAST : MacAddress.ofMulticast(address);
        }
        return address.equals(plan.broadcast()) || address.equals(IpAddress.V4_BROADCAST)
                ? MacAddress.BROADCAST
                : known.get(address);
    }

    /** A guest has told its address. */
    public void learn(IpAddress address, MacAddress mac) {
        if (mac.isGroup() || mac.equals(plan.mac()) || !plan.isGuest(address)) {
            return;
        }
        known.put(address, mac);
        Question question = asked.remove(address);
        if (question != null) {
            question.waiting.forEach(frame -> outlet.late(frame.bytes, frame.offload, mac));
        }
    }

    /** Keeps a copy of a frame until its receiver's address is known. @return whether to ask for it now */
    boolean await(IpAddress address, Frame frame) {
        Question question = asked.get(address);
        boolean isNew = question == null;
        if (isNew) {
            if (asked.size() == MAX_ASKED || !plan.isGuest(address)) {
                return false;
            }
            question = new Question();
            asked.put(address, question);
            again.arm(loop.nanos() + QUESTION_INTERVAL);
        }
        if (question.waiting.size() == MAX_WAITING) {
            question.waiting.remove(); // the latest are worth most. RFC 1122 2.3.2.2
        }
        ByteBuffer copy = ByteBuffer.allocate(frame.size());
        copy.put(0, frame.bytes(), frame.bytes().position(), frame.size());
        question.waiting.add(new Waiting(copy, frame.offload()));
        return isNew;
    }

    private void askAgain() {
        List<IpAddress> silent = new ArrayList<>();
        for (Iterator<Map.Entry<IpAddress, Question>> i = asked.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<IpAddress, Question> entry = i.next();
            if (entry.getValue().asked++ == MAX_QUESTIONS) {
                i.remove();
                silent.add(entry.getKey());
            } else {
                outlet.ask(entry.getKey());
            }
        }
        if (!asked.isEmpty()) {
            again.arm(loop.nanos() + QUESTION_INTERVAL);
        }
        silent.forEach(unreachable);
    }
}
