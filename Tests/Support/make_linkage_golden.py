#!/usr/bin/env python3
"""Writes Golden/linkage.json: linkage matrices by SciPy of random points, some with ties.

Needs scipy and numpy; takes a second. Made with scipy 1.17.1, numpy 2.4.6.
"""
import json
import pathlib

import numpy as np
from scipy.cluster.hierarchy import linkage

random = np.random.default_rng(20170806)
cases = []


def add(name, points, ties):
    points = np.asarray(points, dtype=np.float32)
    for method in ("ward", "average"):
        # In double precision throughout, as SciPy does.
        merges = linkage(points.astype(np.float64), method=method, metric="euclidean")
        cases.append({
            "name": f"{name}, {method}", "method": method, "count": len(points), "ties": ties,
            "points": [float(f"{x:.9g}") for x in points.ravel()],
            "merges": [[int(a), int(b), h, int(n)] for a, b, h, n in merges.tolist()],
        })


add("two points", random.normal(size=(2, 3)), False)
add("three points", random.normal(size=(3, 1)), False)
add("ten points", random.normal(size=(10, 2)), False)
add("forty points in one dimension", random.normal(size=(40, 1)), False)
add("sixty points", random.normal(size=(60, 5)), False)
centres = random.normal(size=(8, 7)) * 5
add("clusters", centres[random.integers(0, 8, 90)] + random.normal(size=(90, 7)) * 0.5, False)
add("large and small", random.normal(size=(30, 3)) * 10.0 ** random.integers(-6, 7, (30, 1)), False)
once = random.normal(size=(12, 3))
add("every point twice", np.concatenate([once, once]), True)
add("one point many times", np.ones((9, 2)), True)

text = json.dumps(cases, separators=(",", ":")).replace("{", "\n{")
(pathlib.Path(__file__).parent / "Golden" / "linkage.json").write_text(text + "\n", encoding="utf-8")
