"""`thimble sweep die` on this machine, from the first run to the pictures, with a trainer that only pretends."""
import unittest

from sweeps import KILL, RUNS, TERMINATE, SweepTest

FILES = ["evenness.svg", "loss.svg", "recognised.svg", "samples.png", "sweep.json", "sweep.md"]


class Local(SweepTest):
    def test_a_sweep_leaves_figures_a_table_and_pictures(self):
        done = self.succeed("out", "--json")
        result = self.result("out")
        self.assertEqual(len(result["runs"]), RUNS)
        self.assertLess(result["slope"], -0.3)
        self.assertGreater(result["slope_error"], 0)
        run = next(run for run in result["runs"] if run["name"] == "4-4-4-4-seed1")
        self.assertEqual(run["parameters"], 929)
        self.assertEqual(run["layer_by_layer_bytes"], 2048)
        self.assertEqual(run["config"]["channels"], [4, 4, 4, 4])
        self.assertLess(run["ram_bytes"], 600)
        self.assertGreater(run["cycles"], 1e6)
        for name in FILES:
            self.assertGreater((self.folder / "out" / name).stat().st_size, 100, name)
        self.assertIn('"runs"', done.stdout)
        self.assertIn("training", (self.folder / "out" / "2-2-2-2-seed1" / "log.txt").read_text())

    def test_a_stopped_sweep_goes_on_and_ends_the_same(self):
        self.succeed("whole")
        for number in (TERMINATE, KILL):
            with self.subTest(signal=number):
                directory = f"stopped{number}"
                self.starts.write_text("")
                code, words = self.stop_in_the_middle(directory, number, "--jobs", "2")
                self.assert_none_is_running()
                if number != KILL:
                    self.assertEqual(code, 1)
                    self.assertIn(f"of {RUNS} runs finished", words)
                kept = self.finished(directory)
                self.assertGreaterEqual(len(kept), 2)
                self.assertLess(len(kept), RUNS)
                refused = self.sweep(directory)
                self.assertEqual(refused.returncode, 1)
                self.assertIn("already holds runs", refused.stderr)
                before = self.started()
                self.succeed(directory, "--resume")
                again = self.started()[len(before):]
                self.assertEqual(len(again), RUNS - len(kept))
                self.assertFalse({name for name, _, _ in again} & set(kept))
                begun = {name for name, _, _ in before}
                self.assertLessEqual(begun - set(kept), {name for name, how, _ in again if how == "resumed"})
                self.assertEqual(self.result(directory), self.result("whole"))

    def test_failures_are_told_together_and_the_rest_goes_on(self):
        failed = self.sweep("out", FAKE_FAILS="3-3-3-3")
        self.assertEqual(failed.returncode, 1)
        for name in ("3-3-3-3-seed1", "3-3-3-3-seed2"):
            self.assertIn(f"run '{name}' failed: exit code 1", failed.stderr)
        self.assertEqual(failed.stderr.count("the loss is not a number"), 2)
        self.assertEqual(len(self.result("out")["runs"]), RUNS - 2)
        self.succeed("out", "--resume")
        self.assertEqual(len(self.result("out")["runs"]), RUNS)

    def test_another_config_for_a_run_that_is_there_is_refused(self):
        self.succeed("out")
        refused = self.sweep("out", "--resume", "--epochs", "3")
        self.assertEqual(refused.returncode, 1)
        self.assertEqual(refused.stderr.count("was begun with another config"), RUNS)

    def test_without_slurm_its_package_is_named(self):
        refused = self.sweep("out", "--engine", "slurm", PATH="/nonexistent")
        self.assertEqual(refused.returncode, 5)
        self.assertIn("apt-get install slurm-client", refused.stderr)


if __name__ == "__main__":
    unittest.main()
