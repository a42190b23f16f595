"""MLPerf Tiny's int8 networks against the bits of TensorFlow Lite for Microcontrollers: every tensor (--dump-layers),
and the output by the evaluator, by compiled C on the host and in the emulators, at every level; input and output streamed, too.

    check_goldens.py FOLDER [NETWORK...]     FOLDER has NETWORK.tflite and golden/NETWORK
"""
import array
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

NETWORKS = ("ad01", "kws", "resnet", "vww")
READINGS = ("int", "host", "cortex-m4", "cortex-m55")
LEVELS = ("ram", "speed", "flash")  # whose kernels for the Cortex-M4 are others than those of balanced


def npy(shape, data, kind="|i1"):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (kind, tuple(shape))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode("latin1") + data


def elements(path):
    data = path.read_bytes()
    return data[10 + int.from_bytes(data[8:10], "little"):]


def thimble(*words):
    subprocess.run([os.environ["THIMBLE"], *map(str, words)], check=True, timeout=1800)


def file_name(tensor):
    return re.sub(r"[^A-Za-z0-9_.]", "_", tensor)[:100]


class Check:
    def __init__(self, folder, network, work):
        self.model, self.golden = folder / f"{network}.tflite", folder / "golden" / network
        self.manifest = json.loads((self.golden / "manifest.json").read_text())
        self.network, self.work, self.wrong = network, work, 0

    def compare(self, what, got, golden):
        wanted = (self.golden / golden).read_bytes()
        if got == wanted:
            return
        self.wrong += 1
        count = sum(a != b for a, b in zip(got, wanted))
        print(f"{self.network}: {what}: {count} of {len(wanted)} differ from {golden}")

    def output(self, pattern, reading, *words):
        shape = [1, *self.manifest["input"]["shape"][1:]]
        x, y = self.work / "x.npy", self.work / "y.npy"
        x.write_bytes(npy(shape, (self.golden / f"{pattern}_input.bin").read_bytes()))
        thimble("run", self.model, "--input", x, "-o", y, "--raw", "--on", reading, *words)
        self.compare(" ".join((f"{pattern} --on {reading}", *words)), elements(y), f"{pattern}_output.bin")

    def levels(self):
        """The evaluator's bits, which are the goldens', from what each level compiles."""
        given = self.manifest["input"]
        elements = array.array("b", (self.golden / "p0_input.bin").read_bytes())
        reals = array.array("f", ((q - given["zero_point"]) * given["scale"] for q in elements))
        data = self.work / "x.npz"
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("x.npy", npy([1, *given["shape"][1:]], reals.tobytes(), "<f4"))
        for level in LEVELS:
            thimble("verify", self.model, "--data", data, "--target", "cortex-m4", "--optimize", level)

    def layers(self):
        """Tensors that are views of another have no file of their own; what they view has."""
        shape = [1, *self.manifest["input"]["shape"][1:]]
        x, folder = self.work / "x.npy", self.work / "layers"
        x.write_bytes(npy(shape, (self.golden / "p0_input.bin").read_bytes()))
        thimble("run", self.model, "--input", x, "-o", self.work / "y.npy", "--raw", "--on", "int", "--dump-layers", folder)
        dumped = {path.stem[4:]: elements(path) for path in folder.glob("*.npy")}
        seen = 0
        for layer in self.manifest["layers"]:
            golden, name = f"p0_t{layer['tensor']}.bin", file_name(layer["name"])
            if name in dumped:
                seen += 1
                self.compare(f"tensor {layer['tensor']} '{layer['name']}'", dumped[name], golden)
            elif (self.golden / golden).read_bytes() not in dumped.values():
                self.wrong += 1
                print(f"{self.network}: no tensor '{layer['name']}', and none is equal to {golden}")
        print(f"{self.network}: {seen} tensors by name of {len(self.manifest['layers'])}")


def main():
    folder = pathlib.Path(sys.argv[1])
    if not folder.is_dir():
        print("skipped: no MLPerf Tiny networks")
        return
    wrong = 0
    for network in sys.argv[2:] or NETWORKS:
        with tempfile.TemporaryDirectory() as work:
            check = Check(folder, network, pathlib.Path(work))
            check.layers()
            check.output("p0", "int")
            check.levels()
            check.output("p1", "int")
            check.output("p1", "host")
            for reading in READINGS:
                check.output("p1", reading, "--stream-in", "--stream-out")
            wrong += check.wrong
    print(f"{wrong} differences")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
