"""The program that the experiments of this folder run (.build/release/lla, or what LLA names), and what scripts of one log are told."""

import argparse
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


def asked(description, **numbers):
    """What a script of one log is told, and, behind `--`, what `lla fit` is told to read that log with.

    The log, the NAME of what is written, -K and an option for each of `numbers`, which hold the usual values.
    """
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("log")
    parser.add_argument("name")
    parser.add_argument("-K", "--topics", type=int, default=200)
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    return parser.parse_args(words[:end]), words[end + 1:]
