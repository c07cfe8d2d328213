#!/usr/bin/env python3
"""Trees of topics beside trees that peers make of the same log, scored by the hierarchy that the shop's own books have: the tables of result.md.

    python3 Experiments/hierarchy/run.py DATA [--households N] [--seeds N] [--only NAME ...] [--table]

DATA is a folder with completejourney_full.tsv.gz (Data/README.md says where such logs come from): a year of purchases of 2,469 households, items named
DEPARTMENT/CATEGORY/TYPE. The 17 products without a category are left out. Everything is fitted on all that is left: nothing is predicted here.

Ours: LLA with 250 topics, each variant from both starts, and with 500, those without particles from clusters. An item hangs under the topic that it mostly has, topics are merged by Ward's or average linkage of some
embedding: the softmax layer's rows (what `lla hierarchy` draws), the same at length 1, the input's embedding, the topics' laws of items (square roots, so
that distances are Hellinger's; or at length 1, so that they are of cosines), or the softmax rows and those laws side by side. Or items themselves are merged, by Ward's linkage of
what the model says of each: its law of topics, or the mean of its topics' softmax rows under that law; with word input also its own embedding; or the positive
information that it has of the topics around it in the log, as the model reads it (what `lla hierarchy` draws of a log, Paper-notes H4 and H5).
Peers: LDA (tomotopy), with as many topics, in the same ways, as far as it has them; and a truncated SVD of the positive PMI of neighbouring items, with Ward's linkage of items.
Apart from these, the topics around items with LDA's topics in the place of LLA's: what of ours is the construction alone.

What each method is set to is decided by rule: seed 1, one half of the items (by a hash of their names), the mean of the dendrogram purities by department and by
category. What is reported is the other half, and all items, for every seed. All settings are in runs.jsonl beside this file, a line a run; runs
that stand there are not made again.

A virtual environment with the packages of requirements.txt is made in Experiments/hierarchy/.venv. The program is .build/release/lla; LLA names another.

Cost: about 20 minutes for one seed on one core, five more for each other seed, and 1.3 GB of memory.
"""

import argparse
import collections
import csv
import gzip
import hashlib
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "Data"))
import environment  # noqa: E402

RUNS = HERE / "runs.jsonl"
LLA = os.environ.get("LLA", str(ROOT / ".build" / "release" / "lla"))

FIT = "--hidden 64 --epochs 4 --validation 0"
# Ours, by name: topics, and what `lla fit` is told besides.
OURS = {f"{variant}, {start} start": (250, f"--variant {variant} --start {start}")
        for variant in ("belief", "topic", "word") for start in ("lda", "clusters")}
OURS.update({f"{variant}, clusters start, 500 topics": (500, f"--variant {variant} --start clusters") for variant in ("belief", "word")})
LDAS = {"LDA": 250, "LDA, 500 topics": 500}
# Clusters that the peers without topics are cut into.
CLUSTERS = 250
LDA_SWEEPS = 200
WINDOWS, WIDTHS = (1, 5), (20, 30, 50, 100, 200)
# Of the topics around an item: how far, and what an event so far away weighs.
REACH = 20
AROUND = "the topics around it"


# What is scored ------------------------------------------------------------------------------------------------------


def labels_of(names, level):
    """A label a name, as a number: its first pieces."""
    numbers = {}
    return [numbers.setdefault("/".join(name.split("/")[:level]), len(numbers)) for name in names]


def half_of(name):
    """0: the half that settings are chosen on; 1: the other."""
    return hashlib.sha256(name.encode()).digest()[0] % 2


def purity(parents, places, labels, weights):
    """Dendrogram purity, exact: see Sources/Evaluation/LabelledTree.swift, which this was written beside and is compared with."""
    under = [collections.Counter() for _ in parents]
    met = [collections.Counter() for _ in parents]
    for place, label, weight in zip(places, labels, weights):
        met[place][label] += under[place][label] * weight
        under[place][label] += weight
    pure = every = 0.0
    for node, parent in enumerate(parents):
        total = sum(under[node].values())
        for label, pairs in met[node].items():
            pure += pairs * under[node][label] / total if pairs else 0
            every += pairs
        if parent is not None:
            for label, weight in under[node].items():
                met[parent][label] += under[parent][label] * weight
                under[parent][label] += weight
        under[node] = met[node] = None
    return pure / every


