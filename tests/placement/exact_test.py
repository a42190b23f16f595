"""1,000 random problems of each kind: the planner's placement is safe, and OR-tools' CP-SAT proves that
none needs a byte less.

The kinds: buffers with lifetimes (`plan X.csv`); buffers that keep clear of each other in no order of time;
objects with safe distances, alignments and fixed offsets, as the rows of tensors give them.
"""
import os
import random
import subprocess
import sys
import unittest

from ortools.sat.python import cp_model

COUNT = 1000


def apart(sizes, a, b):
    return a, b, [(1 - sizes[a], sizes[b])]


def any_lifetimes(chance):
    end = chance.randint(4, 20)
    unit = chance.choice([1, 1, 4])
    rows = []
    for _ in range(chance.randint(6, 14)):
        lower = chance.randrange(end)
        upper = chance.randint(lower + 1, min(end, lower + chance.choice([3, end])))
        rows.append((lower, upper, unit * chance.randint(1, chance.choice([6, 40]))))
    return rows


def parts_of(chance, total, most):
    cuts = sorted(chance.sample(range(1, total), min(total, chance.randint(1, most)) - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total])]


def full_lifetimes(chance):
    """As many bytes are live at all times; some of these need more."""
    count, step = chance.randint(14, 18), 0
    live, rows = [(0, size) for size in parts_of(chance, chance.choice([12, 50]), 4)], []
    while len(rows) + len(live) < count:
        step += 1
        ends = chance.sample(live, min(len(live), chance.randint(1, 3)))
        for end in ends:
            live.remove(end)
        rows += [(start, step, size) for start, size in ends]
        live += [(step, size) for size in parts_of(chance, sum(size for _, size in ends), 3)]
    return rows + [(start, step + 1, size) for start, size in live]


def lifetimes(chance):
    rows = chance.choice([any_lifetimes, full_lifetimes])(chance)
    sizes = [size for _, _, size in rows]
    pairs = [apart(sizes, a, b) for b in range(len(rows)) for a in range(b)
             if rows[a][0] < rows[b][1] and rows[b][0] < rows[a][1]]
    return [(size, 1, -1) for size in sizes], pairs


def any_graph(chance):
    count, density = chance.randint(6, 12), chance.uniform(0.2, 0.8)
    sizes = [chance.randint(1, 20) for _ in range(count)]
    pairs = [apart(sizes, a, b) for b in range(count) for a in range(b) if chance.random() < density]
    return [(size, 1, -1) for size in sizes], pairs


def union_of_intervals(chance, size_a, size_b):
    cuts = sorted(chance.sample(range(-size_a, size_b + 1), 2 * min(chance.randint(1, 3), (size_a + size_b) // 2)))
    return list(zip(cuts[::2], cuts[1::2]))


def safe_distances(chance):
    count, density = chance.randint(6, 10), chance.uniform(0.2, 0.8)
    sizes = [chance.randint(1, 30) for _ in range(count)]
    objects = [(size, chance.choice([1, 1, 1, 2, 4]), -1) for size in sizes]
    if chance.random() < 0.3:
        objects[0] = (sizes[0], 1, chance.choice([0, 0, 7]))
    pairs = []
    for b in range(count):
        for a in range(b):
            if chance.random() < density:
                one, other = (a, b) if chance.random() < 0.5 else (b, a)
                if chance.random() < 0.3:
                    pairs.append(apart(sizes, one, other))
                else:
                    pairs.append((one, other, union_of_intervals(chance, sizes[one], sizes[other])))
    return objects, pairs


def text_of(problem):
    objects, pairs = problem
    lines = [f"{len(objects)} {len(pairs)}"] + [" ".join(map(str, each)) for each in objects]
    for a, b, forbidden in pairs:
        lines.append(" ".join(map(str, [a, b, len(forbidden), *(end for gap in forbidden for end in gap)])))
    return "\n".join(lines) + "\n"


def solutions_of(problems):
    done = subprocess.run([os.environ["SOLVE_PROBLEMS"]], input="".join(map(text_of, problems)),
                          text=True, capture_output=True, check=True)
    if done.stderr:
        raise AssertionError(done.stderr)
    return [list(map(int, line.split())) for line in done.stdout.splitlines()]


def fits(problem, most):
    """Whether CP-SAT finds a placement within so many bytes."""
    objects, pairs = problem
    model = cp_model.CpModel()
    offsets = []
    for size, alignment, fixed in objects:
        if fixed + size > most or size > most:
            return False
        steps = model.new_int_var(0, (most - size) // alignment, "")
        offsets.append(alignment * steps)
        if fixed >= 0:
            model.add(offsets[-1] == fixed)
    for a, b, forbidden in pairs:
        gap = offsets[a] - offsets[b]
        taken = cp_model.Domain.from_intervals([[low, high - 1] for low, high in forbidden])
        allowed = taken.complement().intersection_with(cp_model.Domain(-most, most))
        model.add_linear_expression_in_domain(gap, allowed)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
        raise AssertionError(f"CP-SAT says {solver.status_name(status)}")
    return status != cp_model.INFEASIBLE


def violations(problem, size, offsets):
    objects, pairs = problem
    for (bytes_, alignment, fixed), at in zip(objects, offsets, strict=True):
        if at < 0 or at + bytes_ > size or at % alignment or fixed not in (-1, at):
            yield f"an object of {bytes_} bytes at {at}"
    for a, b, forbidden in pairs:
        if any(low <= offsets[a] - offsets[b] < high for low, high in forbidden):
            yield f"objects {a} and {b} are {offsets[a] - offsets[b]} bytes apart"


class Exact(unittest.TestCase):
    def compare(self, make):
        problems = [make(random.Random(f"{make.__name__} {seed}")) for seed in range(COUNT)]
        solutions = solutions_of(problems)
        self.assertEqual(len(solutions), COUNT)
        for seed, (problem, (size, bound, proven, *offsets)) in enumerate(zip(problems, solutions)):
            with self.subTest(seed=seed):
                self.assertEqual(list(violations(problem, size, offsets)), [])
                self.assertEqual((bound, proven), (size, 1))
                self.assertFalse(fits(problem, size - 1), f"CP-SAT needs less than {size} bytes")

    def test_buffers_with_lifetimes(self):
        self.compare(lifetimes)

    def test_buffers_that_keep_clear_in_any_pairs(self):
        self.compare(any_graph)

    def test_objects_at_safe_distances(self):
        self.compare(safe_distances)


if __name__ == "__main__":
    sys.exit(unittest.main())
