#!/usr/bin/env python3
"""What sampled topics cost in perplexity, at equal epochs and at equal time: dense draws and the full softmax beside Metropolis-Hastings and a sampled one.

    Experiments/Benchmarks/large-k/perplexity.py LOG.tsv.gz [--topics K ...] [--seeds S ...] [--draws OPTIONS ...] [--threads N]

H=250, from clusters of items, one particle, no memory, first 60 % of each sequence observed, 8 epochs unless a draw's options say
otherwise ("mh --negatives 256 --epochs 10"). Prints a Markdown row for each fit: perplexity of the rest, given all before it, with its standard error;
seconds of the fit by the clock and of its threads together, of which other work on the machine disturbs the latter less. Needs `make build`; LLA names another
program. Cost, 10^6 events, one thread: at K=1000 four to five minutes a fit; at K=10,000 six, or a dense one half an hour, and six to score each.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
LLA = os.environ.get("LLA", str(ROOT / ".build/release/lla"))
DRAWS = ["dense", "mh", "mh --negatives 128", "mh --negatives 256", "mh --negatives 512"]
FIT = "--variant topic --particles 1 --memory none --hidden 250 --start clusters --validation-particles 2 --observe 0.6 --quiet"


def fit(words):
    """Seconds by the clock, and of all threads together."""
    began = time.monotonic()
    process = subprocess.Popen(words)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(words)} came to an error")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log")
    parser.add_argument("--topics", nargs="+", default=["1000"])
    parser.add_argument("--seeds", nargs="+", default=["1", "2", "3"])
    parser.add_argument("--draws", nargs="+", default=DRAWS)
    parser.add_argument("--threads", help="default: one for each processor")
    given = parser.parse_args()
    threads = ["--threads", given.threads] if given.threads else []
    print("| K | seed | draw | perplexity | seconds | seconds of processor |")
    print("|---|---|---|---|---|---|", flush=True)
    for topics in given.topics:
        for seed in given.seeds:
            for draw in given.draws:
                epochs = [] if "--epochs" in draw else ["--epochs", "8"]
                with tempfile.TemporaryDirectory() as folder:
                    model = f"{folder}/model"
                    seconds, processor = fit(
                        [LLA, "fit", given.log, "-o", model, *FIT.split(), "--topics", topics, "--seed", seed, *epochs, "--sampler", *draw.split(), *threads])
                    said = json.loads(subprocess.run(
                        [LLA, "evaluate", model, given.log, "--observe", "0.6", "--particles", "4", "--without-ranking", "--json", *threads],
                        check=True, capture_output=True).stdout)
                print(
                    f"| {topics} | {seed} | {draw} | {said['perplexity']:.2f} ± {said['perplexity_standard_error']:.2f} | {seconds:.0f} | {processor:.0f} |",
                    flush=True)


if __name__ == "__main__":
    main()
