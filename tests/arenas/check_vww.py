"""MLPerf Tiny's vww, int8, its input borrowed: the front of arena against multiplications, and its points as C."""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

import numpy

POINTS = [(6_900, 1.1), (6_000, 1.3)]  # most bytes, most multiplications over those of the network


def thimble(*words):
    done = subprocess.run([os.environ["THIMBLE"], *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def main():
    model = pathlib.Path(sys.argv[1]) / "mlperf-tiny" / "vww.tflite"
    if not model.is_file():
        print("skipped: no shared models")
        return 0
    front = json.loads(thimble("analyze", str(model), "--borrow-input", "--pareto", "--json"))["pareto"]
    for point in front:
        print(f"{point['arena_bytes']} bytes at {point['macs_ratio']:.4f} times the work:{point['options']}", flush=True)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "x.npz"
        noise = numpy.random.default_rng(1).integers(-128, 128, (2, 96, 96, 3)).astype(numpy.int8)
        numpy.savez(data, x=noise)
        for most, ratio in POINTS:
            found = next((p for p in front if p["arena_bytes"] <= most and p["macs_ratio"] <= ratio), None)
            failed |= found is None
            print(f"at most {most} bytes at {ratio}: {found['arena_bytes'] if found else 'FAILED'}", flush=True)
            if found:
                words = ["--borrow-input", *shlex.split(found["options"])]
                print(thimble("verify", str(model), "--data", str(data), *words).strip().splitlines()[-1], flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
