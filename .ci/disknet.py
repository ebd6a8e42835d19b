"""A guest that fills a disk and floods its network, for .ci/soak: this file is both sides, and the guest reads it from a shared folder.

    disknet.py MINUTES LODGE DISK [OPTION...]    the host's side; DISK is a qcow2 image, OPTIONs are for "lodge run"
    disknet.py guest SECONDS PORT                the guest's

In the guest, files are written until the disk is full, read past the cache and compared, and every other one deleted and trimmed. Two connections, one that
the guest opened and one that came in by a published port, are full in both directions; each side knows what the next byte has to be. Ten times a
second, the guest says that it lives. At the end: how much went through, the longest silence of each, and how the process's memory went. A host that is busy
with other things is late itself, which a process that does nothing else finds out: that much is not the machine's.
"""

import atexit
import os
import random
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

BLOCK = 1 << 16
PUBLISHED = 9000  # the guest's port
HOST = '10.0.2.2'
STALL = 10  # seconds of silence that are too many, on a host that is never late; with each second that it is, as many more
POOL = random.Random(4).randbytes((1 << 20) + BLOCK)


def block(number):
    """What has to be in the block of that number, of a file or a connection."""
    at = number * 40503 % (1 << 20)
    return POOL[at:at + BLOCK]


class Silence:
    """The longest time between two signs of life."""

    def __init__(self):
        self.longest, self.last, self.count = 0, None, 0

    def sign(self):
        now = time.monotonic()
        if self.last is not None:
            self.longest = max(self.longest, now - self.last)
        self.last = now
        self.count += 1


def send(connection, sign=lambda: None):
    """Sends blocks until nobody wants them."""
    number = 0
    try:
        while True:
            connection.sendall(block(number))
            number += 1
            sign()
    except OSError:
        return number


def receive(connection, sign=lambda: None):
    """Receives blocks until there are no more; AssertionError if one is not what was sent."""
    number = 0
    try:
        while data := connection.recv(BLOCK, socket.MSG_WAITALL):
            assert block(number).startswith(data), 'connection: another block than was sent, after %d blocks' % number
            number += 1
            if len(data) == BLOCK:  # and not what was left at the end
                sign()
    except OSError:
        pass
    return number


# ---- the guest ------------------------------------------------------------------------------------------------------


def say(*words):
    print(*words, flush=True)


def beat():
    silence = Silence()
    while True:
        silence.sign()
        say('beat', silence.count, '%.3f' % silence.longest)
        time.sleep(0.1)


def fill(folder):
    """Files until the disk is full; what was written is compared, and every other file makes room for the next round."""
    number, sizes, silence = 0, {}, Silence()
    while True:
        try:
            while True:
                number += 1
                path = '%s/%d' % (folder, number)
                with open(path, 'wb') as file:
                    for i in range(16 + number * 37 % 500):
                        file.write(block(number + i))
                    file.flush()
                    os.fsync(file.fileno())
                    sizes[number] = i + 1
                    silence.sign()
        except OSError:
            os.remove(path)  # it was not written to its end
            sizes.pop(number, None)
        with open('/proc/sys/vm/drop_caches', 'w') as drop:
            drop.write('3')
        for name, blocks in sizes.items():
            with open('%s/%d' % (folder, name), 'rb') as file:
                for i in range(blocks):
                    assert file.read(BLOCK) == block(name + i), 'disk: file %d, block %d is not what was written' % (name, i)
            silence.sign()
        for name in list(sizes)[::2]:
            os.remove('%s/%d' % (folder, name))
            del sizes[name]
        subprocess.run(['fstrim', folder], check=True)
        silence.sign()
        say('filled', number, '%.1f' % silence.longest)


def part(what, *arguments):
    """A process of its own, since one Python does one thing at a time; what goes wrong in there is said. Its number."""
    child = os.fork()
    if child == 0:
        try:
            what(*arguments)
            say('FAILED', what.__name__, 'ended')
        except BaseException as failure:
            say('FAILED', what.__name__, failure)
        os._exit(1)
    return child


def guest(seconds, port):
    disk, folder = '/dev/disk/by-id/virtio-soak', '/mnt'
    subprocess.run(['mkfs.ext4', '-q', disk], check=True)
    subprocess.run(['mount', disk, folder], check=True)
    with socket.create_server(('', PUBLISHED)) as server:
        say('listens')
        connections = [socket.create_connection((HOST, port)), server.accept()[0]]
    parts = [part(beat), part(fill, folder)] + [part(way, connection) for connection in connections for way in (send, receive)]
    time.sleep(seconds)
    say('ends')
    for child in parts:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    subprocess.run(['umount', folder], check=True)
    return subprocess.run(['e2fsck', '-fn', disk]).returncode


# ---- the host -------------------------------------------------------------------------------------------------------


def resident(process):
    """KiB that are the process's own: without the guest's memory and mapped files."""
    with open('/proc/%d/status' % process) as status:
        return int(re.search(r'RssAnon:\s*(\d+)', status.read()).group(1))


