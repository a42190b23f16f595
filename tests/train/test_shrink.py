"""`thimble shrink` from end to end: what it writes is the network that onnxruntime runs (within a step), that C
computes to the bit, whose weights really have few levels and zeros; equal seeds give equal files; whatever is
wrong is said with the right exit code and leaves nothing behind."""

import itertools
import json
import os
import pathlib
import struct
import subprocess

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

THIMBLE = os.environ.get("THIMBLE")
pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")

LEVELS = {"8": range(-127, 128), "4": range(-8, 8), "2": (-3, -1, 1, 3), "ternary": (-1, 0, 1), "1": (-1, 1)}
SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared" / "models" / "torch"

# A BatchNorm, a depthwise layer, a sum, a pooling, a Concat, a Linear.
BRANCHES = """graph branches
input x: f32[8x8x2] dims [1, 2, 8, 8]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node n: BatchNorm(a; ns, nb) -> n
node ra: Relu(n) -> ra
node d: Conv2d(ra; dw, db) {groups = 6, pad = [1, 1, 1, 1], act = "relu"} -> d
node e: Conv2d(d; ew, eb) -> e
node s: Add(e, ra) -> s
node rs: Relu(s) -> rs
node p: MaxPool2d(rs) {kernel = [2, 2], stride = [2, 2]} -> p
node f: Conv2d(p; fw, fb) {pad = [1, 1, 1, 1], act = "relu"} -> f
node g: Conv2d(p; gw, gb) {act = "relu"} -> g
node c: Concat(f, g) {axis = 2} -> c
node l: Linear(c; lw, lb) -> l
output l dims [1, 5]
const aw: f32[6, 3, 3, 2] = random(1, 0.5)
const ab: f32[6] = random(2, 0.2)
const ns: f32[6] = random(3, 0.3, 1)
const nb: f32[6] = random(4, 0.2)
const dw: f32[6, 3, 3, 1] = random(5, 0.6)
const db: f32[6] = random(6, 0.2)
const ew: f32[6, 1, 1, 6] = random(7, 0.6)
const eb: f32[6] = random(8, 0.2)
const fw: f32[4, 3, 3, 6] = random(9, 0.4)
const fb: f32[4] = random(10, 0.2)
const gw: f32[5, 1, 1, 6] = random(11, 0.6)
const gb: f32[5] = random(12, 0.2)
const lw: f32[5, 144] = random(13, 0.3)
const lb: f32[5] = random(14, 0.2)
"""
TINY = """graph tiny
input x: f32[1x1x6] dims [1, 6]
node h: Linear(x; hw, hb) {act = "relu"} -> h
node y: Linear(h; yw, yb) -> y
output y dims [1, 3]
const hw: f32[8, 6] = random(1, 0.6)
const hb: f32[8] = random(2, 0.2)
const yw: f32[3, 8] = random(3, 0.6)
const yb: f32[3] = random(4, 0.2)
"""


def thimble(*words, cwd=None):
    return subprocess.run([THIMBLE, *map(str, words)], capture_output=True, text=True, timeout=300, cwd=cwd,
                          env=dict(os.environ, NO_COLOR="1"))


def shrink(model, output, *options, data="random:96", epochs=1):
    done = thimble("shrink", model, "--data", data, "--epochs", epochs, "-o", output, "--json", *options)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert json.loads(pathlib.Path(output).with_suffix(".steps.json").read_text()) == result
    return result["steps"]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    (folder / "branches.thm").write_text(BRANCHES)
    (folder / "tiny.thm").write_text(TINY)
    return folder


def weights_of(path):
    """The integers of every QDQ weight: int8 (or narrower) arrays that a DequantizeLinear reads."""
    model = onnx.load(path)
    arrays = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    read = [n.input[0] for n in model.graph.node if n.op_type == "DequantizeLinear" and n.input[0] in arrays]
    return [arrays[name].astype(np.int32) for name in read if arrays[name].ndim > 1]


def share_of_zeros(weights):
    return sum((weight == 0).sum() for weight in weights) / sum(weight.size for weight in weights)


