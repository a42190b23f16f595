"""tflite-plan, as TensorFlow Lite for Microcontrollers takes it: outputs stay, bit for bit, and the arena that it reports for
tensors is the one that was planned, never more than it plans by itself.

    check_tflite_plan.py [MLPERF-TINY]
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
from tflite_micro.python.tflite_micro import runtime

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARENA = 1 << 20


def interpret(path, samples):
    """Outputs, from a process of its own: what the interpreter says of its arena goes to stderr."""
    micro = runtime.Interpreter.from_file(str(path), arena_size=ARENA)
    shape = micro.get_input_details(0)
    outputs = []
    for sample in samples:
        micro.set_input(sample.reshape(shape["shape"]).astype(shape["dtype"]), 0)
        micro.invoke()
        outputs.append(np.array(micro.get_output(0)))
    micro.print_allocations()
    return outputs


def child(path, output):
    details = runtime.Interpreter.from_file(path, arena_size=ARENA).get_input_details(0)
    random = np.random.default_rng(1)
    shape = (3, *details["shape"])
    samples = random.normal(size=shape) if details["dtype"] == np.float32 else random.integers(-128, 128, shape)
    np.save(output, np.stack(interpret(path, samples)))


def in_tflm(path, folder):
    """(outputs, bytes of the head of the arena)"""
    output = folder / "y.npy"
    done = subprocess.run([sys.executable, __file__, "--child", str(path), str(output)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    head = re.search(r"head (\d+) bytes", done.stdout + done.stderr)
    return np.load(output), int(head[1])


def check(model, folder):
    words = [os.environ["THIMBLE"], "compile", str(model), "--export", "tflite-plan", "-o", str(folder), "--name", "net", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    planned = json.loads(done.stdout)["arena"]["bytes"]
    wanted, alone = in_tflm(model, folder)
    got, head = in_tflm(folder / "net_planned.tflite", folder)
    assert (wanted == got).all(), f"{model.stem}: outputs differ"
    print(f"{model.stem}: planned {planned}, TFLM's head {head} with the plan and {alone} without")
    return planned, head, alone


def main():
    cases = ["residual", "residual_float", "reshape", "squeeze", "concat_channels", "softmax"]
    models = [ROOT / f"tests/tflite/cases/{name}.tflite" for name in cases]
    shared = ROOT.parent / "shared/models/mlperf-tiny"
    models += [path for path in sorted(shared.glob("*.tflite"))]
    with tempfile.TemporaryDirectory() as folder:
        for model in models:
            planned, head, alone = check(model, pathlib.Path(folder))
            assert planned <= head <= alone, f"{model.stem}: TFLM does not use the plan"
            assert model.stem != "vww" or head < alone, "vww: TFLM's own is not least"
    if not shared.is_dir():
        print("without MLPerf Tiny's networks: there is no ../shared")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
