"""status.toml: the tests that are not expected to pass, by reason.

A reason that begins with REFUSED is the program's own words and is written anew by --write; any other
was written by a person and stays with its tests for as long as they do not pass.
"""

import collections
import pathlib
import re
import tomllib

FILE = pathlib.Path(__file__).parent / "status.toml"
REFUSED = "refused: "
CONSTANT = "the expected output is the same everywhere, and so would be that of many a wrong program"

_HEAD = """\
# The ONNX backend node tests that are not expected to pass; all others must. The list may only shrink.
# tests/conformance/check.py --write rewrites it and keeps the reasons that do not begin with "refused:".
onnx = "{version}"
"""


def read():
    """(version of onnx that the lists are about, {test: reason})"""
    if not FILE.exists():
        return "", {}
    status = tomllib.loads(FILE.read_text())
    return status["onnx"], {test: group["reason"] for group in status.get("unsupported", [])
                            for test in group["tests"]}


def write(version, reasons):
    groups = collections.defaultdict(list)
    for test, reason in reasons.items():
        groups[reason].append(test)
    text = _HEAD.format(version=version)
    for reason, tests in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        lines = "".join(f'  "{test}",\n' for test in sorted(tests))
        text += f'\n[[unsupported]] # {len(tests)}\nreason = "{reason}"\ntests = [\n{lines}]\n'
    FILE.write_text(text)


def _without_particulars(words):
    """A diagnostic as a kind: no names, sizes or numbers."""
    words = re.sub(r" ?'[^']*'", "", words)
    words = re.sub(r"\[[^\]]*\]", "[..]", words)
    return re.sub(r"(?<![\w.])-?\d+(\.\d+)?", "N", words).replace('"', "").replace("\\", "")


def reason_of(diagnostics):
    """The reason in the words of a refusal: the type of an input, else the operators that are missing,
    else the first error."""
    if "is not float32" in diagnostics:
        return f"{REFUSED}an input that is not float32, and no shape or index"
    missing = sorted(set(re.findall(r"\((\w+)\): operator is not supported", diagnostics)))
    if missing:
        return f"{REFUSED}no operator {', '.join(missing)}"
    first = re.search(r"error: (?:node '.*?' )?(.*)\n(?:  why: (.*)\n)?", diagnostics + "\n")
    parts = [_without_particulars(part) for part in first.groups() if part]
    return REFUSED + "; ".join(part.strip() for part in parts)
