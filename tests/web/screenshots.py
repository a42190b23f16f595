"""The pictures of docs/web.md: the page at a desk's width, light, and at a phone's, dark.

  screenshots.py [FOLDER]    into docs/images, where no folder is named; THIMBLE names the program
"""
import base64
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy

from browser import chromium

ROOT = pathlib.Path(__file__).resolve().parents[2]
# In the middle of a face that has been rolled, over the same face drawn before.
PREPARE = """
document.getElementById('roll').click();
const {face, latent} = draws[draws.length - 1];
drawHand(); drawHand(); settle({face, latent}); scrub(Math.floor(stepCount / 2));
"""
# A picture's pixels, which a page may read of an image that it has been given.
PIXELS = """
const [data, done] = arguments, image = new Image();
image.onload = () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const bytes = context.getImageData(0, 0, image.width, image.height).data;
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  done([image.width, image.height, btoa(text)]);
};
image.src = 'data:image/png;base64,' + data;
"""


def small_png(width, height, rgb):
    """Of the 256 colours that most pixels have, or that are nearest to theirs."""
    colours, of_pixel, counts = numpy.unique(rgb.reshape(-1, 3) & 0xFC, axis=0, return_inverse=True, return_counts=True)
    most = numpy.argsort(-counts)[:256]
    away = ((colours[:, None, :].astype(int) - colours[most][None].astype(int)) ** 2).sum(2)
    lines = away.argmin(1)[of_pixel].astype(numpy.uint8).reshape(height, width)
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    palette = (colours[most] + 2).astype(numpy.uint8).tobytes()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) +
            chunk(b"PLTE", palette) + chunk(b"IDAT", zlib.compress(numpy.pad(lines, ((0, 0), (1, 0))).tobytes(), 9)) +
            chunk(b"IEND", b""))


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
    taken = call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)["data"]
    wide, high, pixels = driver.execute_async_script(PIXELS, taken)
    rgba = numpy.frombuffer(base64.b64decode(pixels), numpy.uint8).reshape(high, wide, 4)
    return small_png(wide, high, rgba[:, :, :3])


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/images"
    with tempfile.TemporaryDirectory() as folder, chromium() as driver:
        page = pathlib.Path(folder) / "die.html"
        subprocess.run([os.environ["THIMBLE"], "die", "--web", "-o", page], check=True, capture_output=True)
        driver.get(page.as_uri())
        for width, scheme, scale in ((1280, "light", 1), (390, "dark", 1)):
            path = output / f"web_{width}.png"
            path.write_bytes(screenshot(driver, width, scheme, scale))
            print(f"{path.name}: {path.stat().st_size:,} B")


main()
