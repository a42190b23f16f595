"""The page, pressed two hundred times: the faces are even, and the panel's pixels are those of `--on int`."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
THIMBLE = os.environ["THIMBLE"]
PRESSES = 200
CHI_SQUARE_LIMIT = 25.74  # that even chances of six exceed once in ten thousand times
# Of each of the panel's 128x64 pixels, the canvas has a square of 6x6 with a gap: its middle, lit or not.
READ_PANEL = """
const canvas = document.getElementById('panel');
const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
let bits = '';
for (let y = 0; y < 64; ++y)
  for (let x = 0; x < 128; ++x) bits += data[4 * ((6 * y + 2) * canvas.width + 6 * x + 2)] > 127 ? '1' : '0';
return [bits, {...document.getElementById('result').dataset}];
"""
SLIDE = """
const slider = document.getElementById('latent');
slider.value = arguments[0];
slider.dispatchEvent(new Event('input'));
"""


def thimble(*words, folder):
    return subprocess.run([THIMBLE, *map(str, words)], cwd=folder, check=True, capture_output=True,
                          text=True).stdout


def shown(driver):
    bits, said = driver.execute_script(READ_PANEL)
    panel = numpy.array(list(bits)).reshape(64, 128) == "1"
    return int(said["face"]), int(said["latent"]), panel


def press(driver, folder):
    driver.get((folder / "die.html").as_uri())
    WebDriverWait(driver, 30).until(lambda d: not d.find_element("id", "roll").get_property("disabled"))
    button, rolls = driver.find_element("id", "roll"), []
    for roll in range(1, PRESSES + 1):
        button.click()
        said = driver.execute_script("return {...document.getElementById('result').dataset}")
        assert said["state"] == "done" and int(said["rolls"]) == roll, said
        rolls.append(shown(driver))
    return rolls


def slide(driver):
    """The slider to both its ends, at each face."""
    drawn = []
    for face in driver.find_elements("css selector", "#faces button"):
        face.click()
        for end in ("min", "max"):
            driver.execute_script(SLIDE, driver.find_element("id", "latent").get_attribute(end))
            drawn.append(shown(driver))
    return drawn


def check_faces(rolls):
    counts = [sum(face == wanted for face, _, _ in rolls) for wanted in range(1, 7)]
    expected = len(rolls) / 6
    chi_square = sum((count - expected) ** 2 / expected for count in counts)
    print(f"{len(rolls)} presses, faces {counts}, chi-square {chi_square:.2f}")
    assert chi_square < CHI_SQUARE_LIMIT
    assert len({latent for _, latent, _ in rolls}) > 60, "latents repeat"


def decoder_inputs():
    """On which the die quantizes its network: 17 even latents of every face."""
    return numpy.array([[latent, *(face == at for at in range(6))]
                        for face in range(6) for latent in numpy.linspace(-1.5, 1.5, 17)], numpy.float32)


def check_pixels(pictures, model, folder):
    """Against the integer evaluator, each picture once."""
    plan = json.loads(re.search(r'id="plan">(.*?)</script>', (folder / "die.html").read_text())[1])
    one = round(1 / plan["latent"]["scale"]) + plan["latent"]["zero_point"]
    pairs = sorted({(face, latent) for face, latent, _ in pictures})
    inputs = numpy.full((len(pairs), 7), plan["latent"]["zero_point"], numpy.int8)
    for row, (face, latent) in zip(inputs, pairs):
        row[0], row[face] = latent, min(one, 127)
    numpy.save(folder / "calib.npy", decoder_inputs())
    numpy.save(folder / "x.npy", inputs)
    thimble("run", model, "--calib", "calib.npy", "--on", "int", "--raw", "--input", "x.npy", "-o", "y.npy",
            folder=folder)
    levels = numpy.load(folder / "y.npy").reshape(len(pairs), 32, 32)
    expected = {pair: dithered(picture) for pair, picture in zip(pairs, levels)}
    for face, latent, panel in pictures:
        wrong = (panel[:, 32:96] != expected[face, latent]).sum()
        assert wrong == 0, f"face {face} at latent {latent}: {wrong} pixels differ from --on int"
    print(f"{len(pairs)} different pictures, {len(pairs) * 64 * 64} pixels equal to --on int")


def check_alone(driver):
    """One file: nothing else was asked for, and nothing went wrong."""
    asked = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = {message["params"]["request"]["url"] for message in asked
            if message["method"] == "Network.requestWillBeSent"}
    others = [url for url in urls
              if not url.endswith("/die.html") and not url.startswith(("data:", "chrome:"))]
    assert not others, others
    assert not driver.get_log("browser")


HOSTILE = "</script><script>document.title = 'lost'</script>{{module}}"


def check_hostile_names(driver, model, folder):
    """Whatever a file calls its tensors is text."""
    network = onnx.load(model)
    port = network.graph.input[0]
    for node in network.graph.node:
        for at, name in enumerate(node.input):
            if name == port.name:
                node.input[at] = HOSTILE
    port.name = HOSTILE
    onnx.save(network, folder / "hostile.onnx")
    thimble("die", "--web", "--model", "hostile.onnx", "-o", "hostile.html", folder=folder)
    driver.get((folder / "hostile.html").as_uri())
    WebDriverWait(driver, 30).until(lambda d: not d.find_element("id", "roll").get_property("disabled"))
    assert driver.title == "The die"
    named = [item.text for item in driver.find_elements("css selector", "#tensors b")]
    assert any(HOSTILE in name for name in named), named


def main():
    model = ROOT / "models/die/faces_3889.onnx"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        thimble("die", "--web", "-o", "die.html", folder=folder)
        size = (folder / "die.html").stat().st_size
        print(f"{size} bytes")
        assert size < 300_000
        assert os.listdir(folder) == ["die.html"]
        thimble("die", "--web", "-o", "again.html", folder=folder)
        assert (folder / "again.html").read_bytes() == (folder / "die.html").read_bytes()
        with chromium() as driver:
            rolls = press(driver, folder)
            drawn = slide(driver)
            check_alone(driver)
            check_hostile_names(driver, model, folder)
        check_faces(rolls)
        check_pixels(rolls + drawn, model, folder)


try:
    import numpy
    import onnx
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError as missing:
    sys.exit(print(f"skipped: no {missing.name}"))
for program in ("chromium", "chromedriver", "clang-14", "wasm-ld-14"):
    if not shutil.which(program):
        sys.exit(print(f"skipped: no {program}"))
from browser import chromium
from dithering import dithered

main()
