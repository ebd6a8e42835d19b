"""The host's side of a TCP connection that has to outlive its guest's moves, for .ci/soak.

    stream.py    prints the port at which it listens, on the loopback address, and then a line each second in which a byte came back

Who connects has to send back every byte (nc -e cat): other bytes than were sent are told as LOST. That a connection has ended the guest has to tell, which knows
whether it lives. The line has the connection's number, its bytes, and the longest silence in milliseconds.
"""

import random
import socket
import sys
import time

PIECE = 4096
WINDOW = 16 * PIECE  # bytes on their way
PAUSE = 0.01  # seconds; the guest has other work to do
PERIOD = (1 << 20) + 1  # bytes, after which they come again; no power of two divides it
BYTES = random.Random(6).randbytes(PERIOD) * 2


def piece(at, size):
    """What a connection has from that byte on."""
    at %= PERIOD
    return BYTES[at:at + size]


def exchange(connection, number, listener):
    """Until it ends, or another guest's begins."""
    connection.setblocking(False)
    sent = back = 0
    longest, last, told = 0.0, time.monotonic(), 0.0
    while True:
        now = time.monotonic()
        try:
            if sent - back < WINDOW:
                sent += connection.send(piece(sent, PIECE))
        except BlockingIOError:
            pass
        try:
            data = connection.recv(1 << 16)
            if not data:
                return None
            if data != piece(back, len(data)):
                print('LOST stream', number, 'other bytes after', back, flush=True)
                return None
            back += len(data)
            longest, last = max(longest, now - last), now
            if now - told >= 1:
                told = now
                print('stream', number, 'bytes', back, 'silence', round(longest * 1000), flush=True)
        except BlockingIOError:
            pass
        try:
            return listener.accept()[0]
        except BlockingIOError:
            time.sleep(PAUSE)


def main():
    listener = socket.create_server(('127.0.0.1', 0))
    print(listener.getsockname()[1], flush=True)
    number, connection = 0, None
    while True:
        if connection is None:
            listener.setblocking(True)
            connection = listener.accept()[0]
            listener.setblocking(False)
        number += 1
        try:
            following = exchange(connection, number, listener)
        except OSError as e:
            print('stream', number, 'ended:', e, flush=True)
            following = None
        connection.close()
        connection = following


try:
    main()
except KeyboardInterrupt:
    sys.exit()
