"""The mathematics grader beside Math-Verify on our own cases in one run, by kind.

    ASSAY_PEER_PYTHON=/path/to/python python3 tests/bench/math_equivalence.py PROGRAM [--every N] [--out FILE.json]

PROGRAM is tests/bench/math_equivalence.cpp, built; the interpreter has the package math-verify.
Prints, by kind: pairs, median and slowest time of both in microseconds, ratio of the medians; with
--every N for each N-th case only, since the peer takes minutes for all of them. --out keeps the
figures as data/measured/ has them.
"""
import argparse
import collections
import json
import os
import platform
import statistics
import subprocess
from datetime import date

from math_verify_differences import ours, peer, print_times

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = HERE + "/../suites/math/equivalence_cases.tsv"
# Kinds with few cases stand together in the table.
SMALL = 12


def cases(every: int) -> list[list[str]]:
    with open(CASES, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and line[0] != "#"]
    return [row for row in rows if row[2] != "hostile"][::every]


def summary(pairs: list[tuple[float, float]]) -> dict:
    mine, theirs = zip(*pairs)
    return {"pairs": len(pairs), "assay_us_median": round(statistics.median(mine), 1),
            "assay_us_slowest": round(max(mine), 1), "peer_us_median": round(statistics.median(theirs), 1),
            "peer_us_slowest": round(max(theirs), 1),
            "times": round(statistics.median(theirs) / statistics.median(mine))}


def machine() -> dict:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        processor = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    return {"processor": processor, "logical_cores": os.cpu_count(), "python": platform.python_version()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    rows = cases(arguments.every)
    pairs = [{"gold": row[3], "answer": row[4]} for row in rows]
    theirs = [one[1] for one in peer(pairs)]
    mine = [one[1] for one in ours(arguments.program, pairs)]
    print_times([row[2] for row in rows], mine, theirs)
    if not arguments.out:
        return
    groups = collections.defaultdict(list)
    for row, times in zip(rows, zip(mine, theirs)):
        groups[row[2]].append(times)
    few = [kind for kind, times in groups.items() if len(times) < SMALL]
    groups["others"] = [times for kind in few for times in groups.pop(kind)]
    version = subprocess.run([os.environ.get("ASSAY_PEER_PYTHON", "python3"), "-c",
                              "import importlib.metadata as m; print(m.version('math-verify'))"],
                             capture_output=True, text=True, check=True).stdout.strip()
    kept = {"what": "the mathematics grader beside Math-Verify on our own cases, one pair after the other, same run",
            "date": date.today().isoformat(), "command": f"tests/bench/math_equivalence.py PROGRAM --every {arguments.every}",
            "program": "preset dev (-O2), best of five; the peer once", "peer": f"math-verify {version}",
            "machine": machine(), "all": summary([one for times in groups.values() for one in times]),
            "kinds": {kind: summary(times) for kind, times in sorted(groups.items()) if times}}
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
