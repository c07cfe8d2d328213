"""A virtual environment beside a script, for packages that the project itself does not need."""

import os
import pathlib
import subprocess
import sys
import venv


def enter(home, *packages):
    """Starts the script over with the Python of the environment `home`/.venv, unless it is running there already; `packages` are pip's arguments."""
    environment = pathlib.Path(home) / ".venv"
    python = environment / "bin" / "python"
    if pathlib.Path(sys.prefix) == environment:
        return
    if not (environment / "complete").exists():
        venv.create(environment, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        (environment / "complete").touch()
    os.execv(python, [str(python), *sys.argv])
