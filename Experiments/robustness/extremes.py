#!/usr/bin/env python3
"""Logs of an extreme shape: whether fits of them end well, and what they take.

    swift build -c release -Xcc -march=native --product lla
    python3 Experiments/robustness/extremes.py --report Experiments/robustness/extremes.md

A log of one item alone, a million users with two events each, and five million events of one user. Each is fitted, verified, scored and
predicted from; a model must be whole, every perplexity finite, every prediction a distribution. Small extremes are among the tests
(ExtremeSettingsTests). Needs Python 3.9 or later, and nothing else. Costs 150 MB of disk, and most of its time on
the one long sequence, of which an epoch takes some six minutes.
Ends with 1 where anything is not as it must be.
"""
import argparse, json, math, os, pathlib, random, re, subprocess, sys, tempfile, time

LONG, ITEMS = 5_000_000, 500
SMALL = "-K 20 -H 16 --epochs 2 --min-count 1 --observe 0.9"


def events(count, seed):
    """A walk among items: from each to one of three others, or, one time in ten, to any."""
    chance = random.Random(seed)
    ways = [[chance.randrange(ITEMS) for _ in range(3)] for _ in range(ITEMS)]
    item = 0
    for _ in range(count):
        item = chance.choice(ways[item]) if chance.random() < 0.9 else chance.randrange(ITEMS)
        yield item


def one_long(file):
    file.writelines(f"u\ti{item}\n" for item in events(LONG, 1))


def many_short(file):
    file.writelines(f"u{number // 2}\ti{item}\n" for number, item in enumerate(events(2_000_000, 1)))


def one_item(file):
    file.writelines(f"u{number // 100}\ti\n" for number in range(100_000))


LOGS = {
    "one item, 100,000 times": (one_item, ["--variant topic --particles 4"]),
    "1,000,000 users with two events": (many_short, ["--variant topic --particles 4 --observe 1"]),
    "one user with 5,000,000 events": (one_long, ["--variant topic --particles 4 --epochs 1 --warm-up 0"]),
}


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder, self.faults = program, pathlib.Path(folder), []

    def run(self, *words):
        """Output, messages, seconds and peak bytes; a fault where it does not end with 0."""
        began = time.monotonic()
        with open(self.folder / "out", "w+") as out, open(self.folder / "err", "w+") as err:
            process = subprocess.Popen([self.program, *words], cwd=self.folder, stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0), err.seek(0)
            messages = err.read()
            if status != 0:
                self.faults.append(f"lla {' '.join(words)}: {process.returncode}: {messages[-300:]}")
            return out.read(), messages, time.monotonic() - began, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    def expect(self, holds, words):
        if not holds:
            self.faults.append(words)

    def row(self, name, options, log):
        """One line of the table."""
        start = len(self.faults)
        fit = ["fit", log, "-o", "model", *SMALL.split(), *options.split()]
        _, messages, seconds, peak = self.run(*fit)
        said = re.search(r"about ([\d.,]+ \w+) of memory", messages)
        score = "–"
        if len(self.faults) == start:
            self.run("verify", "model")
            if "--observe 1" not in options:
                scores = json.loads(self.run("evaluate", "model", log, "--json")[0] or "{}")
                score = scores.get("perplexity", math.nan)
                self.expect(math.isfinite(score) and 1 <= score + 1e-6, f"{name}, {options}: a perplexity of {score}")
                score = f"{score:.1f} of {scores.get('tokens', 0):,}"
            # Of a million users the first thousand will do: all items for each of them are much to write.
            users = set()
            with open(self.folder / log) as whole, open(self.folder / "some.tsv", "w") as some:
                for line in whole:
                    users.add(line.split("\t")[0])
                    if len(users) > 1001:
                        break
                    some.write(line)
            for line in self.run("predict", "model", "some.tsv", "-k", str(ITEMS))[0].splitlines():
                total = sum(item["probability"] for item in json.loads(line)["items"])
                self.expect(abs(total - 1) < 1e-3, f"{name}, {options}: probabilities that add up to {total}")
        outcome = "fitted, whole, scored" if len(self.faults) == start else "FAULT"
        return f"| {name} | `{options}` | {outcome} | {seconds:.0f} | {said[1] if said else '–'} | {peak / 1e6:.0f} MB | {score} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=".build/release/lla")
    parser.add_argument("--only", default="", help="logs with this in their names (default: all)")
    parser.add_argument("--report", help="a Markdown file for the table")
    options = parser.parse_args()
    began, rows = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(str(pathlib.Path(options.program).resolve()), folder)
        for name, (write, ways) in LOGS.items():
            if options.only not in name:
                continue
            with open(bench.folder / "log.tsv", "w") as file:
                file.write("user\titem\n")
                write(file)
            for way in ways:
                rows.append(bench.row(name, way, "log.tsv"))
                print(rows[-1], file=sys.stderr, flush=True)
    text = "\n".join([
        "# Extreme logs",
        "",
        f"Written by `extremes.py`: `lla fit log.tsv -o model {SMALL}` and the options below, then `verify`, `evaluate` and `predict` with all items. {os.cpu_count()} processors, "
        f"{time.monotonic() - began:.0f} s in all. {'All runs behaved as they should.' if not bench.faults else f'{len(bench.faults)} things were not as they must be.'}",
        "",
        "| log | options | outcome | fit, s | estimate | peak | perplexity, events scored |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        "One user is one lane: no products of matrices but those of a row, and one thread. That is slow, and takes no memory.",
    ]) + "\n"
    if options.report:
        pathlib.Path(options.report).write_text(text)
    print(text)
    for fault in bench.faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if bench.faults else 0)


main()
