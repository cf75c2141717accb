"""Where the engine and Math-Verify differ on 5,000 pairs drawn from model outputs.

    ASSAY_PEER_PYTHON=/path/to/python python3 tests/bench/math_verify_differences.py PROGRAM [--list]

PROGRAM is tests/bench/math_equivalence.cpp, built; the interpreter has the package math-verify;
ASSAY_TEST_DATA is the folder of the labelled answers. Pairs are drawn from labelled/mathv and labelled/math_final_answer, always the
same: each response against its reference, formulas of the responses against the reference, the
sides of the equations that models write, and formulas against the next one of their text. Every
difference has a row in math_verify_differences.tsv beside this file: id of the pair, kind, who is
right and by what. Prints the times of both, the differences by kind, and with --list those that
nobody has judged yet.
"""
import collections
import gzip
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

PAIRS = 5000
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.S)
CALCULATION = re.compile(r"<<([^<>]+)>>")
PEER = r"""
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from math_verify import parse, verify
parse("$1$")
for line in sys.stdin:
    row = json.loads(line)
    start = time.perf_counter()
    same = False
    try:
        gold = parse("$" + row["gold"] + "$")
        same = verify(gold, parse(row["answer"] if row.get("whole") else "$" + row["answer"] + "$"))
    except Exception:
        pass
    print(json.dumps([bool(same), (time.perf_counter() - start) * 1e6]), flush=True)
"""


def labelled(name: str) -> list[dict]:
    here = os.path.dirname(os.path.abspath(__file__))
    folder = os.environ.get("ASSAY_TEST_DATA", here + "/../../../shared/datasets")
    with gzip.open(f"{folder}/labelled/{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file.read().split("\n") if line]


def formulas(response: str) -> list[str]:
    found = ["".join(match.groups("")) for match in FORMULA.finditer(response)]
    found += [match.group(1) for match in CALCULATION.finditer(response)]
    cleaned = [re.sub(r"\s+", " ", one).strip() for one in found]
    return [one for one in cleaned if one and len(one) <= 300]


def reference(row: dict) -> str | None:
    if row["kind"] != "choice":
        return row["gold"]
    at = ord(row["gold"][0]) - ord("A")
    return row["options"][at] if 0 <= at < len(row["options"]) else None


def candidates(row: dict) -> list[tuple[str, str, str]]:
    """(kind, gold, answer) of what one response gives besides itself."""
    gold = reference(row)
    found = []
    parts = formulas(row["response"])
    for one in parts:
        if gold and len(gold) <= 300:
            found.append(("reference", gold, one))
        sides = [side.strip() for side in re.split(r"(?<![<>!:])=", one)]
        found += [("sides", a, b) for a, b in zip(sides, sides[1:]) if a and b]
    found += [("neighbours", a, b) for a, b in zip(parts, parts[1:])]
    return found


def torn(side: str) -> bool:
    """Whether splitting at = cut through more than one equation, or through a group."""
    return bool(re.search(r"Rightarrow|implies|⇒|\\quad", side)) or side.count("{") != side.count("}")


def draw() -> list[dict]:
    rows = labelled("math_final_answer") + labelled("mathv")
    pairs = [{"id": row["id"], "kind": "response", "gold": row["gold"], "answer": row["response"], "whole": True}
             for row in rows if row["kind"] != "choice"]
    seen: set[tuple[str, str]] = set()
    drawn = []
    for row in rows:
        for number, (kind, gold, answer) in enumerate(candidates(row)):
            if gold == answer or (gold, answer) in seen or (kind == "sides" and (torn(gold) or torn(answer))):
                continue
            seen.add((gold, answer))
            drawn.append({"id": f"{row['id']}.{number}", "kind": kind, "gold": gold, "answer": answer, "whole": False})
    # An order that looks random and is the same everywhere; LaTeX first, of which there is less.
    order = {"latex": 0, "choice": 0, "numeric": 1}
    kinds = {row["id"]: order[row["kind"]] for row in rows}
    drawn.sort(key=lambda pair: (kinds[pair["id"].rsplit(".", 1)[0]], hashlib.sha256(pair["id"].encode()).digest()))
    return (pairs + drawn)[:PAIRS]


def ours(program: str, pairs: list[dict]) -> list[tuple[str, float]]:
    """(decision, microseconds) of each."""
    done = subprocess.run([program], input="".join(json.dumps(pair) + "\n" for pair in pairs),
                          capture_output=True, text=True, check=True)
    rows = [line.split("\t") for line in done.stdout.split("\n") if line]
    return [(decision, float(time_ns) / 1e3) for decision, time_ns in rows]


def key_of(pair: dict) -> str:
    text = json.dumps([pair["gold"], pair["answer"], pair.get("whole", False)])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def peer(pairs: list[dict], cache: str | None = None) -> list[tuple[bool, float]]:
    """(whether equal, microseconds) of each; `cache` is a file that keeps them from run to run."""
    known: dict[str, tuple[bool, float]] = {}
    if cache and os.path.exists(cache):
        with open(cache, encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.endswith("\n")]
        known = {key: (same, time_us) for key, same, time_us in rows}
    python = os.environ.get("ASSAY_PEER_PYTHON", sys.executable)
    rest = [pair for pair in pairs if key_of(pair) not in known]
    with tempfile.TemporaryFile("w+") as questions, open(cache or os.devnull, "a", encoding="utf-8") as kept:
        questions.write("".join(json.dumps(pair) + "\n" for pair in rest))
        questions.seek(0)
        child = subprocess.Popen([python, "-c", PEER], stdin=questions, stdout=subprocess.PIPE, text=True)
        for pair, line in zip(rest, child.stdout):
            same, time_us = json.loads(line)
            known[key_of(pair)] = (same, time_us)
            kept.write(json.dumps([key_of(pair), same, time_us]) + "\n")
            kept.flush()
        if child.wait() != 0:
            sys.exit("the peer did not finish")
    return [known[key_of(pair)] for pair in pairs]


def print_times(kinds: list[str], mine: list[float], theirs: list[float]) -> None:
    groups: dict[str, list[tuple[float, float]]] = collections.defaultdict(list)
    for kind, ours_us, peer_us in zip(kinds, mine, theirs, strict=True):
        groups[kind].append((ours_us, peer_us))
        groups["all"].append((ours_us, peer_us))
    print(f"{'kind':12} {'pairs':>5} {'ours us':>9} {'slowest':>9} {'peer us':>10} {'slowest':>10} {'ratio':>7}")
    for kind, pairs in sorted(groups.items(), key=lambda item: (item[0] == "all", item[0])):
        ours_us = [pair[0] for pair in pairs]
        peer_us = [pair[1] for pair in pairs]
        ratio = statistics.median(peer_us) / statistics.median(ours_us)
        print(f"{kind:12} {len(pairs):5} {statistics.median(ours_us):9.1f} {max(ours_us):9.1f} "
              f"{statistics.median(peer_us):10.0f} {max(peer_us):10.0f} {ratio:6.0f}x")


def judged() -> dict[str, list[str]]:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "math_verify_differences.tsv")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and line[0] != "#"]
    return {row[0]: row[1:] for row in rows}


