"""The mathematics grader beside Math-Verify on our own cases in one run, by kind.

    ASSAY_PEER_PYTHON=/path/to/python python3 tests/bench/math_equivalence.py PROGRAM [CASES.tsv]

PROGRAM is tests/bench/math_equivalence.cpp, built; the interpreter has the package math-verify.
Prints, by kind: pairs, median and slowest time of both in microseconds, ratio of the medians.
"""
import os
import sys

from math_verify_differences import ours, peer, print_times


def main() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    cases = sys.argv[2] if len(sys.argv) > 2 else here + "/../suites/math/equivalence_cases.tsv"
    with open(cases, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and line[0] != "#"]
    rows = [row for row in rows if row[2] != "hostile"]
    pairs = [{"gold": row[3], "answer": row[4]} for row in rows]
    print_times([row[2] for row in rows], [one[1] for one in ours(sys.argv[1], pairs)],
                [one[1] for one in peer(pairs)])


if __name__ == "__main__":
    main()
