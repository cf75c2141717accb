#!/usr/bin/env python3
"""The engine's table: bench_engine in bf16 and FP8 beside this machine's limits, and beside llama.cpp, taking turns.

    python3 tests/bench/engine.py BENCH_ENGINE [--rounds N] [--threads N] [--parts LIST] [--peer PYTHON FILE.gguf]
                                  [--json OUT]

BENCH_ENGINE is build/release/tests/bench_engine. PYTHON is an interpreter with llama-cpp-python and FILE.gguf what
`engine_peer.py write` wrote. Every round runs each program once; of each figure the round counts that came closest to
its limit, and of the peer its fastest. Prints a table in Markdown; --json keeps all rounds.
"""

import argparse
import json
import os
import subprocess
import sys


def lines_of(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}: {done.stderr.strip()[-300:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def run_all(options):
    figures, peers = [], []
    here = os.path.dirname(os.path.abspath(__file__))
    for number in range(options.rounds):
        for weights in ("bf16", "fp8"):
            for line in lines_of([options.bench, weights, "4", str(options.threads), options.parts]):
                if "what" in line:
                    figures.append({"weights": weights, "round": number, **line})
        if options.peer:
            python, file = options.peer
            peers += lines_of([python, os.path.join(here, "engine_peer.py"), "measure", file, str(options.threads)])
    return figures, peers


def best_of(figures):
    best = {}
    for figure in figures:
        key = (figure["weights"], figure["form"], figure["what"])
        if key not in best or figure["share"] > best[key]["share"]:
            best[key] = figure
    return best


def table(figures, peers):
    fastest = {}
    for peer in peers:
        fastest[peer["what"]] = max(fastest.get(peer["what"], 0), peer["tokens_per_s"])
    rows = ["| weights | activations | what | tokens/s | reached | of the limit | | llama.cpp, bf16 |",
            "|---|---|---|---:|---:|---:|---:|---:|"]
    for (weights, form, what), figure in best_of(figures).items():
        if what.startswith("invariance"):
            continue
        peer = fastest.get(what)
        beside = f"{peer:.1f} ({figure['tokens_per_s'] / peer:.1f}x)" if peer else ""
        rows.append(f"| {weights} | {form} | {what} | {figure['tokens_per_s']:.1f} | {figure['reached']:.2f} "
                    f"{figure['unit']} | {figure['limit']:.2f} | {100 * figure['share']:.0f} % | {beside} |")
    cost = [f for f in best_of(figures).values() if f["what"].startswith("invariance") and f["weights"] == "bf16"]
    if cost:
        rows += ["", "| what batch invariance costs | with it | without | ratio |", "|---|---:|---:|---:|"]
    for figure in cost:
        rows.append(f"| {figure['what'].split(': ')[1]} | {figure['reached']:.2f} {figure['unit']} "
                    f"| {figure['limit']:.2f} | {figure['share']:.2f} |")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--parts", default="decode,prompt,batch,invariance,exact")
    parser.add_argument("--peer", nargs=2, metavar=("PYTHON", "FILE"))
    parser.add_argument("--json", metavar="OUT")
    options = parser.parse_args()
    figures, peers = run_all(options)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"figures": figures, "peers": peers}, out, indent=1)
            out.write("\n")
    print(table(figures, peers))


if __name__ == "__main__":
    main()
