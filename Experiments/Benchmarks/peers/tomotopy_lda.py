"""How many tokens a second tomotopy's LDA samples on a log, on this machine.

    python tomotopy_lda.py LOG.tsv[.gz] --topics 1000

Needs requirements.txt. LOG is tab-separated with a header that names the columns; each user is a document.
Prints one JSON object; takes --warm-up and --sweeps passes over the log, and some 100 bytes of memory an event.

The time is that of training sweeps alone, a median after a warm-up; reading and preparing are not charged.
"""

import argparse
import gzip
import json
import os
import resource
import statistics
import time

import tomotopy


def documents(path, user, item):
    """The items of each user, in the order of the file."""
    found = {}
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as log:
        header = log.readline().rstrip("\r\n").split("\t")
        for name in (user, item):
            if name not in header:
                raise SystemExit(f"{path}: no column '{name}' among {header}; say which with --user and --item")
        user_column, item_column = header.index(user), header.index(item)
        for line in log:
            row = line.rstrip("\r\n").split("\t")
            found.setdefault(row[user_column], []).append(row[item_column])
    return found.values()


def main():
    parser = argparse.ArgumentParser(description="tokens a second of tomotopy's LDA")
    parser.add_argument("log")
    parser.add_argument("--topics", type=int, default=1000, help="K")
    parser.add_argument("--user", default="user", help="column of users")
    parser.add_argument("--item", default="item", help="column of items")
    parser.add_argument("--warm-up", type=int, default=5, help="sweeps before time is taken")
    parser.add_argument("--sweeps", type=int, default=20, help="sweeps that are timed")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="workers")
    options = parser.parse_args()

    load_before = os.getloadavg()[0]
    model = tomotopy.LDAModel(k=options.topics, seed=1)
    for items in documents(options.log, options.user, options.item):
        model.add_doc(items)
    model.train(options.warm_up, workers=options.threads)
    times = []
    for _ in range(options.sweeps):
        start = time.perf_counter()
        model.train(1, workers=options.threads)
        times.append(time.perf_counter() - start)
    print(json.dumps({
        "program": "tomotopy", "version": tomotopy.__version__, "instructions": tomotopy.isa, "threads": options.threads,
        "load_average_before": load_before, "topics": options.topics,
        "documents": len(model.docs), "tokens": model.num_words, "items": model.num_vocabs,
        "tokens_per_second": round(model.num_words / statistics.median(times)),
        "log_likelihood_per_word": model.ll_per_word,
        "peak_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }, indent=1))


if __name__ == "__main__":
    main()
