#!/usr/bin/env python3
"""Whether a long fit keeps its memory and its speed.

    swift build -c release -Xcc -march=native --product lla
    python3 Experiments/robustness/soak.py --minutes 60 --report Experiments/robustness/soak.md

One fit, of the log that ships or another (`--log`, `--fit`), which would go on for days and is stopped when its time is over. Its resident set is sampled every second
from /proc, its speed is that of its own lines, an epoch each; checkpoints follow each other by a minute. Compared are the resident set
and the speed at the end with those after five minutes (a quarter of the time, where that is less): the bar for memory is 2 %.
Speed is told by the clock, which other programs on the machine disturb, and by the processor time that an epoch took, validation and
checkpoints included, which they disturb less.
Every line that the fit says has to be one that is known. At last the fit is stopped as a user would, and has to leave a checkpoint
that is whole. Needs Linux, Python 3.9 or later, and nothing else. Costs its time, on all processors.
Ends with 1 where a bar is missed.
"""
import argparse, os, pathlib, re, signal, statistics, subprocess, sys, tempfile, threading, time

BAR = 0.02
LOG = "Data/household-purchases.tsv.gz"
FIT = "--variant topic -K 50 -H 64 --start lda"
ENDLESS = "--epochs 1000000 --patience 1000000 --warm-up 0 --checkpoint-minutes 1"
EPOCH = re.compile(r"epoch \d+ .* ([\d.]+)( k| M)? tokens/s$")
KNOWN = [EPOCH, re.compile(r"\d+ events of \d+ sequences"), re.compile(r"about .* of memory$"), re.compile(r"\w+ start$"), re.compile(r"lla: stop"), re.compile(r"lla: warning: topics")]
SCALE = {None: 1, " k": 1e3, " M": 1e6}


class Watch:
    """What a fit says, how large it is, and what its epochs cost, with the seconds since it began."""

    def __init__(self, process):
        self.process, self.began = process, time.monotonic()
        self.sizes, self.speeds, self.costs, self.strange = [], [], [], []
        self.spent = None
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def now(self):
        return time.monotonic() - self.began

    def read(self):
        for line in self.process.stderr:
            line = line.rstrip("\n")
            epoch = EPOCH.match(line)
            if epoch:
                self.speeds.append((self.now(), float(epoch[1]) * SCALE[epoch[2]]))
                before, self.spent = self.spent, self.processor()
                if before is not None:
                    self.costs.append((self.now(), self.spent - before))
            elif not any(known.match(line) for known in KNOWN):
                self.strange.append(line)

    def processor(self):
        """Seconds of processor time so far, of all threads."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def sample(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        self.sizes.append((self.now(), int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024))


def between(samples, start, end):
    """The median of what was seen within a time; None where nothing was."""
    seen = [value for moment, value in samples if start <= moment < end]
    return statistics.median(seen) if seen else None


def run(program, log, fit, seconds):
    with tempfile.TemporaryDirectory() as folder:
        words = [program, "fit", str(pathlib.Path(log).resolve()), "-o", "model", *fit.split()]
        process = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, text=True)
        watch = Watch(process)
        while watch.now() < seconds and process.poll() is None:
            watch.sample()
            time.sleep(1)
        process.send_signal(signal.SIGTERM)
        code = process.wait()
        watch.reader.join()
        kept = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=pathlib.Path(folder) / "model" / "checkpoint").returncode
        return watch, code, kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--log", default=LOG)
    parser.add_argument("--fit", default=FIT, help="what `lla fit` is told besides the log (default: %(default)s)")
    parser.add_argument("--program", default=".build/release/lla")
    parser.add_argument("--report", help="a Markdown file for the table")
    options = parser.parse_args()
    seconds = options.minutes * 60
    fit = f"{options.fit} {ENDLESS}"
    watch, code, kept = run(str(pathlib.Path(options.program).resolve()), options.log, fit, seconds)

    early = min(300, seconds / 4)
    width = min(60, seconds / 8)
    size, last_size = between(watch.sizes, early, early + width), between(watch.sizes, seconds - width, seconds + 60)
    speed, last_speed = between(watch.speeds, early, early + 4 * width), between(watch.speeds, seconds - 4 * width, seconds + 60)
    cost, last_cost = between(watch.costs, early, early + 4 * width), between(watch.costs, seconds - 4 * width, seconds + 60)
    if None in (size, last_size, speed, last_speed, cost, last_cost):
        sys.exit(f"too little was seen; the fit ended with {code}: {watch.strange}")
    grown = last_size / size - 1
    step = max(width, seconds / 12)
    rows = []
    for number in range(int(seconds / step)):
        start, end = number * step, (number + 1) * step
        memory, tokens, spent = (between(seen, start, end) for seen in (watch.sizes, watch.speeds, watch.costs))
        cells = ["–" if value is None else f"{value / unit:.{digits}f}" for value, unit, digits in ((memory, 1e6, 1), (tokens, 1e3, 1), (spent, 1, 2))]
        rows.append(f"| {start / 60:.1f}–{end / 60:.1f} | {' | '.join(cells)} |")
    text = "\n".join([
        "# A long fit",
        "",
        f"Written by `soak.py`: a fit of {options.minutes:g} minutes, {os.cpu_count()} processors, {len(watch.speeds)} epochs; `lla fit {pathlib.Path(options.log).name} {fit}`.",
        "",
        "| | |", "|---|---|",
        f"| resident set after {early / 60:.1f} minutes | {size / 1e6:.1f} MB |",
        f"| at the end | {last_size / 1e6:.1f} MB, {100 * grown:+.1f} % |",
        f"| speed after {early / 60:.1f} minutes | {speed / 1e3:.1f} k tokens/s |",
        f"| at the end | {last_speed / 1e3:.1f} k tokens/s, {100 * (last_speed / speed - 1):+.1f} % |",
        f"| processor time of an epoch after {early / 60:.1f} minutes | {cost:.2f} s |",
        f"| at the end | {last_cost:.2f} s, {100 * (last_cost / cost - 1):+.1f} % |",
        f"| lines that are none of those known | {len(watch.strange)} |",
        f"| stopped by SIGTERM, it ended with | {code}, and left {'a whole checkpoint' if kept == 0 else 'NO whole checkpoint'} |",
        "",
        "| minutes | resident set, MB (median) | k tokens/s (median of epochs) | processor seconds of an epoch (median) |",
        "|---|---|---|---|",
        *rows,
    ]) + "\n"
    if options.report:
        pathlib.Path(options.report).write_text(text)
    print(text)
    for line in watch.strange[:20]:
        print(f"strange: {line}", file=sys.stderr)
    sys.exit(1 if grown > BAR or code != 143 or kept != 0 or watch.strange else 0)


main()
