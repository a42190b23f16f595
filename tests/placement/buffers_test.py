"""`thimble plan` on the tables of buffers of ../shared/plans/buffers: each fits the capacity in its name.

The tables are static-allocation problems that a known solver finds challenging (google/minimalloc).
No clock is looked at here: the program's limit counts work. `bench/placement` prints the seconds.
"""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TABLES = pathlib.Path(os.environ["SHARED"]) / "plans" / "buffers"


def rows_of(table):
    with table.open() as file:
        return {row["id"]: {key: int(row[key]) for key in ("lower", "upper", "size")} for row in csv.DictReader(file)}


def plan(table, *words):
    done = subprocess.run([os.environ["THIMBLE"], "plan", str(table), "--json", *words], text=True,
                          capture_output=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Buffers(unittest.TestCase):
    def check(self, table, planned):
        """Every buffer is there, within the bytes, and clear of all that live when it does."""
        rows = rows_of(table)
        offsets = {buffer["id"]: buffer["offset"] for buffer in planned["buffers"]}
        self.assertEqual(offsets.keys(), rows.keys())
        ends = {id_: offsets[id_] + row["size"] for id_, row in rows.items()}
        self.assertGreaterEqual(min(offsets.values()), 0)
        self.assertEqual(max(ends.values()), planned["bytes"])
        for a, one in rows.items():
            for b, other in rows.items():
                if a < b and one["lower"] < other["upper"] and other["lower"] < one["upper"]:
                    self.assertTrue(ends[a] <= offsets[b] or ends[b] <= offsets[a], f"{a} and {b} share bytes")
        starts = [row["lower"] for row in rows.values()]
        live = max(sum(row["size"] for row in rows.values() if row["lower"] <= start < row["upper"])
                   for start in starts)
        self.assertGreaterEqual(planned["lower_bound"], live)
        self.assertEqual(planned["placement_proven"], planned["lower_bound"] == planned["bytes"])
        return live

    def test_each_table_fits_its_capacity(self):
        tables = sorted(TABLES.glob("*.1048576.csv"))
        self.assertEqual(len(tables), 7)
        for table in tables:
            with self.subTest(table=table.name):
                planned = plan(table, "--capacity", "1048576", "--time-limit", "60")
                live = self.check(table, planned)
                self.assertLessEqual(planned["bytes"], 1048576)
                if not table.name.startswith("D."):  # of which no placement at the bound is known
                    self.assertEqual(planned["bytes"], live)

    def test_d_needs_less_than_its_capacity(self):
        table = TABLES / "D.1048576.csv"
        planned = plan(table, "--capacity", "1041407", "--time-limit", "60")
        self.check(table, planned)

    def test_the_layout_is_a_table_too(self):
        with tempfile.TemporaryDirectory() as folder:
            layout = pathlib.Path(folder) / "layout.csv"
            planned = plan(TABLES / "input.12.csv", "--layout", str(layout))
            with layout.open() as file:
                offsets = [{"id": row["id"], "offset": int(row["offset"]), "size": int(row["size"])}
                           for row in csv.DictReader(file)]
        self.check(TABLES / "input.12.csv", planned)
        self.assertEqual(offsets, planned["buffers"])
        self.assertEqual(planned["bytes"], 12)


if __name__ == "__main__":
    if not TABLES.is_dir():
        print("skipped: no tables of buffers")
        sys.exit(0)
    unittest.main()