def scores(linked, places, names, counts, topics):
    """All figures of a tree, linked as SciPy has it.

    `places` has the leaf of the linkage that each item hangs under; `topics` how many clusters a flat partition has."""
    from scipy.cluster.hierarchy import fcluster
    from sklearn.metrics import adjusted_mutual_info_score

    leaves = len(linked) + 1
    parents = [None] * (2 * leaves - 1)
    for merge, (a, b, *_) in enumerate(linked):
        parents[int(a)] = parents[int(b)] = leaves + merge
    found = {}
    for level, title in ((1, "department"), (2, "category")):
        labels = labels_of(names, level)
        for part in ("chosen on", "other half", "all"):
            own = [n for n, name in enumerate(names) if part == "all" or half_of(name) == (part == "other half")]
            found[f"{title}, {part}"] = purity(parents, [places[n] for n in own], [labels[n] for n in own], [1] * len(own))
        found[f"{title}, by events"] = purity(parents, places, labels, counts)
        for title_of_cut, clusters in (("topics", topics), ("branches", len(set(labels)))):
            flat = fcluster(linked, clusters, "maxclust") if clusters < leaves else range(leaves)
            found[f"{title}, AMI of {title_of_cut}"] = adjusted_mutual_info_score(labels, [flat[place] for place in places])
    return found


def chance(names):
    """Purity if all items hung under one node."""
    return {title: purity([None], [0] * len(names), labels_of(names, level), [1] * len(names)) for level, title in ((1, "department"), (2, "category"))}


# What is compared ----------------------------------------------------------------------------------------------------


def topic_trees(law, embeddings, names, counts, topics):
    """Scores of every embedding and linkage of topics. `law` is (V, K), the events of each item in each topic."""
    from scipy.cluster.hierarchy import linkage

    places = law.argmax(axis=1)
    return {f"{name}, {method}": scores(linkage(points, method), places, names, counts, topics)
            for name, points in embeddings.items() for method in ("ward", "average")}


def item_trees(embeddings, names, counts, topics):
    """Scores of Ward's linkage of items themselves, by what a model says of each."""
    from scipy.cluster.hierarchy import linkage

    return {f"each item by {name}, ward": scores(linkage(points, "ward"), range(len(names)), names, counts, topics)
            for name, points in embeddings.items()}


def unit(rows):
    import numpy
    return rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def laws_of_items(phi):
    """Points (K, V) whose distances are Hellinger's, or those of cosines."""
    import numpy
    return {"items (Hellinger)": numpy.sqrt(phi), "items (cosine)": unit(phi)}


