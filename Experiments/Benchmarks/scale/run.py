#!/usr/bin/env python3
"""A log of 50 million events of a million users over 40,000 items, K=1000 H=250: reading, memory, and speed through an epoch.

    swift build -c release -Xcc -march=native --product lla
    python3 Experiments/Benchmarks/scale/run.py --report Experiments/Benchmarks/scale/result.md

Draws the log with `lla synthesize`, reads it with `lla inspect`, and fits one epoch by each sampler, one particle, from random topics;
`--fits` names others. Speed in parts of the epoch comes from the program's own line of progress, which it gives to a terminal: the fit runs
on one that this script makes. Memory is the peak of the resident set. Needs Linux or macOS, Python 3.9 or later, 1.5 GB of disk, 2 GB of
memory, and 25 minutes on two cores.
"""
import argparse, os, pathlib, pty, re, subprocess, sys, tempfile, time

SYNTHESIZE = "--topics 500 --items 40000 --lengths 20-80 --seed 1"
COMMON = "--epochs 1 --warm-up 0 --start random --validation 0.001 --variant topic --particles 1 --memory none -K 1000 -H 250"
FITS = {"dense": "--sampler dense", "mh, 512 negatives": "--sampler mh --negatives 512"}
RATE = re.compile(r"epoch 1/1 \w+ .*?([\d.]+)( k)? tokens/s\s+([\d:]+) left")


def memory(usage):
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def timed(words):
    """Seconds, peak memory, and what was printed."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, words))}: {output}")
    return time.monotonic() - began, memory(usage), output


def fit(words):
    """Seconds, peak memory, and (tokens, seconds) through the epoch."""
    master, slave = pty.openpty()
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=slave, stderr=slave)
    os.close(slave)
    seen, first, last = [], None, ""
    while True:
        try:
            said = os.read(master, 4096).decode("utf-8", "replace")
        except OSError:  # the other side is closed
            break
        if not said:
            break
        last = (last + said)[-2000:]
        for rate, kilo, _ in RATE.findall(said):
            now = time.monotonic()
            first = first or now
            # The program's rate is that since the epoch began.
            seen.append((float(rate) * (1000 if kilo else 1), now - first))
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, words))}: {last}")
    return time.monotonic() - began, memory(usage), [(rate * seconds, seconds) for rate, seconds in seen]


def parts(seen, count=5):
    """Tokens a second in equal parts of the time."""
    end, rates, before = seen[-1][1], [], (0.0, 0.0)
    for part in range(1, count + 1):
        at = min(seen, key=lambda moment: abs(moment[1] - end * part / count))
        rates.append((at[0] - before[0]) / (at[1] - before[1]))
        before = at
    return rates


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=".build/release/lla")
    parser.add_argument("--sequences", type=int, default=1_000_000)
    parser.add_argument("--fits", nargs="*", default=list(FITS), choices=list(FITS))
    parser.add_argument("--report", help="a Markdown file for what is found")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    lines = []

    def say(line=""):
        print(line, flush=True)
        lines.append(line)

    with tempfile.TemporaryDirectory() as folder:
        log = f"{folder}/log.tsv"
        seconds, _, _ = timed([program, "synthesize", "-o", log, "--sequences", str(options.sequences), *SYNTHESIZE.split()])
        megabytes = os.path.getsize(log) / 1e6
        reading, peak, output = timed([program, "inspect", log])
        events = int(re.search(r"events +([\d,]+)", output)[1].replace(",", ""))
        say("# A large log\n")
        say(f"`{pathlib.Path(__file__).name}`: {events:,} events of {options.sequences:,} users over 40,000 items, {megabytes:.0f} MB of TSV, drawn in {seconds:.0f} s. "
            f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before the fits.\n")
        say(f"`lla inspect` reads it, and what it says about it takes its time as well, in {reading:.1f} s: {events / reading / 1e6:.1f} M events/s; peak {peak / 1e6:.0f} MB.\n")
        say(f"Fits: `{COMMON}`.\n")
        say("| sampler | tokens/s, the epoch | in each fifth of it | an epoch | 20 epochs would take | all of the fit | peak memory |")
        say("|---|---|---|---|---|---|---|")
        for name in options.fits:
            seconds, peak, seen = fit([program, "fit", log, "-o", f"{folder}/model", *COMMON.split(), *FITS[name].split()])
            tokens, epoch = seen[-1]
            say(f"| {name} | {tokens / epoch / 1e3:.1f} k | {', '.join(f'{rate / 1e3:.1f} k' for rate in parts(seen))} | {epoch / 60:.1f} min | "
                f"{20 * epoch / 3600:.1f} h | {seconds / 60:.1f} min | {peak / 1e6:.0f} MB |")
    if options.report:
        pathlib.Path(options.report).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
