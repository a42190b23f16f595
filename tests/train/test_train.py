"""`thimble train die`: equal seeds give equal weights, also after a kill at a random point; all four ways
to train end in a network that draws; what is wrong in a configuration is said, all of it at once."""

import json
import os
import pathlib
import random
import signal
import subprocess
import time

import pytest

THIMBLE = os.environ.get("THIMBLE")
pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")

TINY = {"method": "cvae", "channels": [4, 4, 4, 4], "encoder": [4, 4, 4, 4], "epochs": 6, "batch": 256,
        "restarts": 2}


def command(folder, config, *more):
    path = pathlib.Path(str(folder) + ".json")
    path.write_text(json.dumps(config))
    return [THIMBLE, "train", "die", "--config", str(path), "-o", str(folder), "--json", *more]


def train(folder, config, *more):
    done = subprocess.run(command(folder, config, *more), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train") / "once"
    train(folder, TINY, "--seed", "7")
    return folder


def network(folder):
    return (folder / "decoder.onnx").read_bytes()


def test_leaves_a_network_samples_and_figures(trained):
    curves = ["beginning-1.csv", "beginning-2.csv", "drawing.csv", "encoding.csv", "rounding.csv"]
    assert sorted(path.name for path in trained.iterdir()) == sorted(
        ["decoder.onnx", "run.json", "samples.png", *curves])
    assert len((trained / "rounding.csv").read_text().split()) == 2  # of six epochs, in 8 bits
    run = json.loads((trained / "run.json").read_text())
    assert (run["parameters"], run["parameters_cnn"], run["parameters_fc"]) == (929, 481, 448)
    assert 0 < run["loss"] < run["variance"] and run["pictures_different"] > 90


def test_equal_seeds_give_equal_weights(trained, tmp_path):
    train(tmp_path / "again", TINY, "--seed", "7")
    assert network(tmp_path / "again") == network(trained)
    train(tmp_path / "other", TINY, "--seed", "8")
    assert network(tmp_path / "other") != network(trained)


@pytest.mark.parametrize("attempt", range(3))
def test_a_killed_run_resumes_to_the_same_weights(trained, tmp_path, attempt):
    folder = tmp_path / "killed"
    process = subprocess.Popen(command(folder, TINY, "--seed", "7"), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while not list(folder.glob("*.pt")) and process.poll() is None:
        time.sleep(0.02)
    time.sleep(random.uniform(0, 4))
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = sorted(path.name for path in folder.iterdir())
    train(folder, TINY, "--seed", "7", "--resume")
    assert network(folder) == network(trained), f"it was killed with {left}"


@pytest.mark.parametrize("method", ["angle", "gan", "flow"])
def test_every_way_ends_in_a_network_that_draws(tmp_path, method):
    run = train(tmp_path / method, {**TINY, "method": method, "epochs": 1, "restarts": 1})
    assert run["config"]["method"] == method and run["loss"] > 0
    assert run["pictures_different"] > 50


@pytest.mark.parametrize("bits,levels", [("4", 16), ("1", 2)])
def test_a_die_of_few_bits_is_a_network_of_integers(tmp_path, bits, levels):
    onnx = pytest.importorskip("onnx")
    run = train(tmp_path / "few", {**TINY, "method": "angle", "epochs": 2, "restarts": 1, "bits": bits})
    assert run["config"]["bits"] == bits and run["loss"] > 0
    model = onnx.load(tmp_path / "few" / "decoder.onnx")
    arrays = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    weights = [arrays[n.input[0]] for n in model.graph.node if n.op_type == "DequantizeLinear"
               and n.input[0] in arrays and arrays[n.input[0]].ndim > 1]
    assert len(weights) == 5
    for weight in weights:
        assert 2 <= len(set(weight.astype(int).flatten())) <= levels


def test_a_checkpoint_of_another_training_is_not_continued(tmp_path):
    process = subprocess.Popen(command(tmp_path / "a", {**TINY, "epochs": 1000}), stderr=subprocess.DEVNULL)
    while not list((tmp_path / "a").glob("*.pt")):
        time.sleep(0.02)
    process.kill()
    process.wait()
    done = subprocess.run(command(tmp_path / "a", TINY, "--resume"), capture_output=True, text=True)
    assert done.returncode == 1
    assert "this checkpoint cannot be continued" in done.stderr and "fix: remove it" in done.stderr


def test_all_that_is_wrong_in_a_configuration_is_said(tmp_path):
    config = {"channels": [4, 4, 4], "colour": 1, "rate": -1, "method": "magic"}
    done = subprocess.run(command(tmp_path / "a", config), capture_output=True, text=True)
    assert done.returncode == 1 and not (tmp_path / "a").exists()
    for key in ("'channels'", "'colour'", "'rate'", "'method'"):
        assert key in done.stderr


def test_the_shipped_evaluation_network_reads_distorted_pictures(tmp_path):
    models = pathlib.Path(__file__).resolve().parents[2] / "models" / "die"
    numpy = pytest.importorskip("numpy")
    subprocess.run([THIMBLE, "dice", "--distort", "--count", "2048", "--seed", "99", "-o", str(tmp_path)],
                   check=True, capture_output=True)
    output = tmp_path / "y.npy"
    subprocess.run([THIMBLE, "run", str(models / "evaluator.onnx"), "--input", str(tmp_path / "dice.npz"), "-o",
                    str(output), "--on", "int"], check=True, capture_output=True)
    faces = numpy.load(tmp_path / "dice.npz")["y"]
    read = numpy.load(output).reshape(len(faces), -1).argmax(1)
    assert (read == faces).mean() >= 0.995
