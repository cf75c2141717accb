"""The equivalence engine beside Math-Verify on the same pairs in one run.

    ASSAY_PEER_PYTHON=/path/to/python python3 tests/bench/math_equivalence.py PROGRAM [CASES.tsv]

PROGRAM is tests/bench/math_equivalence.cpp, built; the interpreter has the package math-verify.
Prints, by kind: pairs, median and slowest time of both, ratio of the medians.
"""
import json
import os
import statistics
import subprocess
import sys

PEER = r"""
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from math_verify import parse, verify
for line in sys.stdin:
    gold, answer = json.loads(line)
    best = None
    for _ in range(3):
        start = time.perf_counter()
        try:
            verify(parse('$' + gold + '$'), parse('$' + answer + '$'))
        except Exception:
            pass
        spent = time.perf_counter() - start
        best = spent if best is None else min(best, spent)
        if spent > 0.2:
            break
    print(best * 1e9, flush=True)
"""


def main() -> None:
    program = sys.argv[1]
    here = os.path.dirname(os.path.abspath(__file__))
    cases = sys.argv[2] if len(sys.argv) > 2 else here + "/../suites/math/equivalence_cases.tsv"
    python = os.environ.get("ASSAY_PEER_PYTHON", sys.executable)
    with open(cases, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and line[0] != "#"]
    rows = [(row[2], row[3], row[4]) for row in rows if row[2] != "hostile"]
    ours = subprocess.run([program], input="".join("\t".join(row) + "\n" for row in rows),
                          capture_output=True, text=True, check=True).stdout.split("\n")
    peer = subprocess.run([python, "-c", PEER], input="".join(json.dumps(row[1:]) + "\n" for row in rows),
                          capture_output=True, text=True, check=True).stdout.split("\n")
    times: dict[str, list[tuple[float, float]]] = {}
    for row, mine, theirs in zip(rows, ours, peer):
        times.setdefault(row[0], []).append((float(mine.split("\t")[1]) / 1e3, float(theirs) / 1e3))
    times["all"] = [pair for pairs in list(times.values()) for pair in pairs]
    print(f"{'kind':12} {'pairs':>5} {'ours us':>9} {'slowest':>9} {'peer us':>10} {'slowest':>10} {'ratio':>7}")
    for kind, pairs in times.items():
        mine = [pair[0] for pair in pairs]
        theirs = [pair[1] for pair in pairs]
        ratio = statistics.median(theirs) / statistics.median(mine)
        print(f"{kind:12} {len(pairs):5} {statistics.median(mine):9.1f} {max(mine):9.1f} "
              f"{statistics.median(theirs):10.0f} {max(theirs):10.0f} {ratio:6.0f}x")


if __name__ == "__main__":
    main()
