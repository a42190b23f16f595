"""Keeps the figures of README's tables true: those of each row with a command in its last column, `obtained by`.

    tables.py --check      runs the commands (with --json) and fails where a cell says something else

`...` stands for the command above it that is written out, without its options but the target, `the same` for the last row's that has one,
`NAME.tflite` for the network at the head of the column (in ../shared/models/mlperf-tiny: its figures are skipped without it). What
figures are is told by the head of their column, by the words of their row, or by those above the table: see QUANTITIES.
"""
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NETWORKS = ROOT.parent / "shared" / "models" / "mlperf-tiny"

# What a column's head or a row says -> the figure in the command's JSON as cells have it.
QUANTITIES = [
    ("recognised", lambda j: f"{100 * j['recognised']:.1f} %"),
    ("a face", lambda j: f"{j['seconds_per_face']:.3f} s"),
    ("frames a second", lambda j: f"{j['frames_per_second']:.1f}"),
    ("flash of the firmware", lambda j: f"{j['flash']['total']:,} B"),
    ("RAM of the firmware", lambda j: f"{j['ram']['total']:,} B"),
    ("instructions a MAC", lambda j: f"{j['instructions'] / j['macs']:.2f}"),
    ("model cycles a MAC", lambda j: f"{j['model_cycles'] / j['macs']:.2f}"),
    ("flash", lambda j: f"{j['flash']['total'] / 1000:.1f} KB"),
    ("RAM for activations", lambda j: f"{j['ram']['arena']:,} B"),
    ("RAM", lambda j: f"{j['ram']['total'] / 1000:.1f} KB"),
]


@functools.cache
def output(command):
    words = shlex.split(command.replace("./thimble", os.environ["THIMBLE"]))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("models", "docs"):
            os.symlink(ROOT / name, pathlib.Path(folder) / name)
        done = subprocess.run([*words, "--json"], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"'{command}' ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(text):
    """(the paragraph above, the heading's cells, the rows' cells) of every table that says how."""
    for match in re.finditer(r"([^\n]*(?:\n[^\n|]+)*)\n\n((?:\|[^\n]*\n)+)", text):
        lines = match[2].splitlines()
        if cells(lines[0])[-1] == "obtained by":
            yield match[1], cells(lines[0]), [cells(line) for line in lines[2:]]


def quantity(words):
    return next((figure for name, figure in QUANTITIES if name in words), None)


def full_command(cell, whole):
    """The command of a cell; `whole`: the last one that was written out."""
    command = re.search(r"`([^`]+)`", cell)
    if command is None:
        return None
    return re.sub(r"^\.\.\.", re.sub(r" --(?!target)[^-].*", "", whole or ""), command[1])


def check_row(about, heads, row, command):
    """Yields (what the cell says, what the command gives), or (cell, None) where data is missing."""
    label = " ".join(row[:-1])
    for head, cell in zip(heads[:-1], row[:-1]):
        if not re.fullmatch(r"[\d.,]+( (K?B|s|%))?", cell):
            continue
        figure = quantity(head) or quantity(label) or quantity(about)
        if figure is None:
            sys.exit(f"README.md: a row of unknown figures: {' | '.join(row)}")
        own = command
        if "NAME.tflite" in command:
            file = NETWORKS / f"{head}.tflite"
            if not file.exists():
                yield cell, None
                continue
            own = command.replace("NAME.tflite", str(file))
        yield cell, figure(output(own))


def main():
    compared = skipped = 0
    wrong = []
    for about, heads, rows in tables((ROOT / "README.md").read_text()):
        whole = command = None
        for row in rows:
            own = command if row[-1].startswith("the same") else full_command(row[-1], whole)
            if own is None:
                continue  # published
            command = own
            if "`..." not in row[-1]:
                whole = command
            for said, given in check_row(about, heads, row, command):
                skipped += given is None
                compared += given is not None
                if given is not None and said != given:
                    wrong.append(f"README.md: {' | '.join(row[:2])}: says {said}, '{command}' gives {given}")
    print("\n".join(wrong) or f"{compared} figures of README's tables are what their commands give, {skipped} skipped (no shared models)")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