def lateness(pipe):
    """Writes, whenever that grows, by how many seconds this process was late at most."""
    longest = 0
    while True:
        due = time.monotonic() + 0.1
        time.sleep(0.1)
        if time.monotonic() - due > longest:
            longest = time.monotonic() - due
            os.write(pipe, struct.pack('d', longest))


class Soak:
    """The machine, and what was heard of it."""

    def __init__(self, minutes, lodge, disk, options):
        self.seconds, self.failures, self.ended = minutes * 60, [], threading.Event()
        self.silences = {name: Silence() for name in ('beats', 'out, sent', 'out, received', 'in, sent', 'in, received')}
        self.guest_beats, self.guest_disk, self.written = 0.0, 0.0, 0
        self.late, (heard, told) = 0.0, os.pipe()
        child = os.fork()
        if child == 0:
            lateness(told)
        atexit.register(os.kill, child, signal.SIGKILL)
        threading.Thread(target=self.hear_lateness, args=(heard,), daemon=True).start()
        self.server = socket.create_server(('127.0.0.1', 0))
        with socket.create_server(('127.0.0.1', 0)) as unused:
            self.published = unused.getsockname()[1]
        here = os.path.dirname(os.path.abspath(__file__))
        self.machine = subprocess.Popen(
            [lodge, 'run', 'debian:12', '-m', '512M', *options, '--disk', disk + ',format=qcow2,serial=soak', '-v', here + ':/soak:ro',
             '-p', '%d:%d' % (self.published, PUBLISHED), '--',
             'python3', '/soak/disknet.py', 'guest', str(self.seconds), str(self.server.getsockname()[1])],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def hear_lateness(self, pipe):
        while True:
            self.late, = struct.unpack('d', os.read(pipe, 8))

    def fail(self, what):
        print('FAILED:', what, flush=True)
        self.failures.append(what)

    def flood(self, name, connection):
        for way, what in ((send, 'sent'), (receive, 'received')):
            threading.Thread(target=self.converse, args=(way, connection, self.silences['%s, %s' % (name, what)]), daemon=True).start()

    def converse(self, way, connection, silence):
        try:
            way(connection, silence.sign)
        except AssertionError as failure:
            self.fail(failure)
        if not self.ended.is_set():
            self.fail('a connection ended before its time')

    def listen(self):
        """What the guest says, until it says no more."""
        for line in self.machine.stdout:
            words = line.split()
            if words[:1] == ['beat']:
                self.silences['beats'].sign()
                self.guest_beats = float(words[2])
            elif words[:1] == ['filled']:
                self.written, self.guest_disk = int(words[1]), float(words[2])
            elif words[:1] == ['listens']:
                self.flood('in', socket.create_connection(('127.0.0.1', self.published)))
                self.flood('out', self.server.accept()[0])
                threading.Thread(target=self.watch, daemon=True).start()
            elif words[:1] == ['ends']:
                self.ended.set()
            elif words[:1] == ['FAILED']:
                self.fail(line.strip())
            else:
                print('guest:', line, end='', flush=True)

    def watch(self):
        """Samples memory, tells the state each minute."""
        self.memory, begun = [], time.monotonic()
        while not self.ended.wait(10):
            self.memory.append(resident(self.machine.pid))
            if len(self.memory) % 6 == 0:
                print('%4d s: %d MiB resident; ' % (time.monotonic() - begun, self.memory[-1] >> 10) + self.told(), flush=True)

    def told(self):
        mebibytes = ', '.join('%s %d MiB (%.1f s)' % (name, silence.count >> 4, silence.longest)
                              for name, silence in self.silences.items() if name != 'beats')
        beats = self.silences['beats']
        return '%s; %d files (%.1f s); %d beats (%.1f s as the host heard it, %.1f s as the guest did)' % (
            mebibytes, self.written, self.guest_disk, beats.count, beats.longest, self.guest_beats)

    def run(self):
        self.listen()
        if self.machine.wait() != 0:
            self.fail('the machine ended with status %d' % self.machine.returncode)
        print('longest silences in brackets:', self.told())
        stalls = [silence.longest for silence in self.silences.values()] + [self.guest_beats, self.guest_disk]
        print('the host itself was late by %.1f s at most' % self.late)
        if max(stalls) > STALL * (1 + self.late):
            self.fail('silence for %.1f s' % max(stalls))
        if not self.written:
            self.fail('the disk was never full')
        quarter = len(self.memory) // 4
        if quarter:
            early, late = (statistics.median(part) / 1024 for part in (self.memory[quarter:2 * quarter], self.memory[-quarter:]))
            print('resident: %.0f MiB in the second quarter, %.0f MiB in the last one' % (early, late))
            if late > early * 1.05 + 16:
                self.fail('the process grows')
        return 1 if self.failures else 0


if __name__ == '__main__':
    if sys.argv[1] == 'guest':
        sys.exit(guest(int(sys.argv[2]), int(sys.argv[3])))
    sys.exit(Soak(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]).run())
