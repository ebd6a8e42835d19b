"""Queens on a board, objects that send each other messages, dictionaries: python3.py ROUNDS."""
import sys


def queens(size, row=0, columns=frozenset(), rising=frozenset(), falling=frozenset()):
    """How many ways there are to place queens so that none attacks another."""
    if row == size:
        return 1
    return sum(
        queens(size, row + 1, columns | {column}, rising | {row + column}, falling | {row - column})
        for column in range(size)
        if column not in columns and row + column not in rising and row - column not in falling
    )


class Task:
    """Handles packets, or passes them on, as an operating system's tasks would."""

    def __init__(self, name):
        self.name = name
        self.next = self
        self.queue = []
        self.handled = 0

    def put(self, packet):
        self.queue.append(packet)

    def run(self):
        while self.queue:
            self.handle(self.queue.pop())

    def handle(self, packet):
        raise NotImplementedError


class Worker(Task):
    def handle(self, packet):
        self.handled += 1
        packet["data"] = [(byte * 7 + self.handled) % 251 for byte in packet["data"]]
        if packet["hops"] > 0:
            packet["hops"] -= 1
            self.next.put(packet)


class Device(Task):
    def handle(self, packet):
        self.handled += sum(packet["data"]) % 17
        self.next.put({**packet, "hops": packet["hops"] - 1})


def schedule(packets):
    tasks = [Worker("one"), Device("disk"), Worker("two"), Worker("three")]
    for task, following in zip(tasks, tasks[1:] + tasks[:1]):
        task.next = following
    for number in range(packets):
        tasks[number % 3].put({"hops": 8, "data": list(range(number % 32))})
    while any(task.queue for task in tasks):
        for task in tasks:
            task.run()
    return sum(task.handled * (place + 1) for place, task in enumerate(tasks))


def words(count):
    """The lengths of the most frequent ones."""
    frequency = {}
    for number in range(count):
        word = f"{number * number % 977:x}"
        frequency[word] = frequency.get(word, 0) + 1
    ranked = sorted(frequency, key=lambda word: (-frequency[word], word))
    return sum(len(word) * place for place, word in enumerate(ranked[:100]))


def main():
    total = 0
    for round in range(int(sys.argv[1])):
        total = (total * 31 + queens(6) + schedule(200 + round) + words(10000)) % 1000003
    print(total)


main()