def ours(log, topics, options, seed, names, counts):
    import numpy
    from safetensors.numpy import load_file

    with tempfile.TemporaryDirectory() as folder:
        model = f"{folder}/model"
        subprocess.run([LLA, "fit", log, "-o", model, "--seed", str(seed), "--quiet", "--threads", "1", "--topics", str(topics), *FIT.split(), *options.split()], check=True)
        tensors = load_file(f"{model}/model.safetensors")
        settings = json.load(open(f"{model}/settings.json"))
        vocabulary = [line.split("\t")[1] for line in open(f"{model}/vocabulary.tsv", encoding="utf-8").read().splitlines()[1:]]
        def drawn(*more):
            return subprocess.run([LLA, "hierarchy", model, "--threads", "1", *more], check=True, capture_output=True, text=True).stdout

        by_program = {"softmax, ward": json.loads(drawn("--score", "--format", "json"))}
        around = f"each item by {AROUND}, ward"
        by_program[around] = json.loads(drawn(log, "--score", "--format", "json"))
        tree_around = drawn(log, "--format", "csv")
    if vocabulary != names:
        sys.exit("the model's items are others than those of the log: the program reads it otherwise than this script does")
    law = tensors["item_topic_counts"]
    phi = (law + settings["fit"]["beta"]).T.astype(float)
    phi /= phi.sum(axis=1, keepdims=True)
    softmax = tensors["output"].T.astype(float)
    shares = law / law.sum(axis=1, keepdims=True)
    embeddings = {"softmax": softmax, "softmax (length 1)": unit(softmax), **laws_of_items(phi)}
    embeddings["softmax and items"] = numpy.hstack([unit(softmax), numpy.sqrt(phi)])
    if "embedding" in tensors and len(tensors["embedding"]) == topics + 1:
        embeddings["input"] = tensors["embedding"][:topics].astype(float)
    found = topic_trees(law, embeddings, names, counts, topics)
    items = {"its topics (Hellinger)": numpy.sqrt(shares), "its topics' softmax rows": shares @ softmax, "the same at length 1": unit(shares @ unit(softmax))}
    if "embedding" in tensors and len(tensors["embedding"]) == len(names) + 1:
        items["its input's embedding at length 1"] = unit(tensors["embedding"][:len(names)].astype(float))
    found.update(item_trees(items, names, counts, topics))
    found[around] = scores(linked_by_program(tree_around), range(len(names)), names, counts, topics)
    # The program's own figures are those of this script, or one of them is wrong.
    for setting, told in by_program.items():
        for level, title in zip(told["levels"], ("department", "category")):
            for key, value in (("purity", "all"), ("purity_by_events", "by events"), ("information", "AMI of topics"), ("branch_information", "AMI of branches")):
                if key in level and abs(level[key] - found[setting][f"{title}, {value}"]) > 1e-4:
                    sys.exit(f"lla hierarchy --score says {level[key]} for {key} by {title} of {setting}, this script {found[setting][f'{title}, {value}']}")
    return found


def linked_by_program(table):
    """The tree of `lla hierarchy --format csv` as SciPy has one."""
    import numpy

    nodes = list(csv.DictReader(table.splitlines()))
    linked = [[] for _ in nodes]
    for node in nodes:
        if node["parent"]:
            linked[int(node["parent"])].append(int(node["node"]))
    return numpy.array([[*sorted(linked[int(node["node"])]), float(node["height"]), int(node["size"])] for node in nodes if linked[int(node["node"])]])


def positive_information(table):
    """Of a table (V, K), what each row has more of than rows have on the whole, a column weighing as much as it holds."""
    import numpy

    with numpy.errstate(divide="ignore", invalid="ignore"):
        information = numpy.log(table * table.sum() / (table.sum(axis=1, keepdims=True) * table.sum(axis=0)))
    return numpy.where(information > 0, information, 0) * numpy.sqrt(table.sum(axis=0) / table.sum())


def laws_around(sequences, shares):
    """Sums of the laws of topics of the items around each item, an event d away weighing 1/d."""
    import numpy
    from scipy.sparse import coo_matrix

    near = 0
    for d in range(1, REACH + 1):
        a, b = (numpy.concatenate([cut(numpy.array(s)) for s in sequences if len(s) > d]) for cut in (lambda s: s[:-d], lambda s: s[d:]))
        near = near + coo_matrix((numpy.full(len(a), 1 / d), (a, b)), shape=(len(shares), len(shares))).tocsr()
    return (near + near.T) @ shares


def lda(sequences, topics, seed, names, counts):
    import numpy
    import tomotopy

    model = tomotopy.LDAModel(k=topics, seed=seed)
    for sequence in sequences:
        model.add_doc([str(item) for item in sequence])
    model.train(LDA_SWEEPS, workers=1)
    phi = numpy.zeros((topics, len(names)))
    columns = [int(word) for word in model.used_vocabs]
    for topic in range(topics):
        phi[topic, columns] = model.get_topic_word_dist(topic)
    law = (phi * model.get_count_by_topics()[:, None]).T
    found = topic_trees(law, laws_of_items(phi), names, counts, topics)
    shares = law / law.sum(axis=1, keepdims=True)
    items = {"its topics (Hellinger)": numpy.sqrt(shares), AROUND: positive_information(laws_around(sequences, shares))}
    found.update(item_trees(items, names, counts, topics))
    return found


