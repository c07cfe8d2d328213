#!/usr/bin/env python3
"""Readable parts of the tree of topics: the paper's figures 6 and 7.

    python3 Experiments/paper/topic-tree/run.py LOG NAME [-K 200] [--epochs 12] [-- what `lla fit` is told to read the log with]

Topics are merged by how the network weighs pasts (rows of its softmax layer, Ward's linkage): what the tree knows of a log is what follows what. Which parts are shown is
decided by rule: of the branches with 8 to 14 topics the three that hold the most events. Two of them cannot share a topic, as a branch is passed over where one that holds it,
or that it holds, is there already.
Writes NAME.md and a picture of each part beside this file. The program is .build/release/lla; LLA names another. Cost: one fit of LLA; on paths between articles two
minutes on two cores, on the articles five to ten.
"""

import csv
import io
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from program import asked, run  # noqa: E402

SMALLEST, LARGEST, PARTS = 8, 14, 3


def parts(tree):
    """The numbers of the branches to show, the one with the most events first; `tree` is what --format csv says."""
    above = {row["node"]: row["parent"] for row in tree}

    def holders(node):
        while node:
            yield node
            node = above[node]

    shown = []
    for row in sorted(tree, key=lambda row: (-float(row["share"]), int(row["node"]))):
        fits = SMALLEST <= int(row["size"]) <= LARGEST
        if fits and len(shown) < PARTS and not any(row["node"] in holders(other) or other in holders(row["node"]) for other in shown):
            shown.append(row["node"])
    return shown


def main():
    options, reading = asked(__doc__, epochs=12)
    told = ["--variant", "word", "--topics", options.topics, "--hidden", 128, "--epochs", options.epochs, "--seed", 1]
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model")
        run("fit", options.log, "-o", model, "--quiet", *reading, *told)
        tree = list(csv.DictReader(io.StringIO(run("hierarchy", model, "--format", "csv"))))
        by_node = {row["node"]: row for row in tree}
        shown = parts(tree)
        lines = [f"# Parts of the tree of topics: {pathlib.Path(options.log).name}", "",
                 f"`lla fit {' '.join(map(str, [*reading, *told]))}`, then `lla hierarchy MODEL --branch NODE --format svg`. The header of run.py says by which rule the parts are chosen.", ""]
        for place, node in enumerate(shown, 1):
            picture = f"{options.name}-{place}.svg"
            (HERE / picture).write_text(run("hierarchy", model, "--branch", node, "-n", 4, "--format", "svg"))
            row = by_node[node]
            heading = f"{row['size']} topics, {100 * float(row['share']):.1f} % of the events"
            lines += [f"## {heading}", "", f"![A part of the tree: {heading}]({picture})", ""]
    (HERE / f"{options.name}.md").write_text("\n".join(lines))


main()
