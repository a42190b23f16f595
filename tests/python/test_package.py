"""thimble-nn: from a live module to C, by the words of the command line, and equal to PyTorch and the evaluators."""
import ast
import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree

import numpy as np
import pytest
import thimble
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIE = ROOT / "models" / "die" / "die_929.pt2"


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = torch.nn.Conv2d(1, 4, 3)
        self.dropout = torch.nn.Dropout(0.5)
        self.linear = torch.nn.Linear(4 * 13 * 13, 10)

    def forward(self, x):
        x = torch.relu(torch.nn.functional.max_pool2d(self.convolution(x), 2))
        return self.linear(self.dropout(x).flatten(1))


class Unsupported(torch.nn.Module):
    def forward(self, x):
        return torch.fft.fft(x).real + torch.cumsum(x, 1)


class Cancelling(torch.nn.Module):
    """The small difference of two large numbers: nothing for 8 bits."""

    def __init__(self):
        super().__init__()
        self.large, self.larger = torch.nn.Linear(8, 8, bias=False), torch.nn.Linear(8, 8, bias=False)
        self.large.weight.data = 1000 * torch.rand(8, 8, generator=torch.Generator().manual_seed(3))
        self.larger.weight.data = self.large.weight.data + torch.eye(8)

    def forward(self, x):
        return self.larger(x) - self.large(x)


@pytest.fixture(scope="module")
def module():
    torch.manual_seed(1)
    return Net()


@pytest.fixture(scope="module")
def samples():
    return torch.rand(20, 1, 28, 28, generator=torch.Generator().manual_seed(2))


@pytest.fixture(scope="module")
def network(module, samples):
    return thimble.compile(module, samples[:1], target="atmega328p", calib=samples)


def failure(call):
    with pytest.raises(thimble.Error) as caught:
        call()
    return caught.value


def printed_by_program(*words):
    return subprocess.run([os.environ["THIMBLE"], *map(str, words)], capture_output=True, text=True).stderr


def test_the_ten_lines_of_the_page_end_in_c_and_the_others_in_what_it_says(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "python.md").read_text()
    ten, others = re.findall(r"```python\n(.*?)```", page, re.S)
    said, = re.findall(r"```text\n(.*?)```", page, re.S)
    assert len([line for line in ten.splitlines() if line.strip()]) <= 10
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(ten, names)
    assert {"digits.c", "digits.h"} <= {path.name for path in (tmp_path / "out").iterdir()}
    assert np.abs(names["difference"]).max() < 0.05
    capsys.readouterr()
    exec(others, names)
    assert capsys.readouterr().out == said


def test_every_reading_agrees_with_pytorch(module, samples, network):
    module.eval()
    expected = module(samples).detach().numpy()
    np.testing.assert_allclose(network.run(samples, on="float"), expected, atol=1e-6)
    integers = network.run(samples, on="int", raw=True)
    assert integers.dtype == np.int8 and integers.shape == (20, 10)
    np.testing.assert_array_equal(network.run(samples, on="host", raw=True), integers)
    assert np.abs(network.run(samples) - expected).mean() < 0.02 * np.ptp(expected)


def test_the_emulator_gives_the_same_bits_and_the_bill(samples, network):
    np.testing.assert_array_equal(network.run(samples[:2], on="target", raw=True), network.run(samples[:2], on="int", raw=True))
    bench = network.bench()
    assert bench.unit == "cycles" and bench.count > 0
    assert bench.flash_total == bench.flash_weights + bench.flash_constants + bench.flash_code
    assert bench.ram_total == bench.ram_arena + bench.ram_static + bench.ram_stack


def test_a_module_keeps_its_mode(module, samples):
    module.train()
    thimble.compile(module, samples[:1], numbers="f32")
    assert module.training


def test_files_are_those_of_the_program(tmp_path):
    network = thimble.compile(DIE, calib="random:96", target="attiny85", stream_out=True, name="die")
    network.write(tmp_path / "library")
    printed_by_program("compile", DIE, "--calib", "random:96", "--target", "attiny85", "--stream-out", "--name", "die", "-o", tmp_path / "program")
    names = sorted(path.name for path in (tmp_path / "program").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "library").iterdir())
    for name in names:
        assert (tmp_path / "library" / name).read_text() == (tmp_path / "program" / name).read_text()
    assert network.files["die.c"] == (tmp_path / "program" / "die.c").read_text()


def test_equal_modules_give_equal_c(module, samples, network):
    again = thimble.compile(module, samples[:1], target="atmega328p", calib=samples)
    assert again.files == network.files


def test_figures_are_those_of_analyze(network):
    analysis = network.analyze()
    said = json.loads(analysis.json)
    assert (analysis.arena_bytes, analysis.flash_weights, analysis.macs) == (said["ram"]["arena"], said["flash"]["weights"], said["macs"])
    assert [layer.name for layer in analysis.layers] == [layer["name"] for layer in said["layers"]]
    assert sum(layer.macs for layer in analysis.layers) == analysis.macs
    assert f"{analysis.arena_bytes:,} B" in str(analysis) and f"{analysis.arena_bytes:,} B" in repr(network)