def neighbours(sequences, seed, names, counts):
    import numpy
    from scipy.cluster.hierarchy import linkage
    from scipy.sparse import coo_matrix
    from sklearn.utils.extmath import randomized_svd

    found = {}
    for window in WINDOWS:
        first = [numpy.concatenate([s[:-d] for s in sequences if len(s) > d]) for d in range(1, window + 1)]
        second = [numpy.concatenate([s[d:] for s in sequences if len(s) > d]) for d in range(1, window + 1)]
        a, b = numpy.concatenate(first + second), numpy.concatenate(second + first)
        table = coo_matrix((numpy.ones(len(a)), (a, b)), shape=(len(names), len(names))).tocsr().tocoo()
        sums = numpy.asarray(table.sum(axis=1)).ravel()
        information = numpy.log(table.data * table.sum() / (sums[table.row] * sums[table.col]))
        positive = information > 0
        matrix = coo_matrix((information[positive], (table.row[positive], table.col[positive])), shape=table.shape).tocsr()
        left, values, _ = randomized_svd(matrix, max(WIDTHS), n_iter=7, random_state=seed)
        for width in WIDTHS:
            points = left[:, :width] * numpy.sqrt(values[:width])
            for name, rows in (("", points), (" at length 1", unit(points))):
                found[f"window {window}, {width} directions{name}"] = scores(linkage(rows, "ward"), range(len(names)), names, counts, CLUSTERS)
    return found


# Runs ----------------------------------------------------------------------------------------------------------------


