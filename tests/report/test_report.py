"""`thimble report`: every figure is one of the JSON that analyze, bench, verify and run print; pages are whole, stand
alone, and fit a desk and a phone; names of hostile models stay names."""
import base64
import json
import re
import shutil
import sys

import numpy as np
import pytest

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from pages import ROOT, SHARED, THIMBLE, browser, figures, json_of, run, show  # noqa: E402

pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")
DIE = ROOT / "models/die/die_929.pt2"


def latents(folder, count=8):
    path = folder / "z.npz"
    np.savez(path, x=np.random.default_rng(5).standard_normal((count, 7)).astype(np.float32))
    return path


def pictures(folder):
    path = folder / "x.npz"
    np.savez(path, x=np.random.default_rng(6).random((3, 1, 28, 28)).astype(np.float32))
    return path


class Case:
    """A page, and the words that make the same network for the other commands."""

    def __init__(self, folder, model, words, data=None, pareto=False):
        self.model, self.words, self.data, self.pareto = model, words, data, pareto
        self.path = folder / "page.html"
        more = (["--data", data] if data else []) + (["--pareto"] if pareto else [])
        run("report", model, *words, *more, "-o", self.path)
        self.text = self.path.read_text()

    def sources(self):
        """The JSON of each command that a key may begin with; made when it is asked for."""
        model, words = [self.model, *self.words], self.words
        def outputs(on):
            values = self.path.with_suffix(f".{on}.npy")
            run("run", self.model, *words, "--input", self.data, "--on", on, "-o", values)
            return [[[float(value) for value in sample.reshape(-1)]] for sample in np.load(values)]
        return {
            "analyze": lambda: json_of("analyze", *model, "--no-run", *(["--pareto"] if self.pareto else [])),
            "bench": lambda: json_of("bench", *model, "--per-layer"),
            "verify": lambda: json_of("verify", *model, "--data", self.data, "--per-layer"),
            "float": lambda: outputs("float"),
            "int": lambda: outputs("int"),
        }


def at(json_object, path):
    for word in path:
        json_object = json_object[int(word) if isinstance(json_object, list) else word]
    return json_object


def check_reads_as(text, value, is_share):
    """What stands there is that number, in as many digits as are shown."""
    number, unit = re.fullmatch(r"(-?[\d,]+(?:\.\d+)?)\s*(%|B)?", text.replace("\xa0", " ")).groups()
    digits = len(number.partition(".")[2])
    shown = float(number.replace(",", ""))
    expected = value * 100 if unit == "%" else value
    assert is_share == (unit == "%") or not is_share
    assert abs(shown - expected) <= 0.5000001 * 10.0 ** -digits, (text, value)
    if isinstance(value, int) and unit != "%":
        assert shown == value


def check_figures(case):
    sources, made = case.sources(), {}

    def value_of(key):
        command, *path = key.split("/")
        if command not in made:
            made[command] = sources[command]()
        return at(made[command], path)

    found = figures(case.text)
    for key, of, value, text in found:
        expected = value_of(key) / value_of(of) if of else value_of(key)
        # Layers of integers in floating point: the order of sums is the same, so are the bits of float32.
        assert value == pytest.approx(expected, rel=1e-6, abs=1e-9) if isinstance(expected, float) else value == expected, key
        check_reads_as(text, value, of is not None)
    return {key for key, *_ in found}, made


@pytest.fixture(scope="session")
def die(tmp_path_factory):
    folder = tmp_path_factory.mktemp("die")
    return Case(folder, DIE, ["--calib", "random:32", "--target", "atmega328p", "--stream-out"], latents(folder),
                pareto=True)


@pytest.fixture(scope="session")
def lenet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lenet")
    return Case(folder, ROOT / "models/mnist/lenet5_small.onnx", ["--target", "cortex-m4"], pictures(folder))