def by_onnxruntime(path, x):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return np.concatenate([session.run(None, {name: sample[None]})[0].reshape(1, -1) for sample in x])


def by_evaluator(path, x, folder):
    np.save(folder / "x.npy", x)
    done = thimble("run", path, "--on", "int", "--input", folder / "x.npy", "-o", folder / "y.npy")
    assert done.returncode == 0, done.stderr
    return np.load(folder / "y.npy").reshape(len(x), -1)


def step_of(path):
    """The scale of the last DequantizeLinear."""
    model = onnx.load(path)
    arrays = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    return [arrays[n.input[1]] for n in model.graph.node
            if n.op_type == "DequantizeLinear" and model.graph.output[0].name in n.output][0].item()


def normal(shape, count=48, seed=3):
    return np.random.default_rng(seed).normal(size=(count, *shape)).astype(np.float32)


def assert_one_network(path, x, folder, most=1.01):
    """onnxruntime's outputs are the evaluator's within a step, the C's are the evaluator's."""
    theirs, ours, step = by_onnxruntime(path, x), by_evaluator(path, x, folder), step_of(path)
    assert np.ptp(ours) > 4 * step, "constant output"
    assert np.abs(ours - theirs).max() / step < most
    np.savez(folder / "v.npz", x=x)
    done = thimble("verify", path, "--data", folder / "v.npz", "--tolerance", 1, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["ok"], done.stderr


@pytest.mark.parametrize("bits,sparsity", itertools.product(LEVELS, (0, 0.5)))
def test_the_file_is_the_network_of_few_bits_and_zeros(models, tmp_path, bits, sparsity):
    small = tmp_path / "small.onnx"
    steps = shrink(models / "branches.thm", small, "--bits", bits, "--sparsity", sparsity)
    assert [step["step"] for step in steps][0] == "as given"
    assert all(np.isfinite(step["distance"]) for step in steps)
    weights = weights_of(small)
    assert len(weights) == 6
    allowed = set(LEVELS[bits]) | ({0} if sparsity else set())
    for weight in weights:
        assert set(np.unique(weight)) <= allowed
        assert len(np.unique(weight)) >= 2
    assert share_of_zeros(weights) >= 0.98 * sparsity
    if bits != "8":
        assert steps[-1]["weight_bytes"] < steps[0]["weight_bytes"] / 4
    assert_one_network(small, normal((2, 8, 8)), tmp_path)


@pytest.mark.parametrize("name,shape", [("resnet8_bn", (3, 32, 32)), ("dscnn_bn", (1, 49, 10))])
def test_trained_networks_shrink(tmp_path, name, shape):
    model = SHARED / f"{name}.pt2"
    if not model.exists():
        pytest.skip("no shared models")
    small = tmp_path / "small.onnx"
    steps = shrink(model, small, "--bits", "4", "--sparsity", "0.5", data="random:32")
    assert steps[-1]["distance"] > 0
    assert share_of_zeros(weights_of(small)) >= 0.49
    assert_one_network(small, normal(shape, 4), tmp_path, most=2.01)
    np.savez(tmp_path / "v.npz", x=normal(shape, 1))
    done = thimble("verify", small, "--data", tmp_path / "v.npz", "--tolerance", 1, "--target", "cortex-m4")
    assert done.returncode in (0, 5), done.stderr  # 5: no emulator here


def test_zeros_alone_leave_a_network_of_floats(models, tmp_path):
    small = tmp_path / "small.onnx"
    shrink(models / "branches.thm", small, "--sparsity", "0.75")
    arrays = [numpy_helper.to_array(t) for t in onnx.load(small).graph.initializer]
    weights = [a for a in arrays if a.ndim > 1]
    assert len(weights) == 6
    assert all(weight.dtype == np.float32 and weight.any() for weight in weights)
    assert 0.74 <= share_of_zeros(weights) <= 0.76
    x = normal((2, 8, 8), 8)
    np.save(tmp_path / "x.npy", x)
    done = thimble("run", small, "--on", "float", "--input", tmp_path / "x.npy", "-o", tmp_path / "y.npy")
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(np.load(tmp_path / "y.npy").reshape(8, -1), by_onnxruntime(small, x), atol=1e-4)


def test_equal_seeds_give_equal_files(models, tmp_path):
    options = ["--bits", "4", "--sparsity", "0.5", "--distort", "--pool-to-stride"]
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        shrink(models / "branches.thm", tmp_path / name, *options, "--seed", seed)
    same, again, other = ((tmp_path / name).read_bytes() for name in "abc")
    assert same == again and same != other


def test_learning_comes_nearer_to_the_teacher(models, tmp_path):
    short, long = (shrink(models / "tiny.thm", tmp_path / "s.onnx", "--bits", "2", "--rate", "0.01", epochs=epochs,
                          data="random:512")[-1]["distance"] for epochs in (1, 40))
    assert long < short


def test_labels_teach(models, tmp_path):
    x = normal((6,), 600)
    np.savez(tmp_path / "x.npz", x=x, y=(x[:, :3].argmax(1)))
    np.savez(tmp_path / "t.npz", x=x[:100] + 0.01, y=(x[:100, :3].argmax(1)))
    steps = shrink(models / "tiny.thm", tmp_path / "s.onnx", "--bits", "4", "--rate", "0.02", "--test",
                   tmp_path / "t.npz", data=tmp_path / "x.npz", epochs=30)
    assert steps[-1]["accuracy"] > steps[0]["accuracy"]
    assert steps[-1]["test_accuracy"] > 0.6


def test_a_teacher_of_its_own_is_learned_from(models, tmp_path):
    (tmp_path / "teacher.thm").write_text(TINY.replace("random(3, 0.6)", "random(33, 0.6)"))
    steps = shrink(models / "tiny.thm", tmp_path / "s.onnx", "--bits", "8", "--teacher", tmp_path / "teacher.thm",
                   "--rate", "0.02", data="random:512", epochs=40)
    assert steps[0]["distance"] > 0.3 and steps[-1]["distance"] < 0.5 * steps[0]["distance"]


def test_channels_leave_until_budgets_are_met(models, tmp_path):
    plain = shrink(models / "branches.thm", tmp_path / "p.onnx", "--bits", "8")[-1]
    budgets = {"--ram": plain["arena_bytes"] * 3 // 4, "--macs": plain["macs"] // 2}
    options = [word for pair in budgets.items() for word in pair]
    small = shrink(models / "branches.thm", tmp_path / "s.onnx", "--bits", "8", *options)[-1]
    assert small["arena_bytes"] <= budgets["--ram"] and small["macs"] <= budgets["--macs"]
    assert_one_network(tmp_path / "s.onnx", normal((2, 8, 8), 8), tmp_path)


def idx(sizes, data, kind=8):
    return struct.pack(f">BBBB{len(sizes)}I", 0, 0, kind, len(sizes), *sizes) + bytes(data)


def write_digits(folder, count=200, side=28):
    folder.mkdir(exist_ok=True)
    generator = np.random.default_rng(1)
    for part in ("train", "t10k"):
        labels = generator.integers(0, 10, count).astype(np.uint8)
        pictures = generator.integers(0, 60, (count, side, side)).astype(np.uint8)
        for i, label in enumerate(labels):  # a bar whose place is the class
            pictures[i, 2 * label + 4:2 * label + 6, 4:24] = 250
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx(pictures.shape, pictures.tobytes()))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels.shape, labels.tobytes()))
    return folder