def read(path, households):
    """The rows of the first households whose item has levels; sequences in order, of items seen at least 5 times, numbered as `lla` numbers them."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        head, *rows = file.read().splitlines()
    rows = [row for row in rows if "/" in row.rsplit("\t", 1)[1]]
    chosen_ones = set(list(dict.fromkeys(row.split("\t", 1)[0] for row in rows))[:households])
    rows = [row for row in rows if row.split("\t", 1)[0] in chosen_ones]
    items = [row.rsplit("\t", 1)[1] for row in rows]
    counts = collections.Counter(items)
    first = {}
    for item in items:
        first.setdefault(item, len(first))
    names = sorted((item for item, count in counts.items() if count >= 5), key=lambda item: (-counts[item], first[item]))
    numbers = {name: number for number, name in enumerate(names)}
    users = collections.defaultdict(list)
    for row, item in zip(rows, items):
        if item in numbers:
            users[row.split("\t", 1)[0]].append(numbers[item])
    return [head] + rows, list(users.values()), names, [counts[name] for name in names]


def done(households):
    """Records of runs on so many households."""
    lines = open(RUNS, encoding="utf-8").read().splitlines() if RUNS.exists() else []
    return [record for record in map(json.loads, lines) if record.get("households") == households]


def value_of(record, setting, part="chosen on"):
    return statistics.mean(record["scores"][setting][f"{title}, {part}"] for title in ("department", "category"))


def chosen(records, methods, of=lambda setting: True):
    """The best of some methods and their settings by the rule: (method, setting)."""
    candidates = [(value_of(r, setting), r["method"], setting) for r in records if r["seed"] == 1 and r["method"] in methods
                  for setting in r["scores"] if of(setting)]
    best = max(candidates, default=None)
    return best[1:] if best else None


def run(arguments):
    rows, sequences, names, counts = read(pathlib.Path(arguments.data) / "completejourney_full.tsv.gz", arguments.households)
    import numpy
    arrays = [numpy.array(sequence) for sequence in sequences]
    print(f"{len(rows) - 1:,} events, {len(sequences):,} households, {len(names):,} items; if all hung under one node: {chance(names)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        log = f"{folder}/log.tsv"
        with open(log, "w", encoding="utf-8") as file:
            file.write("\n".join(rows) + "\n")
        methods = {"neighbours": lambda seed: neighbours(arrays, seed, names, counts),
                   **{name: (lambda seed, topics=topics: lda(sequences, topics, seed, names, counts)) for name, topics in LDAS.items()},
                   **{name: (lambda seed, told=told: ours(log, *told, seed, names, counts)) for name, told in OURS.items()}}
        for seed in range(1, arguments.seeds + 1):
            for name, method in methods.items():
                records = done(arguments.households)
                if any(r["method"] == name and r["seed"] == seed for r in records) or (arguments.only and name not in arguments.only):
                    continue
                # Of ours, the later seeds are for the one that the rule chooses.
                if seed > 1 and name in OURS and not arguments.only and chosen(records, OURS)[0] != name:
                    continue
                begin = time.time()
                found = method(seed)
                record = {"method": name, "seed": seed, "households": arguments.households, "seconds": round(time.time() - begin, 1),
                          "memory": max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024,
                          "scores": {setting: {key: round(float(value), 5) for key, value in figures.items()} for setting, figures in found.items()}}
                with open(RUNS, "a", encoding="utf-8") as file:
                    file.write(json.dumps(record) + "\n")
                best = max(record["scores"], key=lambda setting: value_of(record, setting))
                print(f"{name}, seed {seed}, {record['seconds']} s: {best} {record['scores'][best]}", flush=True)


# Tables --------------------------------------------------------------------------------------------------------------

COLUMNS = ["department, all", "category, all", "department, other half", "category, other half", "department, by events", "category, by events",
           "category, AMI of topics", "category, AMI of branches"]


def cell(values):
    mean = statistics.mean(values)
    return f"{mean:.3f}" + (f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else "")


def table(households):
    sys.path.insert(0, str(HERE.parent / "figures"))
    from draw import bars

    records = done(households)
    of_items = lambda setting: setting.startswith("each item")
    of_topics = lambda setting: not of_items(setting)
    is_around = lambda setting: AROUND in setting
    methods = [("LLA, topics", OURS, of_topics), ("LLA, items", OURS, of_items), ("LDA, topics", LDAS, of_topics),
               ("LDA, items", LDAS, lambda setting: of_items(setting) and not is_around(setting)), ("PPMI, SVD, items", ["neighbours"], lambda setting: True),
               ("LDA's topics around items", LDAS, is_around)]
    head = ["", "setting", "seeds", *COLUMNS]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    drawn = {}
    for title, names, of in methods:
        choice = chosen(records, names, of)
        if not choice:
            continue
        own = [r for r in records if r["method"] == choice[0]]
        figures = {key: [r["scores"][choice[1]][key] for r in own] for key in COLUMNS}
        drawn[title] = [(statistics.mean(figures[key]), statistics.stdev(figures[key]) if len(own) > 1 else 0) for key in COLUMNS[:2]]
        setting = choice[1] if choice[0] == "neighbours" else f"{choice[0]}; {choice[1]}"
        print("| " + " | ".join([title, setting, str(len(own)), *(cell(figures[key]) for key in COLUMNS)]) + " |")
    print("\nAll settings, seed 1, all items:\n\n| method | setting | department | category | mean on the half that is chosen on |\n|---|---|---|---|---|")
    every = [(value_of(r, setting), r, setting) for r in records if r["seed"] == 1 for setting in r["scores"]]
    for value, r, setting in sorted(every, key=lambda entry: -entry[0]):
        print(f"| {r['method']} | {setting} | {r['scores'][setting]['department, all']:.3f} | {r['scores'][setting]['category, all']:.3f} | {value:.3f} |")
    (HERE / "purity.svg").write_text(bars("Dendrogram purity of trees over items", "purity", ["by department", "by category"], drawn), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", help="folder with the log")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--households", type=int, help="the first so many (default: all)")
    parser.add_argument("--only", nargs="*", help="these methods alone")
    parser.add_argument("--table", action="store_true", help="print the tables and draw the figure of the runs that are done")
    arguments = parser.parse_args()
    if arguments.table:
        return table(arguments.households)
    if not arguments.data:
        parser.error("name the folder with the log")
    run(arguments)


if __name__ == "__main__":
    if "--table" not in sys.argv:
        environment.enter(HERE, "-r", HERE / "requirements.txt")
    main()
