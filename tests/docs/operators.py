"""docs/operators.md: every operator of the table, what of a file becomes it, and what tests it.

    operators.py --check    fails where the page is not what would be written (the test)
    operators.py --write    writes it

The operators come from `thimble ops --json` (environment variable THIMBLE); their tests from the
test sources that name them, and from the ONNX node tests with the list of those that do not pass.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "operators.md"
sys.path.insert(0, str(ROOT / "tests" / "conformance"))

import node_tests
import status

HEAD = """\
# Operators

<!-- run-by: tests/docs/operators.py -->

Written by `tests/docs/operators.py --write` from the table of operators; a test keeps it true. Each one computes
floats; `int8` says which also compute integers, to the bit as the evaluator does.

How each is tested: *meaning* names the tests of `tests/unit/ops` (against hand-made values), *C* the networks whose
generated C is run against the evaluators, for floats and integers (`tests/unit/codegen`, `tests/graphs`), *passes* the
before-and-after files; *node tests* counts the ONNX backend's tests of the ONNX operators in this line that pass through
compiled C, of all there are (`tests/conformance`; functions that the standard expands into others included); *bits of
TensorFlow Lite* says that `tests/tflite` holds its int8 to those of the reference kernels.

"""


def table():
    done = subprocess.run([os.environ["THIMBLE"], "ops", "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def naming_files(folder, suffix):
    return {path.stem.removesuffix("_test"): path.read_text() for path in sorted((ROOT / folder).rglob("*" + suffix))}


def naming(op, files):
    """Stems of the files that make a node of this operator: in C++ by "Name", in text by Name(."""
    pattern = re.compile(rf'"{op}"|\b{op}\(')
    return [stem for stem, text in files.items() if pattern.search(text)]


def networks():
    """The networks of the generated-C tests: name -> text."""
    text = (ROOT / "tests/unit/codegen/networks.cpp").read_text()
    named = dict(re.findall(r'\{"(\w+)", R"\((.*?)\)"\}', text, re.S))
    named["random graphs"] = "".join((ROOT / f"tests/unit/codegen/random_{part}.cpp").read_text()
                                     for part in ("graphs", "layers"))
    named["random blocks"] = (ROOT / "tests/unit/codegen/random_blocks.cpp").read_text()
    return named


def node_test_counts():
    """ONNX operator -> (passing, all)."""
    _, listed = status.read()
    counts = collections.defaultdict(lambda: [0, 0])
    for case in node_tests.load_cases():
        counts[case.operator][0] += case.name not in listed
        counts[case.operator][1] += 1
    return counts


def tested(op, sources, counts):
    parts = [f"{kind}: {', '.join(names)}" for kind, names in
             ((kind, naming(op["name"], files)) for kind, files in sources.items()) if names]
    passing = [sum(column) for column in zip(*(counts[name] for name in op["onnx"] if name in counts))]
    if passing:
        parts.append(f"node tests: {passing[0]} of {passing[1]}")
    if op["tflite"]:
        parts.append("bits of TensorFlow Lite")
    return "; ".join(parts)


def page():
    sources = {"meaning": naming_files("tests/unit/ops", ".cpp"), "C": networks(),
               "passes": naming_files("tests/passes", ".thm")}
    counts = node_test_counts()
    table_of_operators = table()
    lines = [HEAD, "| operator | what it does | int8 | ONNX | ATen | TensorFlow Lite | tested by |\n|---|---|---|---|---|---|---|\n"]
    for op in table_of_operators["ops"]:
        cells = [f"`{op['name']}`", op["summary"], "yes" if op["int8"] else "",
                 ", ".join(op["onnx"]), ", ".join(op["aten"]), ", ".join(op["tflite"]),
                 tested(op, sources, counts)]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    lines.append("\n## Made of several\nOperators of files that become several of these: nothing else knows them.\n\n"
                 "| | | tested by |\n|---|---|---|\n")
    for domain, title in (("onnx", "ONNX"), ("aten", "ATen")):
        for name in table_of_operators["composed"][domain]:
            passing = "node tests: {} of {}".format(*counts[name]) if name in counts and domain == "onnx" else ""
            lines.append(f"| {title} | {name} | {passing} |\n")
    return "".join(lines)


def main():
    new = page()
    if "--write" in sys.argv:
        PAGE.write_text(new)
    elif not PAGE.exists() or PAGE.read_text() != new:
        sys.exit("docs/operators.md is stale: tests/docs/operators.py --write mends it")


if __name__ == "__main__":
    main()
