"""Arena bytes of MLPerf Tiny's int8 networks, input resident and streamed, proven least."""
import json
import os
import pathlib
import subprocess
import sys

MOST = {  # bytes: resident, input streamed, output streamed too
    "mlperf-tiny/resnet.tflite": (9_400, 8_100),
    "mlperf-tiny/kws.tflite": (4_100, 3_800),
    "mlperf-tiny/vww.tflite": (28_200, 10_500),
    "mlperf-tiny/ad01.tflite": (768, 768, 544),
    "torch/lenet5.onnx": (1_076, 950),
}
STREAMS = ([], ["--stream-in"], ["--stream-in", "--stream-out"])


def main():
    models = pathlib.Path(sys.argv[1])
    if not models.is_dir():
        print("skipped: no shared models")
        return 0
    failed = False
    for name, limits in MOST.items():
        for words, most in zip(STREAMS, limits):
            done = subprocess.run(
                [os.environ["THIMBLE"], "plan", str(models / name), "--residency", "lines", "--json", *words],
                capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stderr)
            plan = json.loads(done.stdout)
            good = plan["bytes"] <= most and plan["placement_proven"]
            failed |= not good
            print(f"{name} {' '.join(words) or 'resident'}: {plan['bytes']} bytes, at most {most}; "
                  f"placement {'proven' if plan['placement_proven'] else 'not proven'}"
                  f"{'' if good else '  FAILED'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