def test_a_notebook_shows_figures_and_the_rows_in_the_arena(network):
    html = network._repr_html_()
    page = xml.etree.ElementTree.fromstring(html.replace("&nbsp;", " "))
    assert f"{network.analyze().arena_bytes:,} B of arena" in html
    paths = page.findall(".//{http://www.w3.org/2000/svg}path")
    titles = {path.find("{http://www.w3.org/2000/svg}title").text for path in paths}
    assert {"x", "max_pool2d"} <= titles
    assert network.analyze()._repr_html_() == html


def test_names_that_lie_are_escaped(tmp_path):
    model = tmp_path / "<script>alert(1)<&.thm"
    model.write_text((ROOT / "tests" / "golden" / "tiny_pool.thm").read_text())
    html = thimble.compile(model, numbers="f32")._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_what_does_not_fit_is_no_error_to_analyze(module, samples):
    analysis = thimble.analyze(module, samples[:1], target="attiny85")
    assert not analysis.fits and "512" in analysis.objections[0].what
    error = failure(lambda: thimble.compile(module, samples[:1], target="attiny85", calib=samples))
    assert error.code == 3 and "512" in error.what and error.why and error.fix


def test_a_bad_model_says_what_the_program_says(tmp_path):
    example = torch.rand(1, 4, 8)
    path = tmp_path / "bad.pt2"
    torch.export.save(torch.export.export(Unsupported(), (example,)), path)
    said = printed_by_program("compile", path, "--numbers", "f32", "-o", tmp_path / "out")
    error = failure(lambda: thimble.compile(path, numbers="f32"))
    assert str(error) + "\n" == said and error.code == 2
    live = failure(lambda: thimble.compile(Unsupported(), example, numbers="f32"))
    assert [(d.node, d.what, d.why, d.fix) for d in live.diagnostics] == [(d.node, d.what, d.why, d.fix) for d in error.diagnostics]
    assert len(live.diagnostics) == 3 and live.what == "operator is not supported" and live.file == "unsupported"


@pytest.mark.parametrize("words, call", [
    (["--target", "nowhere", "--calib", "random:8"], lambda: thimble.compile(DIE, target="nowhere", calib="random:8")),
    ([], lambda: thimble.compile(DIE)),
    (["--calib", "random:8", "--name", "1x"], lambda: thimble.compile(DIE, calib="random:8", name="1x")),
    (["--calib", "random:8", "--ram", "100"], lambda: thimble.compile(DIE, calib="random:8", ram=100)),
    (["--calib", "random:8", "--dim", "n=0"], lambda: thimble.compile(DIE, calib="random:8", dims={"n": 0})),
])
def test_usage_says_what_the_program_says(tmp_path, words, call):
    assert str(failure(call)) + "\n" == printed_by_program("compile", DIE, "-o", tmp_path, *words)


@pytest.mark.parametrize("call, what", [
    (lambda net, x: thimble.compile(net), "example inputs"),
    (lambda net, x: thimble.compile(net, torch.zeros(1, 3)), "torch.export cannot trace"),
    (lambda net, x: thimble.compile(net, x[:1], calib=x[:, :, :5]), "'x0' has shape [20, 1, 5, 28]"),
    (lambda net, x: thimble.compile(net, x[:1], calib=torch.full((2, 1, 28, 28), torch.nan)), "not finite"),
    (lambda net, x: thimble.compile(net, x[:1], calib=()), "needs samples"),
    (lambda net, x: thimble.compile(net, x[:1], calib="no_such.npy"), "is no NumPy array"),
    (lambda net, x: thimble.compile(net, x[:1], numbers="f64", weights="w3"), "none of its words"),
    (lambda net, x: thimble.compile(net, x[:1], calib=x, ram=-1), "0 bytes or more"),
    (lambda net, x: thimble.compile("/no/such.onnx"), ""),
])
def test_a_bad_call_is_an_error_that_helps(module, samples, call, what):
    assert what in failure(lambda: call(module, samples)).what


def test_unknown_options_and_models_are_type_errors(module, samples):
    with pytest.raises(TypeError):
        thimble.compile(module, samples[:1], ramm=100)
    with pytest.raises(TypeError):
        thimble.compile(3)


def test_warnings_are_pythons():
    with pytest.warns(thimble.ThimbleWarning, match="8-bit numbers lose"):
        thimble.compile(Cancelling(), torch.rand(1, 8), calib=torch.rand(50, 8))


def test_chips_are_those_of_the_program():
    said = json.loads(subprocess.run([os.environ["THIMBLE"], "targets", "--json"], capture_output=True, text=True).stdout)
    names = [chip["name"] for chip in (said if isinstance(said, list) else said["targets"])]
    assert list(thimble.targets()) == names and thimble.targets()["attiny85"]["ram_bytes"] == 512


def test_the_package_is_valid_for_its_oldest_python():
    ast.parse((ROOT / "python" / "thimble" / "__init__.py").read_text(), feature_version=(3, 9))
