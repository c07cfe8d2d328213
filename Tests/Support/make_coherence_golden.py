"""Writes Golden/coherence.json: C_NPMI of random topics on a random log, by gensim.

    python Tests/Support/make_coherence_golden.py

Needs the package gensim; takes some seconds. Made with gensim 4.4.0.

gensim adds 1e-12 to probabilities, so that pairs that are never seen together come out near, but not at, the -1 that is their limit; topics here
have no such pair, and what is left of the difference is below 1e-9. And of an item that stands in a window twice gensim forgets the second once
the first has left, so no item comes back here within a window.
"""

import json
import pathlib
import random

from gensim.corpora import Dictionary
from gensim.models.coherencemodel import CoherenceModel

random.seed(20150202)
ITEMS, TOPICS, TOP, WIDEST = 40, 12, 5, 20


def sequence(length):
    """A walk that stays among neighbours for a while, so that some pairs are near each other often."""
    place, walk = random.randrange(ITEMS), []
    while len(walk) < length:
        near = [(place + step) % ITEMS for step in range(-4, 5) if (place + step) % ITEMS not in walk[1 - WIDEST:]]
        place = random.choice(near if near and random.random() < 0.8 else [item for item in range(ITEMS) if item not in walk[1 - WIDEST:]])
        walk.append(place)
    return walk


sequences = [sequence(random.choice((1, 2, 3, 8, 20, 90, 200))) for _ in range(120)]
texts = [[f"i{item}" for item in walk] for walk in sequences]
dictionary = Dictionary(texts)
cases = []
for window in (2, 5, 10, WIDEST):
    topics = []
    while len(topics) < TOPICS:
        topic = random.sample(range(ITEMS), TOP)
        together = all(any({a, b} <= set(walk[at:at + window]) for walk in sequences for at in range(max(1, len(walk) - window + 1)))
                       for a in topic for b in topic)
        if together:
            topics.append(topic)
    model = CoherenceModel(topics=[[f"i{item}" for item in topic] for topic in topics], texts=texts, dictionary=dictionary,
                           coherence="c_npmi", window_size=window, topn=TOP, processes=1)
    cases.append({"window": window, "topics": topics, "values": model.get_coherence_per_topic()})

file = pathlib.Path(__file__).parent / "Golden" / "coherence.json"
text = json.dumps({"items": ITEMS, "sequences": sequences, "cases": cases}, separators=(",", ":"), default=float)
file.write_text(text.replace("{", "\n{") + "\n", encoding="utf-8")
print(f"{file.stat().st_size:,} bytes")
