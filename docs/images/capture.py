#!/usr/bin/env python3
"""Types a few lines at ./lodge run, on a terminal of its own, and draws the screen as session.svg.

Run it in the repository's folder: python3 docs/images/capture.py
"""

import fcntl
import html
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

ROWS, COLUMNS = 40, 106
TYPED = [
    "uname -a",
    "grep -m1 'model name' /proc/cpuinfo",
    "free -m | head -n 2",
    "seq 1000 | sha256sum",
    "poweroff",
]
PROMPT = rb"# \x1b\[6n"
CHARACTER_WIDTH, LINE_HEIGHT = 8.45, 18


class Session:
    def __init__(self, command):
        self.output = b""
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)

    def read_until(self, pattern, seconds):
        start, end = len(self.output), time.time() + seconds
        while time.time() < end and not re.search(pattern, self.output[start:]):
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.output += os.read(self.master, 4096)
                except OSError:
                    return

    def type(self, line):
        os.write(self.master, line.encode() + b"\r")


def screen(text):
    """What a terminal shows of it: carriage returns and the few escape sequences that occur here."""
    lines, column = [[]], 0
    for escape, erase, character in re.findall(r"(\x1b\[[0-9;]*([A-Za-z]))|(.)", text, re.DOTALL):
        if escape:
            if erase in "JK":
                del lines[-1][column:]
        elif character == "\r":
            column = 0
        elif character == "\n":
            lines.append([])
            column = 0
        elif character == "\t":
            column += 8 - column % 8
        elif character >= " ":
            lines[-1] += " " * (column + 1 - len(lines[-1]))
            lines[-1][column] = character
            column += 1
    rows = ["".join(line).rstrip() for line in lines]
    return [row for before, row in zip([""] + rows, rows) if row or before]


def draw(rows):
    width = int(COLUMNS * CHARACTER_WIDTH + 40)
    height = len(rows) * LINE_HEIGHT + 36
    yield ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-size="14" '
           'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace">' % (width, height))
    yield '<rect width="%d" height="%d" rx="8" fill="#16181d"/>' % (width, height)
    for number, row in enumerate(rows):
        colour = "#8bd49c" if re.match(r"\$ |lodge:~# ", row) else "#d7dae0"
        yield '<text x="20" y="%d" fill="%s" xml:space="preserve">%s</text>' % (
            32 + number * LINE_HEIGHT, colour, html.escape(row))
    yield "</svg>"


def main():
    session = Session(["./lodge", "run"])
    session.read_until(PROMPT, 180)
    for line in TYPED:
        session.type(line)
        session.read_until(PROMPT, 60 if line != "poweroff" else 10)
    session.process.wait(10)
    rows = ["$ ./lodge run"] + screen(session.output.decode(errors="replace"))
    while rows[-1] in ("", "lodge:~#"):
        rows.pop()
    with open(os.path.join(os.path.dirname(__file__), "session.svg"), "w") as picture:
        picture.write("\n".join(draw(rows)) + "\n")


if __name__ == "__main__":
    main()
