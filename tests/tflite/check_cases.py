"""cases/ through Thimble: what TensorFlow Lite's reference kernels gave (make_cases.py), to the bit in int8, from the
integer evaluator and from compiled C; nearly in floats.

    check_cases.py            all of them
    check_cases.py NAME...    these
"""
import array
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 2e-5  # of the largest output


def elements(path):
    data = path.read_bytes()
    header = 10 + int.from_bytes(data[8:10], "little")
    kind = re.search(rb"'descr': '(.*?)'", data[:header]).group(1)
    return array.array({b"|i1": "b", b"<f4": "f"}[kind], data[header:])


def is_raw(case):
    """Whether the network gives integers."""
    return elements(HERE / f"cases/{case}.y.npy").typecode == "b"


def run(case, reading, output):
    words = ["run", HERE / f"cases/{case}.tflite", "--input", HERE / f"cases/{case}.x.npy", "-o", output, "--on", reading]
    words += ["--numbers", "f32"] if case.endswith("_float") else ["--raw"] if is_raw(case) else []
    done = subprocess.run([os.environ["THIMBLE"], *words], text=True, capture_output=True, timeout=300)
    return done.stderr if done.returncode else ""


def difference(case, got):
    wanted = elements(HERE / f"cases/{case}.y.npy")
    if len(got) != len(wanted):
        return f"{len(got)} elements instead of {len(wanted)}"
    if is_raw(case):
        wrong = [abs(a - b) for a, b in zip(got, wanted) if a != b]
        return f"{len(wrong)} of {len(got)} differ, by up to {max(wrong)}" if wrong else ""
    most = max(map(abs, wanted)) or 1
    error = max(abs(a - b) for a, b in zip(got, wanted)) / most
    return "" if error <= TOLERANCE else f"an error of {error:.1e}"


def main():
    cases = sys.argv[1:] or sorted(path.stem for path in HERE.glob("cases/*.tflite"))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "y.npy"
        for case in cases:
            for reading in ("float" if case.endswith("_float") else "int", "host"):
                problem = run(case, reading, output) or difference(case, elements(output))
                if problem:
                    wrong += 1
                    print(f"{case} --on {reading}: {problem}")
    print(f"{len(cases)} cases, {wrong} wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
