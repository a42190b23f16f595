"""bench/compare on few networks and targets: a line a figure, the rivals' beside ours, tables of other networks kept."""
import os
import pathlib
import re
import subprocess
import sys

import pytest

THIMBLE = os.environ.get("THIMBLE")
pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")
ROOT = pathlib.Path(__file__).resolve().parents[2]


def compare(*words):
    return subprocess.run([sys.executable, ROOT / "bench/compare", "--thimble", THIMBLE, *map(str, words)],
                          capture_output=True, text=True)


def lines(page, network):
    """Of the network's table: its cells, without the head."""
    text = re.search(rf"^## {network}\n\n(.*?)(?=^## |\Z)", page.read_text(), re.M | re.S)[1]
    return [line[2:-2].split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    made = tmp_path_factory.mktemp("compare") / "few.md"
    done = compare(ROOT / "models/die/die_929.pt2", "--targets", "attiny85", "cortex-m4", "--levels", "layer by layer", "speed",
                   "-o", made)
    assert done.returncode == 0, done.stderr
    assert "[4/4, 0 min left]" in done.stderr
    return made


def test_a_line_for_each_target_and_level(page):
    assert [cells[:2] for cells in lines(page, "die_929")] == [
        ["`attiny85`", "layer by layer"], ["`attiny85`", "speed"],
        ["`cortex-m4`", "layer by layer"], ["`cortex-m4`", "speed"]]


def test_totals_are_sums_and_time_has_a_unit(page):
    for target, _, flash, ram, time, a_mac in lines(page, "die_929"):
        for cell in flash, ram:
            total, *parts = [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", cell)[:4]]
            assert total == sum(parts) > 0
        count, unit = time.split()
        assert unit in ("cycles", "instructions")
        assert a_mac.endswith(" model cycles") == (target == "`cortex-m4`")
        assert float(a_mac.split(",")[0]) == pytest.approx(int(count.replace(",", "")) / 58048, abs=0.01)


def test_what_is_too_much_for_a_part_says_so(page):
    assert "*too much: of 512*" in lines(page, "die_929")[0][3]
    assert "too much" not in str(lines(page, "die_929")[2:])


def test_other_tables_stay_and_rivals_stand_beside_ours(page):
    done = compare(ROOT / "models/mnist/mnist_4_bits.onnx", "--targets", "rv32imc", "--levels", "speed", "-o", page)
    assert done.returncode == 0, done.stderr
    ours, rival = lines(page, "mnist_4_bits")
    assert ours[1] == "speed" and "*published*: BitNetMCU" in rival[1]
    assert len(lines(page, "die_929")) == 4


@pytest.mark.parametrize("words, complaint", [(["--targets", "z80", "-o", "x.md"], "is called z80"), (["no.onnx"], "no such file: no.onnx"),
                                              (["--targets", "cortex-m4"], "name another page")])
def test_what_cannot_be_is_said_before_anything_is_measured(words, complaint):
    done = compare(*words)
    assert done.returncode == 2 and complaint in done.stderr
