"""The ONNX backend node tests, run as float through compiled C; status.toml lists what is unsupported.

Every test of the installed `onnx` (node_tests.py) goes through the program that THIMBLE names
(thimble_run.py): pass, refused (exit code 2 and the reason), constant (nothing to compare) or wrong.
Nothing may be wrong. A test that passes though it is listed, and one that does not though it is not
listed, are errors; where the installed onnx is not the one that the lists name, tests that either
lacks are only told. Passes are counted by what had to be baked into the model: nothing, its integer
inputs (shapes, axes, indices, pads, conditions), or parameters too (weights, scales).

    check.py [--write] [--only TEXT]     --write rewrites the lists; --only runs tests named *TEXT*
"""

import argparse
import collections
import concurrent.futures
import os
import sys
import tempfile

import onnx

import node_tests
import status
import thimble_run
from thimble_run import CONSTANT, PASS, REFUSED, WRONG

KINDS = (PASS, REFUSED, CONSTANT, WRONG)


def run_all(cases):
    """{name: Outcome}; a process a test, as many at a time as there are processors."""
    def run(case):
        with tempfile.TemporaryDirectory() as directory:
            return case.name, thimble_run.run(case, directory)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(run, cases))


def print_table(cases, outcomes):
    counts = collections.defaultdict(collections.Counter)
    for case in cases:
        label = f"{case.operator} (expanded)" if case.expanded else case.operator
        counts[label][outcomes[case.name].kind] += 1
    counts["all"] = sum(counts.values(), collections.Counter())
    print(f"{'operator':40}" + "".join(f"{kind:>10}" for kind in KINDS))
    for label, row in counts.items():
        print(f"{label:40}" + "".join(f"{row[kind] or '':>10}" for kind in KINDS))
    passed = collections.Counter(outcome.form for outcome in outcomes.values() if outcome.kind == PASS)
    print("passed with: " + ", ".join(f"{form} {passed[form]}" for form in node_tests.FORMS))


def judge(outcomes, listed, same_onnx, whole):
    """(errors, notes), lines to print."""
    errors, notes = [], []
    for name, outcome in outcomes.items():
        if outcome.kind == WRONG:
            errors.append(f"{name}: wrong, {outcome.form}: {outcome.detail}")
        elif outcome.kind == PASS and name in listed:
            errors.append(f"{name}: passes, but is listed as unsupported")
        elif outcome.kind != PASS and name not in listed:
            reason = reason_of(outcome)
            (errors if same_onnx else notes).append(f"{name}: {reason}")
    if whole:
        unknown = [f"{name}: listed, but not a test of this onnx" for name in listed.keys() - outcomes.keys()]
        (errors if same_onnx else notes).extend(unknown)
    return errors, notes


def reason_of(outcome):
    return status.CONSTANT if outcome.kind == CONSTANT else status.reason_of(outcome.detail)


def rewrite(outcomes, listed):
    reasons = {}
    for name, outcome in outcomes.items():
        if outcome.kind in (REFUSED, CONSTANT):
            old = listed.get(name, status.REFUSED)
            reasons[name] = reason_of(outcome) if old.startswith(status.REFUSED) else old
    status.write(onnx.__version__, reasons)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="rewrite status.toml")
    parser.add_argument("--only", default="", help="run the tests whose names hold this text")
    arguments = parser.parse_args()
    if arguments.write and arguments.only:
        parser.error("the lists are rewritten from all tests")
    if not os.environ.get("THIMBLE"):
        parser.error("THIMBLE does not name the program")

    cases = [case for case in node_tests.load_cases() if arguments.only in case.name]
    outcomes = run_all(cases)
    version, listed = status.read()
    if arguments.write:
        rewrite(outcomes, listed)
        version, listed = status.read()
    print_table(cases, outcomes)
    errors, notes = judge(outcomes, listed, version == onnx.__version__, not arguments.only)
    if version != onnx.__version__:
        print(f"note: the lists are about onnx {version}, this is {onnx.__version__}")
    for note in notes:
        print(f"note: {note}")
    for error in errors:
        print(f"error: {error}")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
