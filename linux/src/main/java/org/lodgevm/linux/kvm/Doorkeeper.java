package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lodgevm.linux.call.Epoll;
import org.lodgevm.linux.call.EventFd;
import org.lodgevm.machine.Doorbell;

/**
 * Answers devices' doorbells: the kernel signals an event for each write, without the vCPU leaving the guest for us, and one thread of the
 * machine's rings. That thread exists from the first doorbell on.
 */
final class Doorkeeper implements Doorbell.Keeper, AutoCloseable {
    static final int KVM_IOEVENTFD_FLAG_DATAMATCH = 1;
    static final int KVM_IOEVENTFD_FLAG_DEASSIGN = 1 << 2;

    private static final long END = 0;
    private static final int AT_A_TIME = 16;

    private final KvmHandle vm;
    private final Map<Doorbell, Answered> answered = new HashMap<>();
    /** By the numbers that their events have. */
    private final Map<Long, Doorbell> ringing = new ConcurrentHashMap<>();

    private long lastNumber = END;
    private Epoll events;
    private EventFd end;
    private Thread ringer;

    private record Answered(long gpa, long number, EventFd event) {}

    Doorkeeper(KvmHandle vm) {
        this.vm = vm;
    }

    @Override
    public synchronized void placed(long gpa, Doorbell doorbell) {
        removed(gpa, doorbell);
        start();
        EventFd event = EventFd.create();
        if (tell(gpa, doorbell, event, 0) < 0) {
            event.close(); // another is there already, or the kernel has no room: the guest leaves for this one
            return;
        }
        long number = ++lastNumber;
        ringing.put(number, doorbell);
        answered.put(doorbell, new Answered(gpa, number, event));
        events.add(event, number);
    }

    @Override
    public synchronized void removed(long gpa, Doorbell doorbell) {
        Answered known = answered.remove(doorbell);
        if (known != null) {
            tell(known.gpa, doorbell, known.event, KVM_IOEVENTFD_FLAG_DEASSIGN);
            ringing.remove(known.number);
            known.event.close();
            doorbell.bell().run(); // of a write that was signalled and not told of
        }
    }

    private int tell(long gpa, Doorbell doorbell, EventFd event, int flags) {
        boolean any = doorbell.size() == Doorbell.ANY_SIZE;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocate(Structs.IOEVENTFD);
            argument.set(JAVA_LONG, member("datamatch"), doorbell.value());
            argument.set(JAVA_LONG, member("addr"), gpa);
            argument.set(JAVA_INT, member("len"), doorbell.size());
            argument.set(JAVA_INT, member("fd"), event.descriptor());
            argument.set(JAVA_INT, member("flags"), flags | (any ? 0 : KVM_IOEVENTFD_FLAG_DATAMATCH));
            return vm.tryCall(Ioctl.KVM_IOEVENTFD, argument.address());
        }
    }

    private static long member(String name) {
        return Structs.offset(Structs.IOEVENTFD, name);
    }

    private void start() {
        if (ringer == null) {
            events = new Epoll();
            end = EventFd.create();
            events.add(end, END);
            ringer = Thread.ofPlatform().daemon().name("lodge-kvm-doorbells").start(this::ring);
        }
    }

    private void ring() {
        while (true) {
            for (long number : events.await(AT_A_TIME)) {
                if (number == END) {
                    return;
                }
                Doorbell doorbell = ringing.get(number);
                if (doorbell != null) {
                    doorbell.bell().run();
                }
            }
        }
    }

    /** Nothing rings any more on return. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            ending = ringer;
            if (ending == null) {
                return;
            }
            end.signal();
        }
        join(ending);
        synchronized (this) {
            answered.values().forEach(each -> each.event.close());
            answered.clear();
            end.close();
            events.close();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
