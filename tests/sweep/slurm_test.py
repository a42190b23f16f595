"""`thimble sweep die --engine slurm` on a real Slurm, started for it on this machine."""
import sys
import unittest

import slurm_cluster
from sweeps import INTERRUPT, RUNS, SweepTest


class Slurm(SweepTest):
    def test_a_cluster_gives_what_this_machine_gives(self):
        self.succeed("local")
        self.starts.write_text("")
        self.succeed("cluster", "--engine", "slurm", "--jobs", "2")
        self.assertEqual(len(self.started()), RUNS)
        self.assertEqual(self.result("cluster"), self.result("local"))

    def test_failures_come_with_their_logs(self):
        failed = self.sweep("out", "--engine", "slurm", FAKE_FAILS="2-2-2-2")
        self.assertEqual(failed.returncode, 2)
        self.assertEqual(failed.stderr.count("the loss is not a number"), 2)
        self.assertEqual(failed.stderr.count("exit code 1"), 2)
        self.assertEqual(len(self.result("out")["runs"]), RUNS - 2)

    def test_an_interrupted_sweep_leaves_nothing_in_the_queue(self):
        code, words = self.stop_in_the_middle("out", INTERRUPT, "--engine", "slurm", "--jobs", "2")
        self.assertEqual(code, 1, words)
        self.assertIn(f"of {RUNS} runs finished", words)
        self.assertEqual(self.cluster.output("squeue", "--noheader", "--states=PENDING,RUNNING"), "")
        self.assert_none_is_running()
        self.succeed("out", "--resume", "--engine", "slurm")
        self.assertEqual(len(self.result("out")["runs"]), RUNS)

    def environment(self, **more):
        return dict(super().environment(**more), SLURM_CONF=self.cluster.environment["SLURM_CONF"])


if __name__ == "__main__":
    if slurm_cluster.missing_packages():
        print("skipped: no Slurm; apt-get install " + " ".join(slurm_cluster.missing_packages()))
        sys.exit(0)
    with slurm_cluster.Cluster() as cluster:
        Slurm.cluster = cluster
        passed = unittest.main(exit=False).result.wasSuccessful()
    sys.exit(not passed)
