"""Every script of bench/ in its smallest form: it ends well, and what it writes has its figures.

bench/compare and bench/host have tests of their own (test_compare.py, CMakeLists.txt)."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

THIMBLE = os.environ.get("THIMBLE")
pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")
ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTED_ELSEWHERE = {"compare", "host"}


def script(name, *words):
    done = subprocess.run([sys.executable, ROOT / "bench" / name, *map(str, words), "--thimble", THIMBLE],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_calibrate_tells_the_time_of_each_code(tmp_path):
    script("calibrate", "--targets", "ch32v003", "-o", tmp_path / "costs.toml")
    written = (tmp_path / "costs.toml").read_text()
    assert "[ch32v003]" in written and "[cortex-m4]" not in written
    assert all(float(time) > 0 for time in re.findall(r"time = ([\d.]+)", written))


def test_few_levels_prints_a_line_a_kind_of_weights():
    lines = script("few_levels", "--targets", "cortex-m0").splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| 8 bits", "| 4 bits", "| 2 bits", "| ternary", "| 1 bit"]


def test_many_nodes_compiles_them_all():
    printed = script("many_nodes", "--nodes", "60")
    assert re.search(r"\d+ nodes, f32: [\d.]+ s, arena [1-9]", printed) and re.search(r"int8: [\d.]+ s, arena [1-9]", printed)


def test_packing_writes_table_and_picture(tmp_path):
    graph = tmp_path / "graphs"
    graph.mkdir()
    (graph / "graph.json").write_text((ROOT / "docs/packing/two_branches.json").read_text())
    script("packing", graph, "-o", tmp_path)
    assert "|" in (tmp_path / "packing.md").read_text() and "<svg" in (tmp_path / "packing.svg").read_text()


def test_placement_writes_a_line_a_table(tmp_path):
    table = tmp_path / "three.64.csv"
    table.write_text("id,lower,upper,size\na,0,4,32\nb,2,6,32\nc,4,8,32\n")
    script("placement", table, "--time-limit", "1", "-o", tmp_path / "placement.md")
    assert re.search(r"^\| .*three", (tmp_path / "placement.md").read_text(), re.M)


@pytest.mark.skipif(not shutil.which("chromedriver"), reason="no chromium")
def test_report_takes_its_pages_pictures(tmp_path):
    script("report", "die", "-o", tmp_path)
    for width in 1280, 390:
        assert (tmp_path / f"die_{width}.png").read_bytes().startswith(b"\x89PNG")


def test_scripts_that_train_say_what_they_would_do():
    """Their smallest forms take minutes: what they call, `thimble train` and `thimble shrink`, is tested in tests/train and tests/shrunk."""
    for name in "shrink", "die_methods":
        assert "--thimble" in subprocess.run([sys.executable, ROOT / "bench" / name, "--help"], capture_output=True, text=True).stdout


def test_times_says_how_far_off_its_tables_are():
    assert "cortex-m4" in script("times", "--targets", "cortex-m4", "--levels", "balanced", "--check", ROOT / "models/die/die_929.pt2")


def test_every_script_is_tested():
    scripts = {path.name for path in (ROOT / "bench").iterdir() if path.is_file() and path.suffix == ""}
    tested = set(re.findall(r'script\("(\w+)"', pathlib.Path(__file__).read_text())) | {"shrink", "die_methods"}
    assert scripts == tested | TESTED_ELSEWHERE
