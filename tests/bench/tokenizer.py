#!/usr/bin/env python3
"""MiB/s of our tokenizer beside Hugging Face's `tokenizers`, one thread each, on the same texts, taking turns.

    python3 tests/bench/tokenizer.py BENCH_TOKENIZER TOKENIZER_FOLDER TEXT_FILE... [--json OUT]

BENCH_TOKENIZER is build/release/tests/bench_tokenizer; this interpreter (or the one that $ASSAY_BENCH_PYTHON names)
needs PyPI's tokenizers. The ids are compared too: a faster wrong answer is no result. Best pass of each counts.
"""

import json
import os
import subprocess
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
PYTHON = os.environ.get("ASSAY_BENCH_PYTHON")
if PYTHON and os.path.realpath(PYTHON) != os.path.realpath(sys.executable) and "ASSAY_BENCH_INNER" not in os.environ:
    os.environ["ASSAY_BENCH_INNER"] = "1"
    os.execv(PYTHON, [PYTHON] + sys.argv)

import tokenizers  # noqa: E402


def peer(tokenizer, text, seconds=5):
    best, count, passes, start = float("inf"), 0, 0, time.perf_counter()
    while passes < 3 or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        count = len(tokenizer.encode(text, add_special_tokens=False))
        best = min(best, time.perf_counter() - begin)
        passes += 1
    return len(text.encode()) / best / 2**20, count


def main():
    words = sys.argv[1:]
    out = words.pop(words.index("--json") + 1) if "--json" in words else None
    program, folder, *files = [word for word in words if word != "--json"]
    rows = []
    tokenizer = tokenizers.Tokenizer.from_file(folder + "/tokenizer.json")
    print(f"| text | bytes | tokens | ours, MiB/s | tokenizers {tokenizers.__version__}, MiB/s | ratio |")
    print("|---|---|---|---|---|---|")
    for file in files:
        with open(file, encoding="utf-8", newline="") as opened:
            text = opened.read()
        ours = json.loads(subprocess.run([program, folder, file], check=True, capture_output=True, text=True).stdout)
        speed, count = peer(tokenizer, text)
        rows.append({"text": os.path.basename(file), "bytes": len(text.encode()), "tokens": ours["tokens"],
                     "peer_tokens": count, "mib_per_s": round(ours["mib_per_s"], 2),
                     "tokenizers": tokenizers.__version__, "tokenizers_mib_per_s": round(speed, 2)})
        same = "" if count == ours["tokens"] else f" (NOT EQUAL: {count})"
        print(f"| {os.path.basename(file)} | {len(text.encode())} | {ours['tokens']}{same} | {ours['mib_per_s']:.1f} "
              f"| {speed:.1f} | {ours['mib_per_s'] / speed:.1f} |")
    if out:
        with open(out, "w", encoding="utf-8") as opened:
            json.dump(rows, opened, indent=1)


if __name__ == "__main__":
    main()
