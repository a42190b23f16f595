"""One test through the program that THIMBLE names: the C that it writes, compiled and run here.

A test passes when `thimble run --on host --numbers f32` gives the expected outputs within the test's own
tolerance. It is refused when the program says why (exit code 2, nothing written). Everything else is
wrong: another exit code, an output that differs, a crash, a refusal without a reason. An expected
output whose elements are all equal proves nothing: constant.
"""

import dataclasses
import os
import re
import subprocess

import numpy as np
import onnx

import node_tests

PASS, REFUSED, CONSTANT, WRONG = "pass", "refused", "constant", "wrong"
SECONDS = 60  # for one run; compiling takes a hundredth of a second
FAST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fast")  # a `cc` that is fast to compile


@dataclasses.dataclass
class Outcome:
    kind: str
    detail: str = ""  # of a refusal the diagnostics, of what is wrong the difference
    form: str = node_tests.RUN_TIME


def _sample_shape(shape):
    """As in .npy files of `run`: one sample, without the batch of 1."""
    return (1, *(shape[1:] if len(shape) > 1 and shape[0] == 1 else shape))


def _write_inputs(path, arrays):
    samples = [np.asarray(array) for array in arrays]
    np.savez(path, **{f"x{i}": x.reshape(_sample_shape(x.shape)) for i, x in enumerate(samples)})


def _difference(got, expected, case):
    """What is wrong with one output; empty if nothing."""
    if got.shape != _sample_shape(expected.shape):
        return f"shape {got.shape[1:]} instead of {expected.shape}"
    ours = got.reshape(expected.shape).astype(np.float64)
    theirs = expected.astype(np.float64)
    if np.allclose(ours, theirs, rtol=case.rtol, atol=case.atol, equal_nan=True):
        return ""
    with np.errstate(invalid="ignore"):
        error = np.nanmax(np.abs(ours - theirs), initial=0)
    return f"off by {error:.3g} (rtol {case.rtol:g}, atol {case.atol:g})"


def _is_constant(array):
    return array.size > 1 and bool(np.all((array == array.flat[0]) | (array != array)))


def _compare(path, case):
    with np.load(path) as file:
        outputs = [file[name] for name in file.files]
    expected = [np.asarray(output) for output in case.outputs]
    if len(outputs) != len(expected):
        return Outcome(WRONG, f"{len(outputs)} outputs instead of {len(expected)}")
    differences = [_difference(ours, theirs, case) for ours, theirs in zip(outputs, expected)]
    if any(differences):
        return Outcome(WRONG, next(filter(None, differences)))
    constant = all(map(_is_constant, expected))
    return Outcome(CONSTANT if constant else PASS)


def _refusal(done, output):
    if os.path.exists(output):
        return Outcome(WRONG, "refused, but an output was written")
    if not re.search(r"error: (node '.*' \(\w+\)|(network )?(in|out)put '|.*operator set|the network has no inputs)", done.stderr):
        return Outcome(WRONG, f"refused without naming what: {done.stderr.strip()[:200]}")
    return Outcome(REFUSED, done.stderr)


def _attempt(case, model, inputs, directory):
    paths = [os.path.join(directory, name) for name in ("model.onnx", "in.npz", "out.npz")]
    onnx.save(model, paths[0])
    if all(map(node_tests.is_array, inputs)):
        _write_inputs(paths[1], inputs)
    command = [os.environ["THIMBLE"], "run", paths[0], "--on", "host", "--numbers", "f32",
               "--input", paths[1], "-o", paths[2]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS,
                              env={**os.environ, "PATH": FAST + os.pathsep + os.environ["PATH"]})
    except subprocess.TimeoutExpired:
        return Outcome(WRONG, f"no end within {SECONDS} s")
    if done.returncode == 0:
        return _compare(paths[2], case)
    if done.returncode == 2:
        return _refusal(done, paths[2])
    return Outcome(WRONG, f"exit code {done.returncode}: {done.stderr.strip()[:200]}")


def run(case, directory):
    """The outcome of the first form that is not refused, or the last refusal."""
    for form, model, inputs in node_tests.forms(case):
        outcome = _attempt(case, model, inputs, directory)
        outcome.form = form
        if outcome.kind != REFUSED:
            break
    return outcome
