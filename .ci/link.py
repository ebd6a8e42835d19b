"""Two network namespaces and the link between them, for .ci/soak: delay, loss, a rate and cuts as "tc qdisc ... netem" makes them, which not every kernel has.

    link.py    prints the numbers of two processes. Who enters the network namespace of the first is 10.77.0.1, of the second 10.77.0.2.

It takes commands from standard input, a line each, until that ends:

    is DELAY LOSS RATE    milliseconds each way, per cent of the packets, Mbit/s each way
    cut SECONDS           nothing passes for so long, and nobody is told: what is sent meanwhile is lost

At the end, and when it is terminated, it tells how much passed. It needs root and /dev/net/tun.
"""

import collections
import fcntl
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
MTU = 9000  # a packet costs this process the same, whatever is in it
ROOM = 1 << 20  # bytes that wait to be sent; what comes when there is no room is lost, as in a switch


class Direction:
    """Packets on their way: each leaves when those before it have, and arrives after the delay."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.waiting, self.free = collections.deque(), 0.0
        self.passed = self.lost = self.bytes = 0

    def receive(self, link, now):
        packet = os.read(self.source, 1 << 16)
        begins = max(now, self.free)
        if now < link.cut or random.random() < link.loss or (begins - now) * link.rate > ROOM:
            self.lost += 1
        else:
            self.free = begins + len(packet) / link.rate
            self.waiting.append((self.free + link.delay, packet))

    def deliver(self, link, now):
        while self.waiting and self.waiting[0][0] <= now:
            packet = self.waiting.popleft()[1]
            if now < link.cut:
                self.lost += 1
            else:
                os.write(self.target, packet)
                self.passed += 1
                self.bytes += len(packet)


class Link:
    """What the two directions have in common: seconds, a share, bytes a second, and until when nothing passes."""

    def __init__(self):
        self.delay, self.loss, self.rate, self.cut, self.cuts = 0.0, 0.0, 1e9 / 8, 0.0, 0

    def obey(self, command, now):
        word, *values = command.split()
        if word == 'is':
            delay, loss, rate = map(float, values)
            self.delay, self.loss, self.rate = delay / 1e3, loss / 100, rate * 1e6 / 8
        elif word == 'cut':
            self.cut = now + float(values[0])
            self.cuts += 1
        else:
            raise ValueError('no such command: ' + command)


def end(name, process, address):
    """An interface in the namespace of that process, whose other end is the file that is returned."""
    tun = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack('16sH14x', name.encode(), IFF_TUN | IFF_NO_PI))
    inside = ['nsenter', '--net=/proc/%d/ns/net' % process, 'ip']
    for command in (['ip', 'link', 'set', name, 'netns', str(process)], inside + ['link', 'set', 'lo', 'up'],
                    inside + ['address', 'add', address + '/24', 'dev', name], inside + ['link', 'set', name, 'mtu', str(MTU), 'up']):
        subprocess.run(command, check=True)
    return tun


def forward(link, directions):
    """Until standard input ends."""
    commands = b''
    while True:
        now = time.monotonic()
        due = [direction.waiting[0][0] for direction in directions if direction.waiting]
        ready, _, _ = select.select([0] + [direction.source for direction in directions], [], [], max(0, min(due) - now) if due else None)
        now = time.monotonic()
        for direction in directions:
            if direction.source in ready:
                direction.receive(link, now)
            direction.deliver(link, now)
        if 0 in ready:
            read = os.read(0, 4096)
            if not read:
                return
            *lines, commands = (commands + read).split(b'\n')
            for line in lines:
                link.obey(line.decode(), now)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    link, directions = Link(), []
    sides = [subprocess.Popen(['unshare', '--net', 'sleep', 'infinity'], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) for _ in range(2)]
    try:
        own = os.readlink('/proc/self/ns/net')
        while any(os.readlink('/proc/%d/ns/net' % side.pid) == own for side in sides):
            if any(side.poll() is not None for side in sides):
                raise OSError('no network namespace can be made')
            time.sleep(0.01)
        first, second = (end('link%d' % side.pid, side.pid, '10.77.0.%d' % (n + 1)) for n, side in enumerate(sides))
        directions += Direction(first, second), Direction(second, first)
        print(*(side.pid for side in sides), flush=True)
        forward(link, directions)
    finally:
        for side in sides:
            side.kill()
        if directions:
            print('link: %d packets passed, %d MiB, %d were lost; %d cuts' % (
                sum(d.passed for d in directions), sum(d.bytes for d in directions) >> 20, sum(d.lost for d in directions), link.cuts), file=sys.stderr)


main()
