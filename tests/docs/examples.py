"""The sketch of docs/tour.md compiles for an ATmega328P and links with the network that the tour makes."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORE = ROOT / "tests" / "exports" / "stubs" / "arduino"
FLAGS = ["-mmcu=atmega328p", "-Os", "-Wall", "-Wextra", "-Werror", "-I", CORE]


def run(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    if not shutil.which("avr-g++"):
        print("skipped: no avr-g++")
        sys.exit(77)
    model = ROOT / "models" / "gesture"
    with tempfile.TemporaryDirectory() as folder:
        run(os.environ["THIMBLE"], "compile", model / "gesture.pt2", "--calib", model / "ranges.npy", "--target", "atmega328p", "-o", folder)
        run("avr-gcc", *FLAGS, "-std=gnu99", "-c", f"{folder}/gesture.c", "-o", f"{folder}/gesture.o")
        run("avr-g++", *FLAGS, "-std=gnu++11", "-I", folder, "-include", "Arduino.h", "-x", "c++", ROOT / "docs/tour/gesture.ino", CORE / "core.cpp",
            "-x", "none", f"{folder}/gesture.o", "-o", f"{folder}/sketch.elf")
        print(run("avr-size", f"{folder}/sketch.elf"))


if __name__ == "__main__":
    main()
