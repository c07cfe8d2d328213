"""Cuts a log as `lla fit --observe 0.6 --min-count 5` does, so that other programs are scored on the very same events.

    python cut.py LOG.tsv[.gz]
    python cut.py LOG.tsv[.gz] --observe 0.8 --min-count 1 --user visitor --item page

Needs requirements.txt (NumPy alone). Prints one JSON object, whose "tokens" and "out_of_vocabulary" must be those of
`lla evaluate --json`; takes about 2 s and 300 bytes of memory an event. The other scripts here import it.

LOG is tab-separated with a header that names the columns: users, items, and times if there are any. Events are ordered
by user, then by time; ties, and logs without times, keep the order of the file. The rules, as in Sources/Corpora:

* a user is a sequence; users are in order of first appearance (no sessions are split, no repeats dropped);
* of n events the first max(1, floor(observe * n)) are the head, which a model may be fitted on, the others are the tail,
  which is scored; the product is rounded down;
* the vocabulary are the items with at least --min-count events in heads, the most frequent first, ties by first
  appearance in the log;
* events of other items are left out of heads, and out of tails too, where they are counted as out of vocabulary.
"""

import argparse
import datetime
import gzip
import json
import re
from dataclasses import dataclass

import numpy as np

NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d*))?")
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Cut:
    """Sequences of numbered items, each with the length of its head."""

    users: list          # (N)
    vocabulary: list     # (V) names
    items: np.ndarray    # all sequences end to end
    starts: np.ndarray   # (N + 1) places in items
    observed: np.ndarray  # (N) length of each head
    out_of_vocabulary: int

    @property
    def tokens(self):
        """Events that are scored."""
        return len(self.items) - int(self.observed.sum())

    def sequence(self, n):
        return self.items[self.starts[n]:self.starts[n + 1]]

    def head(self, n):
        return self.items[self.starts[n]:self.starts[n] + self.observed[n]]


def microseconds(text):
    """Unix seconds (milliseconds, ... where they are too large to be seconds) or ISO 8601; digits beyond are dropped."""
    number = NUMBER.fullmatch(text)
    if number is None:
        time = datetime.datetime.fromisoformat(text)
        return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - EPOCH) // datetime.timedelta(microseconds=1)
    sign, whole, fraction = number.groups()
    value = int(whole)
    if fraction is not None or value < 10**11:
        value = value * 10**6 + int(((fraction or "") + "000000")[:6])
    elif value < 10**14:
        value *= 1000
    elif value >= 10**17:
        value //= 1000
    return -value if sign else value


def read(path, user="user", time="time", item="item"):
    """The names of users and items in order of first appearance, and for each user the numbers of its items in order."""
    users, items, events = {}, {}, []
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8-sig", newline="\n") as log:
        header = log.readline().rstrip("\r\n").split("\t")
        for name in (user, item):
            if name not in header:
                raise SystemExit(f"{path}: no column '{name}' among {header}; say which with --user and --item")
        user_column, item_column = header.index(user), header.index(item)
        time_column = header.index(time) if time in header else None
        for number, line in enumerate(log, 2):
            row = line.rstrip("\r\n").split("\t")
            if row == [""]:
                continue
            try:
                when = 0 if time_column is None else microseconds(row[time_column])
                who, what = row[user_column], row[item_column]
            except (IndexError, ValueError) as error:
                raise SystemExit(f"{path}:{number}: {error}") from error
            n = users.setdefault(who, len(users))
            if n == len(events):
                events.append([])
            events[n].append((when, items.setdefault(what, len(items))))
    for sequence in events:
        # Stable: equal times keep the order of the file.
        sequence.sort(key=lambda event: event[0])
    return list(users), list(items), [np.array([w for _, w in sequence], dtype=np.int64) for sequence in events]


def head_length(observe, length):
    # 0.7 of 90 is 62.99... in doubles: a share is raised by 1e-9 of itself before it is rounded down.
    return min(length, max(1, int(observe * length * (1 + 1e-9))))


def cut(path, observe=0.6, min_count=5, **columns):
    users, names, sequences = read(path, **columns)
    heads = [head_length(observe, len(sequence)) for sequence in sequences]
    counts = np.bincount(np.concatenate([s[:h] for s, h in zip(sequences, heads)]), minlength=len(names))
    # Stable: ties by first appearance.
    chosen = [w for w in np.argsort(-counts, kind="stable") if counts[w] >= min_count]
    if not chosen:
        raise SystemExit(f"{path}: no item has {min_count} events in heads; give a lower --min-count")
    numbers = np.full(len(names), -1)
    numbers[chosen] = np.arange(len(chosen))
    kept, observed, missing = [], [], 0
    for sequence, h in zip(sequences, heads):
        numbered = numbers[sequence]
        known = numbered >= 0
        kept.append(numbered[known])
        observed.append(int(known[:h].sum()))
        missing += int((~known[h:]).sum())
    starts = np.concatenate([[0], np.cumsum([len(sequence) for sequence in kept])])
    return Cut(users, [names[w] for w in chosen], np.concatenate(kept), starts, np.array(observed), missing)


def add_arguments(parser):
    parser.add_argument("log", help="tab-separated, with a header; may be compressed (.gz)")
    parser.add_argument("--observe", type=float, default=0.6, help="share of each sequence that is its head")
    parser.add_argument("--min-count", type=int, default=5, help="events in heads that make an item part of the vocabulary")
    parser.add_argument("--user", default="user", help="column of users")
    parser.add_argument("--time", default="time", help="column of times")
    parser.add_argument("--item", default="item", help="column of items")


def from_arguments(options):
    if not 0 < options.observe <= 1:
        raise SystemExit(f"--observe {options.observe} is not a share")
    return cut(options.log, options.observe, options.min_count, user=options.user, time=options.time, item=options.item)


class Score:
    """Perplexity and ranks, summed over events.

    Ranks are among all V, and ties count against the model: the rank is 1 + the number of other items whose score is
    not below the target's.
    """

    CUTOFFS = (1, 5, 10, 20)

    def __init__(self):
        self.tokens = 0
        self.log_likelihood = 0.0
        self.ranks = np.zeros(max(self.CUTOFFS) + 1, dtype=np.int64)  # place 0 for all beyond

    def add(self, log_probabilities, ranks):
        """One entry an event; the target is the 1 of its rank."""
        self.tokens += len(ranks)
        self.log_likelihood += float(np.sum(log_probabilities, dtype=np.float64))
        ranks = np.asarray(ranks)
        self.ranks += np.bincount(np.where(ranks < len(self.ranks), ranks, 0), minlength=len(self.ranks))

    def figures(self):
        if self.tokens == 0:
            return {"tokens": 0, "perplexity": None}
        recall = np.cumsum(self.ranks[1:]) / self.tokens
        reciprocal = np.cumsum(self.ranks[1:] / np.arange(1, len(self.ranks))) / self.tokens
        perplexity = float(np.exp(-self.log_likelihood / self.tokens))
        return {"tokens": self.tokens, "perplexity": perplexity} | {
            f"{name}@{k}": float(values[k - 1])
            for name, values in (("recall", recall), ("mrr", reciprocal)) for k in self.CUTOFFS}


def main():
    parser = argparse.ArgumentParser(description="the counts of a log, cut as the engine cuts it")
    add_arguments(parser)
    found = from_arguments(parser.parse_args())
    print(json.dumps({
        "sequences": len(found.users), "items": len(found.vocabulary), "observed": int(found.observed.sum()),
        "tokens": found.tokens, "out_of_vocabulary": found.out_of_vocabulary}, indent=1))


if __name__ == "__main__":
    main()