def test_every_figure_of_the_die_is_one_of_the_commands(die):
    keys, made = check_figures(die)
    assert set(made) == {"analyze", "bench", "verify"}
    for key in ("bench/flash/total", "bench/ram/total", "bench/cycles", "bench/milliseconds", "analyze/budget/ram",
                "analyze/arena/bytes", "analyze/peak/live_bytes", "verify/layers/0/mean_error"):
        assert key in keys
    for i, layer in enumerate(made["analyze"]["layers"]):
        assert {f"analyze/layers/{i}/macs", f"analyze/layers/{i}/weight_bytes"} <= keys
    assert {f"analyze/pareto/{i}/macs_ratio" for i in range(len(made["analyze"]["pareto"]))} <= keys
    for i in range(len(made["bench"]["per_layer"])):
        assert f"bench/per_layer/{i}/cycles" in keys


def test_every_figure_on_a_cortex_m4_is_one_of_the_commands(lenet):
    keys, _ = check_figures(lenet)
    assert {"bench/instructions", "bench/model_cycles", "int/0/0/9"} <= keys


@pytest.mark.skipif(not (SHARED / "mlperf-tiny/vww.tflite").exists(), reason="no ../shared/models")
def test_every_figure_of_vww_is_one_of_the_commands_and_the_page_is_small(tmp_path):
    case = Case(tmp_path, SHARED / "mlperf-tiny/vww.tflite", ["--target", "cortex-m4"])
    keys, _ = check_figures(case)
    assert "bench/instructions" in keys
    assert case.path.stat().st_size < 1_000_000


def test_a_network_of_floats_has_outputs_in_floats(tmp_path):
    case = Case(tmp_path, ROOT / "models/mnist/lenet5.thm", ["--numbers", "f32"], pictures(tmp_path))
    assert "in integers" not in case.text and "in floats" in case.text
    keys, _ = check_figures(case)
    assert "float/2/0/9" in keys


def test_equal_input_gives_equal_bytes_and_no_path(die, tmp_path):
    again = Case(tmp_path, die.model, die.words, die.data, die.pareto)
    assert again.text == die.text
    assert str(tmp_path) not in again.text and str(ROOT) not in again.text


def test_a_page_stands_alone(die):
    for word in ("<script", "<link", "<img", "src=", "@import", "url("):
        assert word not in die.text
    assert set(re.findall(r"https?://[^\s\"<]*", die.text)) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_screen(browser, die, lenet, width):
    for case in (die, lenet):
        show(browser, case.path, width)
        assert browser.execute_script("return innerWidth") == width
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        wide = browser.execute_script(
            "return [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right >"
            " innerWidth + 1 && !e.closest('svg')).map(e => e.outerHTML.slice(0, 90))")
        assert wide == []
        assert browser.get_log("browser") == []


def test_the_map_has_each_buffer_where_analyze_says(browser, die, lenet):
    for case in (die, lenet):
        analysis = json_of("analyze", case.model, *case.words, "--no-run")
        show(browser, case.path, 1280)
        boxes = browser.execute_script(
            "return [...document.querySelectorAll('.plot path')].map(p => { const b = p.getBBox();"
            " return [p.dataset.buffer, b.x, b.y, b.width, b.height]; })")
        assert len(boxes) == len(analysis["buffers"])
        for index, x, y, width, height in boxes:
            buffer = analysis["buffers"][int(index)]
            assert x >= buffer["first"] and x + width <= buffer["last"] + 1
            bottom = analysis["arena"]["bytes"] - (y + height)
            assert bottom >= buffer["offset"] and bottom + height <= buffer["offset"] + buffer["bytes"]


def test_it_prints_on_a4_with_tables_as_tables(browser, die, lenet):
    paper = 688  # of 210 mm, less margins
    for case in (die, lenet):
        show(browser, case.path, paper)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        try:
            shown = browser.execute_script("return getComputedStyle(document.querySelector('.layers thead')).display")
            wide = browser.execute_script("return document.documentElement.scrollWidth")
        finally:
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        assert shown == "table-header-group" and wide <= paper
        assert base64.b64decode(browser.print_page()).startswith(b"%PDF")


