"""MobileNetV2-0.35 at 144 x 144, int8, its input borrowed: arena against multiplications."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy

CUT = "/features/features.4/body/body.2/body.2.0/Conv"
POINTS = [  # strips, most bytes, most multiplications over those of the network; C compared with the evaluator
    (1, 17_500, 1.0, True),
    (2, 12_000, 1.03, False),
    (3, 10_000, 1.05, False),
    (5, 8_500, 1.1, False),
    (6, 7_500, 1.2, True),
]


def thimble(*words):
    done = subprocess.run([os.environ["THIMBLE"], *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "mobilenet_v2.onnx"
        maker = pathlib.Path(__file__).with_name("mobilenet_v2.py")
        subprocess.run([sys.executable, str(maker), str(model)], check=True, capture_output=True)
        data = pathlib.Path(folder) / "x.npz"
        numpy.savez(data, x=numpy.random.default_rng(1).standard_normal((1, 3, 144, 144)).astype(numpy.float32))
        failed, work = False, None
        for strips, most, ratio, compare in POINTS:
            words = ["--residency", "lines", "--borrow-input"]
            words += ["--strips", f"{CUT}:{strips}"] if strips > 1 else []
            plan = json.loads(thimble("plan", str(model), "--json", "--time-limit", "1", *words))
            work = work or plan["macs"]
            share = plan["macs"] / work
            good = plan["bytes"] <= most and share <= ratio
            failed |= not good
            print(f"{strips} strips: {plan['bytes']} bytes at {share:.4f} times the work; at most {most} at {ratio}"
                  f"{'' if good else '  FAILED'}", flush=True)
            if compare:
                print(thimble("verify", str(model), "--data", str(data), *words).strip().splitlines()[-1], flush=True)
        return failed


if __name__ == "__main__":
    sys.exit(main())
