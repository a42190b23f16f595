"""The pictures of docs/web.md: the page at a desk's width, light, and at a phone's, dark.

  screenshots.py [FOLDER]    into docs/images, where no folder is named; THIMBLE names the program
"""
import base64
import os
import pathlib
import subprocess
import sys
import tempfile

from browser import chromium

ROOT = pathlib.Path(__file__).resolve().parents[2]
# In the middle of a face that has been rolled, over the same face drawn before.
PREPARE = """
document.getElementById('roll').click();
const {face, latent} = draws[draws.length - 1];
drawHand(); drawHand(); settle({face, latent}); scrub(Math.floor(stepCount / 2));
"""


def screenshot(driver, width, scheme, scale):
    def call(name, **arguments):
        return driver.execute_cdp_cmd(name, arguments)
    call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 700)
    call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme},
                                                 {"name": "prefers-reduced-motion", "value": "reduce"}])
    driver.refresh()
    driver.implicitly_wait(10)
    driver.find_element("css selector", "#roll:enabled")
    driver.execute_script(PREPARE)
    height = min(1180, driver.execute_script("return document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
    return base64.b64decode(call("Page.captureScreenshot", format="png", clip=clip,
                                 captureBeyondViewport=True)["data"])


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/images"
    with tempfile.TemporaryDirectory() as folder, chromium() as driver:
        page = pathlib.Path(folder) / "die.html"
        subprocess.run([os.environ["THIMBLE"], "die", "--web", "-o", page], check=True, capture_output=True)
        driver.get(page.as_uri())
        for width, scheme, scale in ((1280, "light", 0.46), (390, "dark", 0.65)):
            path = output / f"web_{width}.png"
            path.write_bytes(screenshot(driver, width, scheme, scale))
            print(f"{path.name}: {path.stat().st_size:,} B")


main()