def test_train_mnist_reads_a_folder(tmp_path):
    digits, out = write_digits(tmp_path / "digits"), tmp_path / "out"
    done = thimble("train", "mnist", "--data", digits, "--epochs", "2", "-o", out, "--json")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert run == json.loads((out / "run.json").read_text()) and 0 <= run["accuracy"] <= 1
    assert sorted(path.name for path in out.iterdir() if path.suffix != ".csv") == ["network.onnx", "run.json"]
    shrunk = shrink(out / "network.onnx", tmp_path / "s.onnx", "--bits", "4", data=digits, epochs=1)
    assert 0 <= shrunk[-1]["test_accuracy"] <= 1


# What breaks a folder, and a word of what is said.
HOSTILE = {
    "missing": (lambda f: (f / "train-labels-idx1-ubyte").unlink(), "cannot be read"),
    "empty": (lambda f: (f / "train-images-idx3-ubyte").write_bytes(b""), "does not begin"),
    "magic": (lambda f: (f / "train-images-idx3-ubyte").write_bytes(idx([2, 28, 28], bytes(1568), 13)),
              "does not begin"),
    "cut": (lambda f: (f / "train-images-idx3-ubyte").write_bytes(idx([200, 28, 28], bytes(1568))), "cut off"),
    "huge": (lambda f: (f / "train-images-idx3-ubyte").write_bytes(idx([2**32 - 1] * 3, bytes(16))), "impossible"),
    "nothing": (lambda f: (f / "train-images-idx3-ubyte").write_bytes(idx([0, 28, 28], b"")), "impossible"),
    "labels": (lambda f: (f / "train-labels-idx1-ubyte").write_bytes(idx([20], bytes([10] * 20))), "no digits"),
    "count": (lambda f: (f / "train-labels-idx1-ubyte").write_bytes(idx([7], bytes(7))), "one label a picture"),
    "sides": (lambda f: write_digits(f, 20, 32), "the model takes [samples, 1, 28, 28]")}


