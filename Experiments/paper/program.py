"""The program that the experiments of this folder run: .build/release/lla, or what LLA names."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LLA = os.environ.get("LLA", str(ROOT / ".build" / "release" / "lla"))


def run(*words, given=None):
    """What the program writes; its error ends the script."""
    found = subprocess.run([LLA, *map(str, words)], input=given, capture_output=True, text=True)
    if found.returncode:
        sys.exit(f"lla {' '.join(map(str, words))}\n{found.stderr.strip()}")
    return found.stdout


def own_and_reading(words):
    """A script's own words, and those behind `--`: what `lla fit` is told to read the log with."""
    end = words.index("--") if "--" in words else len(words)
    return words[:end], words[end + 1:]
