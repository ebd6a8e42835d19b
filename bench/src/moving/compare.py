"""Moves, restores, forks and protects a guest that ticks (ticks.c), with Lodge and QEMU TCG: what bench/migrate starts, with all that is needed in a folder.

A client on the host takes the time of each tick that comes from the guest, by a switch that is neither machine's. Its longest silence is the downtime as others
see it. The guest's own longest gap is by the guest's clock, which stands still while the guest does. Total times are those of whole commands: the
target's process starts within them, with both engines. Bytes are those that the link carried away from the source.

A move and a snapshot each have a guest of their own: with QEMU 7.2 under TCG the guest's kernel often panics after a move, for its memory is damaged, and a snapshot
that is taken then goes on with the panic. Guests that a move kills are counted. What others see of their downtime is told if they ticked at all.
"""

import atexit
import collections
import contextlib
import glob
import json
import math
import os
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

SCRATCH = sys.argv[1]
MEMORY, RATE, RUNS, CLONES = (int(os.environ.get(name, '20')) for name in ('MEMORY', 'RATE', 'RUNS', 'CLONES'))
SIDES = [int(pid) for pid in os.environ['SIDES'].split()]
DISK, SWITCH = SCRATCH + '/disk.qcow2', SCRATCH + '/switch'
PATIENCE = 120  # seconds, for whatever has to happen at all
LINGER = 2.0  # seconds after a move that belong to it
LOST = 20.0  # seconds after which a guest that does not tick is lost
SPAN = 10.0  # seconds in which the guest's progress is measured
TICK = struct.Struct('<3Q')


