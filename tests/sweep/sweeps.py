"""What the tests of sweeps share: a small list of runs, and `thimble sweep die` with the fake trainer."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
THIMBLE = os.environ["THIMBLE"]
LIST = {"seeds": [1, 2], "common": {"epochs": 2},
        "configs": [{"channels": [2, 2, 2, 2]}, {"channels": [3, 3, 3, 3]}, {"channels": [4, 4, 4, 4]},
                    {"channels": [4, 4, 4, 4], "hires": 1}]}
RUNS = 8


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def listen_to_interrupts():
    """A shell that runs tests in its background has SIGINT ignored, and that is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class SweepTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.list = self.folder / "list.json"
        self.list.write_text(json.dumps(LIST))
        self.starts = self.folder / "starts"
        self.starts.write_text("")

    def command(self, directory, *options):
        return [THIMBLE, "sweep", "die", "--configs", self.list, "-o", self.folder / directory,
                "--trainer", HERE / "fake_trainer.py", *options]

    def environment(self, **more):
        return dict(os.environ, FAKE_STARTS=str(self.starts), **more)

    def sweep(self, directory, *options, **environment):
        return subprocess.run(self.command(directory, *options), env=self.environment(**environment), text=True,
                              capture_output=True, timeout=600)

    def succeed(self, directory, *options, **environment):
        done = self.sweep(directory, *options, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def stop_in_the_middle(self, directory, signal_number, *options, **environment):
        """Starts a sweep of slow runs and sends a signal as soon as some are finished. Returns (exit, stderr)."""
        process = subprocess.Popen(self.command(directory, *options), text=True, stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, env=self.environment(FAKE_SECONDS="1", **environment),
                                   preexec_fn=listen_to_interrupts)
        deadline = time.monotonic() + 120
        while len(self.finished(directory)) < 2 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal_number)
        _, words = process.communicate(timeout=120)
        return process.returncode, words

    def finished(self, directory):
        return sorted(path.parent.name for path in (self.folder / directory).glob("*/run.json"))

    def started(self):
        """(run, "new" or "resumed", pid of the trainer) in the order of their starts."""
        return [tuple(line.split()) for line in self.starts.read_text().splitlines()]

    def assert_none_is_running(self):
        deadline = time.monotonic() + 20  # a killed process takes a moment
        pids = [int(pid) for _, _, pid in self.started()]
        while any(map(is_alive, pids)) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])

    def result(self, directory):
        return json.loads((self.folder / directory / "sweep.json").read_text())


INTERRUPT, TERMINATE, KILL = signal.SIGINT, signal.SIGTERM, signal.SIGKILL
