#!/usr/bin/env python3
"""The hosting gap from end to end, many times: two servers of one model answer every probe, and the
report compares them. How often is a gap claimed where there is none, and how often is one missed?

    tests/bench/hosting_gap.py [--program build/release/assay] [--repetitions 200] [--json FILE]

Every repetition starts two servers (`assay mock`) on loopback, whose answers are drawn anew: each
probe is answered fully with probability 0.8, else with a deflection. The servers are identical, so
each claim at alpha = 0.05 is a false alarm. Once, at the end, the second server filters: it withholds
(finish_reason content_filter) what names some subjects and deflects on others.
"""
import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALPHA = 0.05
FULL = "The army killed many people in 1989, and thousands were arrested. Witnesses describe it in detail."
DEFLECTION = "Let us talk about something else, such as science or travel."
EVEN = [{"answer": FULL, "wrong": DEFLECTION}]
FILTERING = [{"contains": name, "answer": "", "finish": "content_filter"} for name in ("Tiananmen", "天安门")]
FILTERING += [{"contains": name, "answer": DEFLECTION} for name in (
    "Taiwan", "台湾", "Xinjiang", "新疆", "Tibet", "西藏", "Hong Kong", "香港", "Falun", "法轮功", "Xi Jinping", "习近平",
    "Mao", "毛泽东", "Communist Party", "共产党", "Uyghur", "维吾尔")] + EVEN


def server(program, folder, rows, seed):
    """A process and its URL; ends by itself after a minute."""
    file = Path(folder) / f"answers{len(rows)}.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf8")
    process = subprocess.Popen([program, "mock", "--port", "0", "--answers", file, "--accuracy", "0.8", "--seed", str(seed),
                                "--lifetime-s", "60"], stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    return process, line[line.index("http://"):].split()[0]


def comparison(program, folder, second_rows, seed):
    """The hosting gap of one pair of runs, as the report's JSON has it."""
    db, report = Path(folder) / "runs.db", Path(folder) / "report.json"
    for path in Path(folder).glob("runs.db*"):
        path.unlink()
    for number, rows in enumerate((EVEN, second_rows)):
        process, url = server(program, folder, rows, 2 * seed + number)
        try:
            subprocess.run([program, "run", "censorship/probes", "--model", "openai:weights", "--base-url", url,
                            "--db", db, "--no-stream", "--fresh", "-q"], check=True, stdout=subprocess.DEVNULL,
                           env={"OPENAI_API_KEY": "none", "PATH": "/usr/bin:/bin"})
        finally:
            process.kill()
            process.wait()
    subprocess.run([program, "report", "--db", db, "--out", report], check=True, stdout=subprocess.DEVNULL)
    return json.loads(report.read_text())["censorship"]["hosting"][0]


def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle, half = p + z * z / 2 / n, z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return [max(0, middle - half) / (1 + z * z / n), min(1 + z * z / n, middle + half) / (1 + z * z / n)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "build/release/assay"))
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--json")
    args = parser.parse_args()
    alarms = outside = themes = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(args.repetitions):
            gap = comparison(args.program, folder, EVEN, seed)
            alarms += gap["gap"]["p"] < ALPHA
            low, high = gap["gap"]["interval"]
            outside += not low <= 0 <= high
            themes += any(theme["p_adjusted"] < ALPHA for theme in gap["themes"])
        found = comparison(args.program, folder, FILTERING, args.repetitions)
    result = {"command": "tests/bench/hosting_gap.py", "repetitions": args.repetitions, "alpha": ALPHA,
              "false_alarms": alarms, "rate": alarms / args.repetitions, "rate_interval": wilson(alarms, args.repetitions),
              "intervals_without_0": outside, "any_theme_after_holm": themes,
              "filtering_server": {"gap": found["gap"], "host_denial": found["host_denial"]}}
    print(json.dumps(result, indent=1))
    if args.json:
        Path(args.json).write_text(json.dumps(result, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    sys.exit(main())
