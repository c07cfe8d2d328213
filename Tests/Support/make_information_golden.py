"""Writes Golden/information.json: adjusted mutual information of partitions, by scikit-learn.

    python Tests/Support/make_information_golden.py

Needs the package scikit-learn; takes a second. Made with scikit-learn 1.9.1.
"""

import json
import pathlib

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.metrics.cluster import contingency_matrix, expected_mutual_information

random = np.random.default_rng(20101010)
cases = []


def add(name, a, b):
    a, b = [int(x) for x in a], [int(x) for x in b]
    table = contingency_matrix(a, b, sparse=True).astype(np.int64)
    cases.append({"name": name, "a": a, "b": b, "adjusted": float(adjusted_mutual_info_score(a, b)),
                  "expected": float(expected_mutual_information(table, len(a)))})


add("two of two", [0, 0, 1, 1], [0, 1, 0, 1])
add("the same under other names", [3, 3, 1, 2, 2, 2], [7, 7, 0, 1, 1, 1])
add("one cluster and several", [0] * 9, random.integers(0, 3, 9))
add("independent", random.integers(0, 5, 120), random.integers(0, 8, 120))
truth = random.integers(0, 12, 300)
add("mostly alike", truth, np.where(random.random(300) < 0.3, random.integers(0, 12, 300), truth))
add("finer", truth, truth * 3 + random.integers(0, 3, 300))
add("many small clusters", random.integers(0, 90, 200), random.integers(0, 70, 200))
add("a few large and many small", np.minimum(random.geometric(0.15, 400), 30), np.minimum(random.geometric(0.3, 400), 9))
add("all but one alone", list(range(19)) + [0], [0] + list(range(19)))

file = pathlib.Path(__file__).parent / "Golden" / "information.json"
file.write_text(json.dumps(cases, separators=(",", ":")).replace("{", "\n{") + "\n", encoding="utf-8")
print(f"{file.stat().st_size:,} bytes")