class Client:
    """The time of each tick, with its gap in microseconds and what the guest had computed."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', port))
        self.ticks = [(time.monotonic(), 0, 0)]
        self.guest = None
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            datagram, self.guest = self.socket.recvfrom(64)
            _, gap, worked = TICK.unpack(datagram)
            self.ticks.append((time.monotonic(), gap, worked))

    def within(self, begin, end):
        return [tick for tick in self.ticks if begin <= tick[0] <= end]

    def heard_after(self, moment):
        """The time of the first tick after that moment."""
        deadline = time.monotonic() + PATIENCE
        while self.ticks[-1][0] <= moment:
            if time.monotonic() > deadline:
                raise TimeoutError('the guest does not tick')
            time.sleep(0.001)
        return self.within(moment, math.inf)[0][0]

    def goes_on(self, moment):
        """Whether it still ticks after something that has ended then, and all that belongs to it."""
        while self.ticks[-1][0] <= moment + LINGER and time.monotonic() < moment + LOST:
            time.sleep(0.01)
        return self.ticks[-1][0] > moment + LINGER

    def silence(self, begin, end):
        """The longest, in milliseconds."""
        times = [begin] + [tick[0] for tick in self.within(begin, end)] + [end]
        return 1e3 * max(b - a for a, b in zip(times, times[1:]))

    def gap(self, begin, end):
        return max(tick[1] for tick in self.within(begin, end)) / 1e3

    def order(self, what):
        self.socket.sendto(what, self.guest)

    def speed(self):
        """What the guest computes a second, from now on."""
        begin = time.monotonic()
        time.sleep(SPAN)
        ticks = self.within(begin, time.monotonic())
        return (ticks[-1][2] - ticks[0][2]) / (ticks[-1][0] - ticks[0][0])


def enter(side):
    return ['nsenter', '--net=/proc/%d/ns/net' % SIDES[side]]


def sent(side):
    shown = subprocess.run(enter(side) + ['ip', '-j', '-s', 'link', 'show', 'side%d' % side], check=True, capture_output=True).stdout
    return json.loads(shown)[0]['stats64']['tx']['bytes']


def guest(rate):
    return os.environ['KERNEL'], SCRATCH + '/initrd', '%s ticks.rate=%s' % (os.environ['APPEND'], rate)


def new_disk():
    """Another file than that of a machine which is about to end."""
    with contextlib.suppress(FileNotFoundError):
        os.remove(DISK)
    subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', DISK, '1G'], check=True)


def address(side, port):
    return 'tcp:%s10.77.0.%d:%d' % ('//' if port == 7777 else '', side + 1, port)


def spawn(command, **how):
    """A process that ends with this one."""
    process = subprocess.Popen(command, **how)
    atexit.register(process.kill)
    return process


class Qemu:
    """One guest, which is at one side or the other."""

    def __init__(self):
        self.side, self.generation, self.process, self.monitor = 0, 0, None, None

    def launch(self, side, *options):
        """A process, and what its monitor is read from and written to."""
        self.generation += 1
        path = '%s/qmp%d' % (SCRATCH, self.generation)
        kernel, initrd, append = guest(RATE)
        process = spawn(enter(side) + [
            'qemu-system-x86_64', '-accel', 'tcg', '-cpu', 'max', '-m', str(MEMORY), '-nodefaults', '-nographic', '-serial',
            'file:%s/console%d' % (SCRATCH, self.generation), '-kernel', kernel, '-initrd', initrd, '-append', append, '-drive', 'file=%s,format=qcow2,if=virtio' % DISK, '-netdev',
            'stream,id=net,server=off,addr.type=unix,addr.path=' + SWITCH, '-device', 'virtio-net-pci,netdev=net,romfile=', '-qmp',
            'unix:%s,server=on,wait=off' % path, *options], stdin=subprocess.DEVNULL)
        monitor = socket.socket(socket.AF_UNIX)
        while monitor.connect_ex(path):
            if process.poll() is not None:
                raise OSError('QEMU ended')
            time.sleep(0.005)
        monitor = monitor.makefile('rw')
        monitor.readline()
        self.ask(monitor, 'qmp_capabilities')
        return process, monitor

    @staticmethod
    def ask(monitor, command, **arguments):
        monitor.write(json.dumps({'execute': command, 'arguments': arguments}) + '\n')
        monitor.flush()
        while True:
            answer = json.loads(monitor.readline())
            if 'error' in answer:
                raise OSError(answer['error']['desc'])
            if 'return' in answer:
                return answer['return']

    def start(self):
        new_disk()
        self.process, self.monitor = self.launch(self.side)

    def move(self):
        process, monitor = self.launch(1 - self.side, '-incoming', address(1 - self.side, 7000 + self.generation))
        self.ask(self.monitor, 'migrate', uri=address(1 - self.side, 7000 + self.generation - 1))
        while (told := self.ask(self.monitor, 'query-migrate'))['status'] != 'completed':
            if told['status'] in ('failed', 'cancelled'):
                raise OSError('QEMU does not move: ' + told['status'])
            time.sleep(0.01)
        self.stop()
        self.side, self.process, self.monitor = 1 - self.side, process, monitor
        return told['downtime']

    def snapshot(self):
        said = self.ask(self.monitor, 'human-monitor-command', **{'command-line': 'savevm there'})
        if said:
            raise OSError('QEMU: ' + said)

    def restore(self):
        self.process, self.monitor = self.launch(self.side, '-loadvm', 'there')

    def stop(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.stop()


class Lodge:
    """The machine "ticks", which is at one side or the other."""

    def __init__(self):
        self.side = 0
        self.servers = [spawn(enter(side) + ['./lodge', 'serve-migration', '--listen', address(side, 7777)], env=self.environment(side), stderr=subprocess.DEVNULL)
                        for side in range(2)]

    @staticmethod
    def environment(side):
        return dict(os.environ, XDG_DATA_HOME='%s/data%d' % (SCRATCH, side))

    def say(self, *command):
        done = subprocess.run(enter(self.side) + ['./lodge', *command], env=self.environment(self.side), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise OSError('lodge %s: %s' % (' '.join(command), done.stderr))
        return done.stdout

    def start(self, rate=RATE, network='switch:' + SWITCH):
        new_disk()
        kernel, initrd, append = guest(rate)
        self.say('create', 'ticks', '-m', '%dM' % MEMORY, '--kernel', kernel, '--initrd', initrd, '--append', append, '--disk', DISK + ',format=qcow2', '--net', network)
        self.say('start', 'ticks')

    def move(self):
        progress = self.say('migrate', 'ticks', address(1 - self.side, 7777), '--json').splitlines()
        self.side = 1 - self.side
        return json.loads(progress[-1])['downtimeMillis']

    def snapshot(self):
        self.say('snapshot', 'create', 'ticks', 'there')

    def restore(self):
        self.say('snapshot', 'restore', 'ticks', 'there')

    def folder(self, machine, side):
        return '%s/data%d/lodge/machines/%s' % (SCRATCH, side, machine)

    @staticmethod
    def process_of(folder):
        with open(folder + '/running.json') as running:
            return json.load(running)['pid']

    def process(self, machine):
        return self.process_of(self.folder(machine, self.side))

    def stop(self):
        self.say('stop', '--force', 'ticks')

    def end(self):
        for server in self.servers:
            server.kill()
        for running in glob.glob('%s/data?/lodge/machines/*/running.json' % SCRATCH):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process_of(os.path.dirname(running)), signal.SIGKILL)
        for side in range(2):
            shutil.rmtree('%s/data%d' % (SCRATCH, side), ignore_errors=True)  # one may have had no machine


def told(value):
    return '%.0f' % value if value >= 100 else '%.3g' % value


def median_and_worst(values):
    return ' '.join([told(statistics.median(values))] + ['(%s)' % told(max(values))] * (len(values) > 1)) if values else ''


def boot(engine, client):
    """A guest, which ticks."""
    begin = time.monotonic()
    engine.start()
    client.heard_after(begin)
    time.sleep(LINGER)


def moves(engine, client, found):
    boot(engine, client)
    begin, before, source = time.monotonic(), sent(engine.side), engine.side
    downtime = engine.move()
    end = time.monotonic()
    alive, ticks = client.goes_on(end), client.within(end, math.inf)
    lost = found['migration: guests lost, of %d' % RUNS] or [0]
    found['migration: guests lost, of %d' % RUNS] = [lost[0] + (not alive)]
    found['migration: total, s'].append(end - begin)
    found['migration: sent, MiB'].append((sent(source) - before) / 2**20)
    found['migration: downtime as the engine tells, ms'].append(downtime)
    found['migration: downtime as a client sees it, ms'] += [client.silence(begin, ticks[-1][0])] if ticks else []
    found['migration: longest gap by the guest\'s clock, ms'] += [client.gap(begin, ticks[-1][0])] if ticks else []


def snapshots(engine, client, found):
    boot(engine, client)
    begin = time.monotonic()
    engine.snapshot()
    end = time.monotonic()
    client.goes_on(end)
    found['snapshot: total, s'].append(end - begin)
    found['snapshot: downtime as a client sees it, ms'].append(client.silence(begin, time.monotonic()))
    engine.stop()
    time.sleep(0.5)  # what was on its way
    begin = time.monotonic()
    engine.restore()
    found['restore: from the command to a tick, ms'].append(1e3 * (client.heard_after(begin) - begin))


def pss(process):
    with open('/proc/%d/smaps_rollup' % process) as rollup:
        return int(re.search(r'^Pss: +(\d+) kB', rollup.read(), re.M)[1]) / 1024


def ready(log):
    with open(log) as said:
        return 'READY' in said.read()


def forks(lodge, found):
    """Of a guest that rests: twenty that tick would take more than two processors have."""
    lodge.start(rate='rest', network='none')
    deadline = time.monotonic() + PATIENCE
    while not ready(lodge.folder('ticks', lodge.side) + '/console.log'):
        if time.monotonic() > deadline:
            raise TimeoutError('the guest to fork is not ready')
        time.sleep(0.1)
    time.sleep(SPAN)  # the host rests, too
    copies = ['copy%d' % n for n in range(CLONES)]
    for copy in copies:
        begin = time.monotonic()
        lodge.say('fork', 'ticks', copy)
        found['fork: of the command, ms'].append(1e3 * (time.monotonic() - begin))
        time.sleep(LINGER)  # in which its process gets warm
    found['fork: memory of each of %d copies (Pss), MiB' % CLONES] = [pss(lodge.process(copy)) for copy in copies]
    for copy in copies + ['ticks']:
        lodge.say('rm', '--force', copy)


def protection(lodge, client, found):
    lodge.start(rate=0)
    client.heard_after(time.monotonic())
    client.order(b'w')
    time.sleep(SPAN)  # warms up
    alone = client.speed()
    lodge.say('protect', 'ticks', address(1 - lodge.side, 7777), '--detach')
    time.sleep(LINGER)
    found['protection: slows down computing, %'].append(100 * (1 - client.speed() / alone))
    process = lodge.process('ticks')
    begin = time.monotonic()
    os.kill(process, signal.SIGKILL)
    time.sleep(0.05)  # what was on its way
    found['protection: from kill -9 to a tick of the standby, ms'].append(1e3 * (client.heard_after(time.monotonic()) - begin))
    lodge.side = 1 - lodge.side
    lodge.stop()


def measure(name, what, *arguments):
    """With an engine that knows of no machine yet. Whether it could be measured."""
    print('%s: %s' % (name, what.__name__), file=sys.stderr)
    engine = {'qemu': Qemu, 'lodge': Lodge}[name]()
    try:
        what(engine, *arguments)
        return True
    except (OSError, subprocess.SubprocessError) as e:
        print('%s: %s: %s' % (name, what.__name__, e), file=sys.stderr)
        return False
    finally:
        engine.end()
        time.sleep(0.5)  # what was on its way, and is not the next guest's


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    client = Client(int(os.environ['PORT']))
    found = {name: collections.defaultdict(list) for name in os.environ.get('ENGINES', 'qemu lodge').split()}
    done = [measure(name, what, client, found[name]) for what in (moves, snapshots) for name in found for _ in range(RUNS)]
    if 'lodge' in found:
        done.append(measure('lodge', forks, found['lodge']))
        done += [measure('lodge', protection, client, found['lodge']) for _ in range(RUNS)]
    print('| %d MiB, %d MiB/s written, 1 Gbit/s: median (worst) of %d | %s |' % (MEMORY, RATE, RUNS, ' | '.join({'qemu': 'QEMU TCG', 'lodge': 'Lodge'}[n] for n in found)))
    print('|---' + '|--:' * len(found) + '|')
    for row in dict.fromkeys(row for name in found for row in found[name]):
        print('| %s | %s |' % (row, ' | '.join(median_and_worst(found[name][row]) for name in found)))
    return not all(done)


sys.exit(main())
