#!/usr/bin/env python3
"""The memory that fits take at their peak, beside what they say before they start.

    swift build -c release -Xcc -march=native --product lla
    python3 Experiments/Benchmarks/memory/run.py --report Experiments/Benchmarks/memory/result.md

Fits of two epochs, one of warm-up and one joint, of logs that the program draws itself; from random topics, which take nothing, unless said. Measured is the largest resident set of the
process (ru_maxrss); the estimate is that of the line that a fit begins with, and that it is refused by where a machine or its control
group has less. Needs Python 3.9 or later, and nothing else. Costs a few minutes, 200 MB of disk, and 2 GB of memory.
Ends with 1 where an estimate is further from the measured peak than the bar.
"""
import argparse, os, pathlib, re, subprocess, sys, tempfile

BAR = 0.20
UNITS = {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}
LOGS = {
    "small": "--topics 20 --items 500 --sequences 2000 --lengths 20-60",
    "many events": "--topics 20 --items 2000 --sequences 40000 --lengths 50-150",
    "many items": "--topics 100 --items 60000 --support 0.02 --sequences 20000 --lengths 20-60",
    "many users": "--topics 20 --items 1000 --sequences 300000 --lengths 2-4",
}
# What takes most of the memory differs.
FITS = [
    ("small", "-K 20 -H 16"),
    ("small", ""),
    ("small", "--variant belief"),
    ("small", "-K 500 -H 256"),
    ("small", "-K 200 -H 128 --particles 32"),
    ("small", "-K 200 -H 128 --lanes 256 --particles 8"),
    ("small", "-K 1000 -H 250 --sampler mh"),
    ("small", "-H 1024 --embedding none"),
    ("small", "-K 100 --validation-particles 64"),
    ("many events", "-K 50 -H 32 --variant belief"),
    ("many items", "-K 1000 -H 32 --variant belief"),
    ("many items", "-K 100 -H 128 --variant word"),
    ("many users", "-K 50 -H 32"),
    ("many events", "-K 50 -H 32 --start clusters"),
    ("many items", "-K 50 -H 32 --start clusters"),
    ("many events", "-K 50 -H 32 --start lda"),
    ("many items", "-K 50 -H 32 --start lda"),
]


def fit(program, folder, log, options):
    """Estimate and peak, in bytes."""
    words = [program, "fit", log, "-o", "model", "--min-count", "1", "--epochs", "2", "--warm-up", "0.5"]
    words += [*options.split(), *(() if "--start" in options else ("--start", "random"))]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    messages = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    said = re.search(r"about ([\d.,]+) (\w+) of memory", messages)
    if status != 0 or not said:
        sys.exit(f"{' '.join(words)}: status {status}: {messages}")
    unit = 1 if sys.platform == "darwin" else 1024
    return float(said[1].replace(",", "")) * UNITS[said[2]], usage.ru_maxrss * unit


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=".build/release/lla")
    parser.add_argument("--report", help="a Markdown file for the table")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    lines, worst = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, words in LOGS.items():
            subprocess.run([program, "synthesize", "-o", f"{name}.tsv", *words.split()], cwd=folder, check=True)
        for log, words in FITS:
            estimate, peak = fit(program, folder, f"{log}.tsv", words)
            worst = max(worst, abs(estimate / peak - 1))
            lines.append(f"| {log} | `{words or 'defaults'}` | {estimate / 1e6:.0f} | {peak / 1e6:.0f} | {round(100 * (estimate / peak - 1)) or 0:+d} % |")
            print(lines[-1], file=sys.stderr)
    text = "\n".join([
        "# Memory of a fit",
        "",
        f"Written by `run.py`. Largest resident set of the process, beside the estimate that a fit begins with; from random topics unless said; {os.cpu_count()} processors. The bar is "
        f"{100 * BAR:.0f} %; the worst row is {100 * worst:.0f} % off.",
        "",
        "| log | settings | estimate, MB | peak, MB | estimate over peak |",
        "|---|---|---|---|---|",
        *lines,
        "",
        "Logs: " + "; ".join(f"{name}: `lla synthesize {words}`" for name, words in LOGS.items()) + ".",
    ]) + "\n"
    if options.report:
        pathlib.Path(options.report).write_text(text)
    print(text)
    sys.exit(1 if worst > BAR else 0)


main()
