"""What the scripts here share: which networks, the program's JSON, and a roomy twin of each part for networks that do not fit it."""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOO_LARGE = [2, 3]  # thimble's exit codes: beyond the part's indices, beyond its memory

# What replaces flags, machine and memory of a part when it is too small. The ATtiny's twin is code
# for the ATtiny1634, which has no MUL either, on a simulated core with more RAM.
ROOMY = {
    "atmega328p": dict(flags=["-mmcu=atmega1284p", "-O2"], machine="atmega1284p",
                       flash_bytes=131072, ram_bytes=16384),
    "attiny85": dict(flags=["-mmcu=attiny1634", "-O2", "-Wl,--defsym=__stack=0x40ff",
                            "-Wl,--defsym=__DATA_REGION_LENGTH__=0x4000",
                            "-Wl,--defsym=__TEXT_REGION_LENGTH__=0x10000"],
                     machine="atmega1284p", flash_bytes=65536, ram_bytes=16384),
    "ch32v003": dict(flash_bytes=1 << 20, ram_bytes=1 << 18),
}


def networks(shared):
    """Those that are shipped, and of the shared ones what is not the same network in another form."""
    found = sorted(path for kind in ("pt2", "onnx") for path in (ROOT / "models").rglob(f"*.{kind}"))
    return found + sorted((shared / "mlperf-tiny").glob("*.tflite"))


def run(thimble, arguments, environment=None, may_fail=()):
    """The JSON that thimble prints, or None where it ends with an exit code of may_fail."""
    words = [str(word) for word in arguments]
    process = subprocess.run([thimble, *words, "--json"], capture_output=True, text=True,
                             env=dict(os.environ, **(environment or {})))
    if process.returncode in may_fail:
        return None
    if process.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit {process.returncode}\n{process.stderr}")
    return json.loads(process.stdout)


def write_roomy(path):
    """A table of targets: [roomy-NAME] is [NAME] of targets.toml with other lines for ROOMY's keys."""
    known = (ROOT / "src/targets/targets.toml").read_text()
    with path.open("w") as file:
        for name, other in ROOMY.items():
            entry = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", known, re.M | re.S)[1]
            kept = [line for line in entry.splitlines() if line.split(" = ")[0] not in other]
            changed = [f"{key} = {json.dumps(value)}" for key, value in other.items()]
            file.write("\n".join([f"[roomy-{name}]", *kept, *changed]) + "\n")
