#!/usr/bin/env python3
"""How fast a log is read, and how much memory an event costs at the peak.

    python3 Experiments/Benchmarks/ingestion/run.py .build/release/lla

Writes logs of 5 million events (20,000 users, 5,000 items) to a temporary folder, runs `lla inspect` on each, and
prints a table. Inspection does all the reading that a fit does, and some counting besides. Memory is the peak of the process less that of
the same process on a log of one event. Needs Python alone. Costs two minutes, 300 MB of disk, and 100 MB of memory.
"""

import os
import random
import subprocess
import sys
import tempfile
import time

EVENTS, USERS, ITEMS = 5_000_000, 20_000, 5_000
YEAR = 365 * 86_400  # seconds


def write(path, users, times):
    draw = random.Random(1).random
    with open(path, "w") as log:
        log.write("user\ttime\titem\n")
        for user, moment in zip(users, times):
            # A few items are frequent and most are rare.
            log.write(f"user{user:06d}\t{moment}\titem{int(ITEMS * draw() ** 3)}\n")


def measure(program, path):
    """Seconds, and the peak of memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen([program, "inspect", path], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{program} inspect {path} failed")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - start, usage.ru_maxrss * unit


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = sys.argv[1]
    draw = random.Random(2).random
    per_user = EVENTS // USERS
    start = 1_400_000_000

    def adjacent():
        return (n // per_user for n in range(EVENTS))

    def interleaved():
        return (int(USERS * draw()) for _ in range(EVENTS))

    def at_random():
        return (start + YEAR * draw() for _ in range(EVENTS))

    logs = {
        "a user's rows adjacent, in order of time": lambda: (adjacent(), (start + n % per_user * 60 for n in range(EVENTS))),
        "a user's rows adjacent, seconds at random within a year": lambda: (adjacent(), map(int, at_random())),
        "a user's rows adjacent, microseconds at random within a year": lambda: (adjacent(), map("{:.6f}".format, at_random())),
        "all rows in order of time, users interleaved": lambda: (interleaved(), (start + n for n in range(EVENTS))),
        "the same, times with fractions": lambda: (interleaved(), (start + n + 0.5 for n in range(EVENTS))),
        "the same, microseconds": lambda: (interleaved(), (f"{start + n + draw():.6f}" for n in range(EVENTS))),
        "users interleaved, seconds at random within a year": lambda: (interleaved(), map(int, at_random())),
        "users interleaved, microseconds at random within a year": lambda: (interleaved(), map("{:.6f}".format, at_random())),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log.tsv")
        write(path, [0], [start])
        floor = measure(program, path)[1]
        print("| log | M events/s | bytes an event |\n|---|---|---|")
        for name, columns in logs.items():
            write(path, *columns())
            seconds, memory = min(measure(program, path) for _ in range(3))
            print(f"| {name} | {EVENTS / seconds / 1e6:.1f} | {(memory - floor) / EVENTS:.1f} |")


if __name__ == "__main__":
    main()