def main() -> None:
    pairs = draw()
    theirs = peer(pairs, os.environ.get("ASSAY_PEER_VERDICTS"))
    mine_all = ours(sys.argv[1], pairs)
    print_times([pair["kind"] for pair in pairs], [one[1] for one in mine_all], [one[1] for one in theirs])
    known = judged()
    table: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    unjudged = []
    stale = set(known)
    for pair, (said, _), (his, _) in zip(pairs, mine_all, theirs, strict=True):
        if (said == "equal") == his:
            continue
        row = known.get(pair["id"])
        stale.discard(pair["id"])
        if row is None or row[1] != said:
            unjudged.append((pair, said))
            continue
        table[row[0]][row[2]] += 1
    total = sum((sum(counts.values()) for counts in table.values())) + len(unjudged)
    right = sum(counts["ours"] for counts in table.values())
    print(f"{len(pairs)} pairs, {total} differences, ours right in {right}, {len(unjudged)} not judged")
    print(f"{'ours':>5} {'peer':>5} {'open':>5}  kind")
    for kind, counts in sorted(table.items(), key=lambda item: -sum(item[1].values())):
        print(f"{counts['ours']:5} {counts['peer']:5} {counts['open']:5}  {kind}")
    if stale:
        print(f"{len(stale)} judged rows are no differences any more: {' '.join(sorted(stale)[:20])}")
    if "--list" in sys.argv:
        for pair, said in unjudged:
            answer = pair["answer"][-200:] if pair["whole"] else pair["answer"]
            print(json.dumps([pair["id"], pair["kind"], said, pair["gold"], answer], ensure_ascii=False))


if __name__ == "__main__":
    main()
