"""MLPerf Tiny's vww, int8, its input borrowed: arena against multiplications, and its points as C."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy

POINTS = [  # strips of what lies before a cut, columns kept at; most bytes, most multiplications over the network's
    ("DEPTHWISE_CONV_2D_11:3", "DEPTHWISE_CONV_2D_7", 6_900, 1.1),
    ("DEPTHWISE_CONV_2D_11:4", "DEPTHWISE_CONV_2D_7", 6_000, 1.3),
]


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
    failed = False
    work = json.loads(thimble("plan", str(model), "--json"))["macs"]
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "x.npz"
        noise = numpy.random.default_rng(1).integers(-128, 128, (2, 96, 96, 3)).astype(numpy.int8)
        numpy.savez(data, x=noise)
        for strips, kept, most, ratio in POINTS:
            words = ["--residency", "lines", "--borrow-input", "--strips", strips, "--keep-columns", kept]
            plan = json.loads(thimble("plan", str(model), "--json", *words))
            share = plan["macs"] / work
            good = plan["bytes"] <= most and share <= ratio
            failed |= not good
            print(f"strips at {strips}: {plan['bytes']} bytes at {share:.4f} times the work; at most {most} at {ratio}"
                  f"{'' if good else '  FAILED'}", flush=True)
            print(thimble("verify", str(model), "--data", str(data), *words).strip().splitlines()[-1], flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