HOSTILE = """graph "<script>document.title=1</script>"
input "x'\\" onload=alert(1)": f32[8x8x1] dims [1, 1, 8, 8]
node "<img src=x onerror=alert(1)>": Conv2d("x'\\" onload=alert(1)"; w, b) {pad = [1, 1, 1, 1]} -> "</style><script>alert(2)</script>"
output "</style><script>alert(2)</script>" dims [1, 4, 8, 8]
const w: f32[4, 3, 3, 1] = random(1, 0.5)
const b: f32[4] = random(2, 0.5)
"""


def test_hostile_names_stay_names(browser, tmp_path):
    model = tmp_path / "<b onclick=alert(3)>&amp;.thm"
    model.write_text(HOSTILE)
    case = Case(tmp_path, model, ["--calib", "random:4"], "random:2")
    show(browser, case.path, 390)
    count = "return document.querySelectorAll('script, img, [onload], [onclick], [onerror]').length"
    assert browser.execute_script(count) == 0
    assert browser.execute_script("return document.scripts.length") == 0
    read = browser.execute_script("return document.body.textContent")
    for name in ("</style><script>alert(2)</script>", "<img src=x onerror=alert(1)>", model.name):
        assert name in read
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390


def test_what_does_not_fit_has_a_page_that_says_so(tmp_path):
    page = tmp_path / "page.html"
    words = ["--calib", "random:4", "--target", "atmega328p", "--ram", "700"]
    error = run("report", DIE, *words, "-o", page, code=3).stderr
    text = page.read_text()
    assert "It does not fit" in text and "It fits" not in text
    what = re.search(r"error: (.*)", error)[1]
    assert what.replace("'", "&#39;") in text


STEPS = {"model": "m.onnx", "target": "host", "labelled": True, "steps": [
    {"step": "as given", "accuracy": 0.9931, "distance": 0.0, "weight_bytes": 246824, "constant_bytes": 0,
     "arena_bytes": 4304, "macs": 416520},
    {"step": "4 bits <b>", "accuracy": 0.99, "test_accuracy": 0.9902, "distance": 0.25, "weight_bytes": 3366,
     "constant_bytes": 321, "arena_bytes": 952, "macs": 190275, "flash_total": 9000, "ram_total": 1300}]}


def test_the_steps_of_shrink_beside_the_model_are_on_the_page(tmp_path):
    model = tmp_path / "small.onnx"
    shutil.copy(ROOT / "models/mnist/lenet5_small.onnx", model)
    (tmp_path / "small.steps.json").write_text(json.dumps(STEPS))
    page = tmp_path / "page.html"
    run("report", model, "-o", page)
    shown = {key: value for key, _, value, _ in figures(page.read_text())}
    for i, step in enumerate(STEPS["steps"]):
        for key in ("distance", "weight_bytes", "arena_bytes", "macs"):
            assert shown[f"shrink/steps/{i}/{key}"] == step[key]
    assert shown["shrink/steps/1/flash_total"] == 9000
    assert "4 bits &lt;b&gt;" in page.read_text()


@pytest.mark.parametrize("text", ["", "[", "{}", "null", "[1]", '{"labelled": 1, "steps": []}',
                                  '{"labelled": true, "steps": [{"step": 1}]}', "\xff\xfe",
                                  json.dumps(STEPS).replace("246824", "-1"), json.dumps(STEPS).replace("246824", "1e30"),
                                  "[" * 100_000])
def test_steps_that_are_none_are_an_error_and_no_page(tmp_path, text):
    (tmp_path / "steps.json").write_text(text, encoding="latin-1")
    page = tmp_path / "page.html"
    error = run("report", DIE, "--calib", "random:2", "--steps", tmp_path / "steps.json", "-o", page, code=2).stderr
    assert "shrink" in error and not page.exists()
