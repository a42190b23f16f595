"""What `analyze --no-run` foretells is what `bench` measures: flash and RAM to the byte, time within a tenth."""
import json
import os
import pathlib
import subprocess

import pytest

THIMBLE = os.environ.get("THIMBLE")
pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")
ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared/models/mlperf-tiny"
MISSING_TOOL = 5
DIE = ROOT / "models/die/die_929.pt2"
LENET5 = ROOT / "models/lenet5/lenet5.pt2"
LAYERS = "layer by layer"
CELLS = [(DIE, "atmega328p", "ram"), (DIE, "ch32v003", "ram"), (DIE, "cortex-m0", "ram"), (DIE, "rv32imc", "speed"),
         (LENET5, "rv32imc", "ram"), (LENET5, "cortex-m0", "speed"), (LENET5, "cortex-m55", "flash"),
         (LENET5, "cortex-m55", LAYERS), (SHARED / "kws.tflite", "cortex-m55", "ram"), (SHARED / "vww.tflite", "cortex-m55", "ram"),
         (SHARED / "ad01.tflite", "rv32imc", "balanced"), (SHARED / "ad01.tflite", "cortex-m4", "balanced"), (DIE, "cortex-m4", "speed")]


def figures(command, *words):
    done = subprocess.run([THIMBLE, command, *map(str, words), "--json"], capture_output=True, text=True)
    if done.returncode == MISSING_TOOL:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("model, target, level", CELLS, ids=[f"{model.stem} {target} {level}" for model, target, level in CELLS])
def test_what_is_foretold_is_what_is_measured(model, target, level):
    if not model.exists():
        pytest.skip(f"{model.name} is not there")
    how = ["--layer-by-layer"] if level == LAYERS else ["--optimize", level]
    words = [model, "--target", target, *how, *(["--stream-out"] if model == DIE else [])]
    foretold, measured = figures("analyze", "--no-run", *words)["predicted"], figures("bench", *words)
    assert foretold["from"] == "tables"
    assert foretold["flash_total"] == measured["flash"]["total"]
    assert foretold["ram_total"] == measured["ram"]["total"]
    unit = "cycles" if "cycles" in measured else "instructions"
    assert foretold[unit] == pytest.approx(measured[unit], rel=0.1)


def test_what_layers_do_is_what_the_network_does():
    """Steps that look alike are announced as one group's."""
    layers = figures("bench", DIE, "--target", "cortex-m4", "--optimize", "ram", "--stream-out", "--per-layer")["per_layer"]
    assert sum(work["outputs"] for layer in layers for work in layer["work"] if "transpose" in work["kernel"]) == 256 + 1024 + 1024