@pytest.mark.parametrize("way", HOSTILE)
def test_hostile_digits_are_refused(tmp_path, way):
    digits = write_digits(tmp_path / "digits", 20)
    spoil, words = HOSTILE[way]
    spoil(digits)
    done = thimble("train", "mnist", "--data", digits, "--epochs", "1", "-o", tmp_path / "out")
    assert done.returncode == 1 and words in done.stderr, done.stderr
    assert "fix:" in done.stderr
    assert not (tmp_path / "out").exists(), "left half an output behind"


# options (of tiny.thm; "FOLDER" is the test's), exit code, a word of what is said
REFUSED = {
    "bits": (["--bits", "3"], 1, "number of bits"),
    "bits_words": (["--bits", "binary"], 1, "number of bits"),
    "bits_words_flash": (["--bits", "binary", "--flash", "50"], 1, "number of bits"),
    "sparsity_above": (["--sparsity", "1.5"], 1, "--sparsity"),
    "sparsity_below": (["--sparsity", "-0.5"], 1, "--sparsity"),
    "sparsity_words": (["--sparsity", "half"], 1, "--sparsity"),
    "epochs": (["--bits", "8", "--epochs", "0"], 1, "--epochs"),
    "batch": (["--bits", "8", "--batch", "0"], 1, "--batch"),
    "rate": (["--bits", "8", "--rate", "0"], 1, "--rate"),
    "macs": (["--macs", "-3"], 1, "--macs"),
    "unknown": (["--colour", "red"], 1, "--colour"),
    "target": (["--bits", "8", "--target", "nowhere"], 1, "nowhere"),
    "no_data_file": (["--bits", "8", "--data", "FOLDER/none.npz"], 1, "none.npz"),
    "random_none": (["--bits", "8", "--data", "random:0"], 1, "random:N"),
    "random_one": (["--bits", "8", "--data", "random:1"], 1, "samples"),
    "empty_folder": (["--bits", "8", "--data", "FOLDER/empty"], 1, "train-images-idx3-ubyte"),
    "other_shape": (["--bits", "8", "--data", "FOLDER/wide.npz"], 1, "[samples, 6]"),
    "labels_beyond": (["--bits", "8", "--data", "FOLDER/labels.npz"], 1, "classes"),
    "labels_of_floats": (["--bits", "8", "--data", "FOLDER/real.npz"], 1, "one whole number a sample"),
    "test_shape": (["--bits", "8", "--test", "FOLDER/wide.npz"], 1, "[samples, 6]"),
    "teacher_shape": (["--bits", "8", "--teacher", "FOLDER/four.thm"], 1, "other shapes"),
    "teacher_none": (["--bits", "8", "--teacher", "FOLDER/none.onnx"], 2, "none.onnx"),
    "macs_budget": (["--bits", "8", "--macs", "2"], 3, "cannot be made so small"),
    "flash_budget": (["--bits", "8", "--flash", "9"], 3, "cannot be made so small"),
    "ram_budget": (["--bits", "8", "--ram", "3"], 3, "cannot be made so small"),
    "no_folder": (["--bits", "8", "-o", "FOLDER/file.txt/s.onnx"], 1, "s.onnx")}


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spoiled")
    (folder / "empty").mkdir()
    (folder / "file.txt").write_text("no folder")
    (folder / "four.thm").write_text(TINY.replace("3, 8]", "4, 8]").replace("f32[3]", "f32[4]")
                                     .replace("[1, 3]", "[1, 4]"))
    x = normal((6,), 24)
    np.savez(folder / "wide.npz", x=normal((7,), 24))
    np.savez(folder / "labels.npz", x=x, y=np.full(24, 3))
    np.savez(folder / "real.npz", x=x, y=np.zeros(24, np.float32))
    return folder


