#!/usr/bin/env python3
"""How long the program takes to start, beside a process that does nothing and, where
ASSAY_PEER_PYTHON names an interpreter with lm_eval, beside that peer, in one run.

    tests/bench/start.py [--program build/release/assay] [--runs 100]

What must hold is in CONTRIBUTING.md: `assay --help` in 10 ms, `assay list suites` in 30 ms.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def milliseconds(command, runs):
    taken = []
    for _ in range(runs + 1):  # the first one warms the page cache and is left out
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        taken.append(1000 * (time.perf_counter() - start))
    return taken[1:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--program', default=str(ROOT / 'build/release/assay'))
    parser.add_argument('--runs', type=int, default=100)
    args = parser.parse_args()
    if not os.access(args.program, os.X_OK):
        sys.exit(f'{args.program} is not there: cmake --build --preset release --target assay')
    cases = [(['true'], args.runs), ([args.program, '--help'], args.runs), ([args.program, 'list', 'suites'], args.runs)]
    peer = os.environ.get('ASSAY_PEER_PYTHON')
    if peer:
        cases.append(([peer, '-m', 'lm_eval', '--help'], 3))
    else:
        print('SKIPPED: lm_eval, because ASSAY_PEER_PYTHON names no interpreter')
    print(f'{"command":<28} {"fastest":>9} {"median":>9} {"p90":>9}   ms')
    for command, runs in cases:
        taken = sorted(milliseconds(command, runs))
        name = ' '.join(Path(word).name if i == 0 else word for i, word in enumerate(command))
        print(f'{name:<28} {taken[0]:9.2f} {statistics.median(taken):9.2f} {taken[int(0.9 * (len(taken) - 1))]:9.2f}')


if __name__ == '__main__':
    main()
