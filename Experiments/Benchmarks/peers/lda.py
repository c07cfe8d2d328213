"""Our LDA and tomotopy's on one log: tokens a second, and the log-likelihood that each has reached after equal time.

    python lda.py LOG.tsv[.gz] --topics 1000 --seconds 40 --rounds 3

Needs requirements.txt, and `lda-sweeps` in .build/release. Prints two Markdown tables. Costs two times --seconds a round and about
as much for preparing and scoring, and 500 MB of disk for a log of 10^6 events.

The programs take turns, and each has the machine's cores for itself as far as this script is concerned. What is done so that the
comparison is fair:

* tomotopy is given the very events that ours was, items seen fewer than five times left out, and the same alpha and eta,
  which stay as they are (its optimisation of alpha is off);
* of tomotopy's parallel schemes the one that is faster on this log is taken;
* tomotopy is not charged for preparing its model, ours is;
* log-likelihood is that of items and topics with both laws integrated out, per token: one function computes it, from the topics
  of each event, for both. tomotopy's own figure has to agree with it;
* a program's log-likelihood at a time is that of the last of its sweeps kept by then. Both keep one in ten, and all of the first.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import tomotopy

ALPHA, ETA = 0.1, 0.01  # the defaults of both


def log_likelihood(items, starts, z, topics):
    """log p(items, z) / T, with theta and phi integrated out."""
    def rising(counts, concentration):
        """Sum of log Gamma(n + c) / Gamma(c)."""
        values, times = np.unique(counts, return_counts=True)
        return sum(m * (math.lgamma(n + concentration) - math.lgamma(concentration))
                   for n, m in zip(values.tolist(), times.tolist()))
    lengths = np.diff(starts)
    sequence = np.repeat(np.arange(len(lengths)), lengths).astype(np.int64)
    of_sequence = np.unique(sequence * topics + z, return_counts=True)[1]
    of_item = np.unique(items.astype(np.int64) * topics + z, return_counts=True)[1]
    of_topic = np.bincount(z, minlength=topics)
    total = (rising(of_sequence, ALPHA) - rising(lengths, topics * ALPHA)
             + rising(of_item, ETA) - rising(of_topic, (items.max() + 1) * ETA))
    return total / len(items)


def read(folder, name):
    return np.fromfile(os.path.join(folder, name), "<i4")


def tomotopy_model(folder, topics, seed):
    items, starts = read(folder, "items"), read(folder, "starts")
    model = tomotopy.LDAModel(k=topics, alpha=ALPHA, eta=ETA, seed=seed)
    model.optim_interval = 0
    for first, end in zip(starts, starts[1:]):
        if end > first:
            model.add_doc([str(w) for w in items[first:end]])
    model.train(0)
    return model


def sweep(model, scheme, threads):
    start = time.perf_counter()
    model.train(1, workers=threads, parallel=tomotopy.ParallelScheme[scheme])
    return time.perf_counter() - start


def fastest_scheme(folder, options):
    times = {}
    for scheme in ("COPY_MERGE", "PARTITION"):
        model = tomotopy_model(folder, options.topics, options.seed)
        times[scheme] = statistics.median([sweep(model, scheme, options.threads) for _ in range(12)][4:])
    return min(times, key=times.get)


def run_tomotopy(folder, options):
    """What lda-sweeps does, by tomotopy, for the events that lda-sweeps left in the folder."""
    model = tomotopy_model(folder, options.topics, options.seed)
    due, spent, number = 1, 0.0, 0
    while spent < options.seconds:
        number += 1
        spent += sweep(model, options.scheme, options.threads)
        print(json.dumps({"sweep": number, "seconds": spent, "own": model.ll_per_word}), flush=True)
        if number == due or spent >= options.seconds:
            z = np.concatenate([document.topics for document in model.docs])
            z.astype("<i4").tofile(os.path.join(folder, f"topics-{number}"))
            due += max(1, due // 10)


def run(command, folder, topics):
    """Median seconds of a sweep, and [(seconds, log-likelihood)]; topics are deleted once scored."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    lines = [json.loads(line) for line in process.stdout]
    if process.wait() != 0:
        sys.exit(f"{command[0]} failed")
    items, starts = read(folder, "items"), read(folder, "starts")
    reached = []
    for line in lines:
        name = f"topics-{line['sweep']}"
        if os.path.exists(os.path.join(folder, name)):
            score = log_likelihood(items, starts, read(folder, name), topics)
            if "own" in line and abs(score - line["own"]) > 1e-3:
                sys.exit(f"tomotopy says {line['own']}, and this script {score}")
            reached.append((line["seconds"], score))
            os.remove(os.path.join(folder, name))
    ends = [0.0] + [line["seconds"] for line in lines]
    # The first sweep is no sweep like the others: it may prepare.
    times = [b - a for a, b in zip(ends, ends[1:])][1:]
    return statistics.median(times), reached