def assert_refused(done, code, words):
    assert done.returncode == code, (done.returncode, done.stderr)
    assert words in done.stderr and "internal" not in done.stderr.lower(), done.stderr


@pytest.mark.parametrize("way", REFUSED)
def test_what_is_wrong_is_said(models, spoiled, tmp_path, way):
    options, code, words = REFUSED[way]
    options = [str(word).replace("FOLDER", str(spoiled)) for word in options]
    given = ["shrink", models / "tiny.thm"]
    for option, value in (("--data", "random:32"), ("-o", tmp_path / "s.onnx"), ("--epochs", "1")):
        given += [] if option in options else [option, value]
    done = thimble(*given, *options)
    assert_refused(done, code, words)
    assert not list(tmp_path.iterdir()), "left something behind"


def test_data_and_output_are_asked_for(models, tmp_path):
    assert_refused(thimble("shrink", models / "tiny.thm", "-o", tmp_path / "s.onnx"), 1, "--data")
    assert_refused(thimble("shrink", models / "tiny.thm", "--data", "random:8"), 1, "--output")


@pytest.mark.parametrize("text", ["no model", "", "graph g\n"])
def test_models_that_are_none_are_refused(tmp_path, text):
    for ending in (".onnx", ".thm", ".pt2"):
        model = tmp_path / ("m" + ending)
        model.write_text(text)
        done = thimble("shrink", model, "--data", "random:8", "--bits", "8", "-o", tmp_path / "s.onnx")
        assert_refused(done, 2, "error")
        assert not (tmp_path / "s.onnx").exists()


def test_integers_are_no_model_to_learn(models, tmp_path):
    shrink(models / "tiny.thm", tmp_path / "int.onnx", "--bits", "8")
    done = thimble("shrink", tmp_path / "int.onnx", "--data", "random:32", "--bits", "4", "-o", tmp_path / "s.onnx")
    assert_refused(done, 2, "float")
    done = thimble("shrink", models / "tiny.thm", "--teacher", tmp_path / "int.onnx", "--data", "random:32", "--bits",
                   "4", "-o", tmp_path / "s.onnx")
    assert_refused(done, 2, "float")
    assert not (tmp_path / "s.onnx").exists()


def test_layers_that_cannot_be_rounded_are_named(tmp_path):
    (tmp_path / "m.thm").write_text("""graph g
input x: f32[5x1x3] dims [5, 1, 3]
node rec: Lstm(x; w, b) {hidden = 2} -> h
output h dims [5, 1, 2]
const w: f32[8, 5] = random(1, 0.4)
const b: f32[8] = random(2, 0.4)
""")
    done = thimble("shrink", tmp_path / "m.thm", "--data", "random:32", "--bits", "4", "--epochs", "1", "-o",
                   tmp_path / "s.onnx")
    assert_refused(done, 2, "'rec'")
    assert not (tmp_path / "s.onnx").exists()