def at(reached, seconds):
    return max(((t, score) for t, score in reached if t <= seconds), default=(0, math.nan))[1]


def told(scores, extreme):
    """Nothing where a round had no sweep by then."""
    return "-" if any(map(math.isnan, scores)) else f"{statistics.median(scores):.4f} ({extreme(scores):.4f})"


def main():
    parser = argparse.ArgumentParser(description="our LDA beside tomotopy's")
    parser.add_argument("log")
    parser.add_argument("--program", default=".build/release/lda-sweeps")
    parser.add_argument("--topics", type=int, default=1000, help="K")
    parser.add_argument("--seconds", type=float, default=40, help="of each program's sweeps in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1, help="of the first round; the next has the next")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--scheme", help=argparse.SUPPRESS)
    parser.add_argument("--tomotopy", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    # tomotopy's results depend on the number of workers, and it says so at each call.
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    if options.tomotopy:
        return run_tomotopy(options.tomotopy, options)

    results = []  # a pair for each round: ours, tomotopy's
    with tempfile.TemporaryDirectory() as folder:
        for n in range(options.rounds):
            seed = str(options.seed + n)
            common = [str(options.topics), str(options.seconds), seed, str(options.threads)]
            ours = run([options.program, options.log, *common, folder], folder, options.topics)
            if options.scheme is None:
                options.scheme = fastest_scheme(folder, options)
            theirs = run([sys.executable, __file__, options.log, "--tomotopy", folder, "--scheme", options.scheme,
                          "--topics", common[0], "--seconds", common[1], "--seed", seed, "--threads", common[3]],
                         folder, options.topics)
            results.append((ours, theirs))
            print(f"round {n + 1} done, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
        tokens, sequences, items = len(read(folder, "items")), len(read(folder, "starts")) - 1, read(folder, "items").max() + 1

    print(f"{os.path.basename(options.log)}: {tokens} tokens, {sequences} sequences, {items} items; K={options.topics}, alpha={ALPHA}, "
          f"beta={ETA}, {options.threads} threads, seeds {options.seed} to {options.seed + options.rounds - 1}; "
          f"tomotopy {tomotopy.__version__} ({tomotopy.isa}, {options.scheme}).\n")
    print("| | ours | tomotopy | ratio |\n|---|---|---|---|")
    speeds = [tuple(tokens / program[0] for program in pair) for pair in results]
    for n, (ours, theirs) in enumerate(speeds):
        print(f"| tokens/s, round {n + 1} (median sweep) | {ours / 1e6:.1f} M | {theirs / 1e6:.2f} M | {ours / theirs:.1f} |")
    middle = [statistics.median(pair[i] for pair in speeds) for i in (0, 1)]
    ratio = statistics.median(ours / theirs for ours, theirs in speeds)
    print(f"| tokens/s, median of rounds | {middle[0] / 1e6:.1f} M | {middle[1] / 1e6:.2f} M | {ratio:.1f} |")

    print("\n| log-likelihood per token after | ours, median (worst) | tomotopy, median (best) |\n|---|---|---|")
    marks = [options.seconds / 2 ** n for n in range(5, -1, -1)]
    for mark in marks:
        ours, theirs = ([at(pair[i][1], mark) for pair in results] for i in (0, 1))
        print(f"| {mark:g} s | {told(ours, min)} | {told(theirs, max)} |")


if __name__ == "__main__":
    main()
