#!/usr/bin/env python3
"""Checks the answer of every problem against a second way of working it out, and writes
word_problems.jsonl. `--check` writes nothing and fails where the file is not what would be written.
Needs nothing but Python 3.11; the program itself does not need this script."""
import cmath
import json
import math
import pathlib
import re
import sys

import problems_1
import problems_2

HERE = pathlib.Path(__file__).parent
NAMES = {"pi": math.pi, "e": math.e, "i": 1j, "inf": math.inf,
         "sqrt": cmath.sqrt, "ln": cmath.log, "cos": cmath.cos, "sin": cmath.sin}
POINTS = [(0.3, 0.7), (1.7, 0.4), (2.9, 1.3), (0.85, 2.2)]


def plain(tex):
    """LaTeX of the small kind that the answers are written in, as a Python expression."""
    for old, new in (("\\left", ""), ("\\right", ""), ("\\,", ""), ("{,}", ""), ("\\$", ""), ("\\%", "/100"), ("^\\circ", ""),
                     ("\\cdot", "*"), ("\\times", "*"), ("\\pi", " pi "), ("\\infty", " inf "), ("\\ln", " ln ")):
        tex = tex.replace(old, new)
    tex = re.sub(r"\\text\{[^}]*\}", "", tex)
    tex = re.sub(r"(\d)\\frac", r"\1+\\frac", tex) if re.fullmatch(r"\d+\\frac\{\d+\}\{\d+\}", tex) else tex
    while "\\frac" in tex or "\\sqrt" in tex or re.search(r"\^\{[^{}]*\}", tex):
        before = tex
        tex = re.sub(r"\\sqrt\{([^{}]*)\}", r"(sqrt(\1))", tex)
        tex = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", tex)
        tex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", tex)
        assert tex != before, tex
    return tex.replace("^", "**")


def value(tex, **variables):
    tokens = re.findall(r"\d+\.?\d*|[a-z]+|\*\*|[-+*/()]", re.sub(r"\b([xyei]+)\b", lambda m: " ".join(m[1]), plain(tex)))
    text, last = "", ""
    for token in tokens:
        starts = token == "(" or token[0].isalnum()
        ends = last == ")" or (last and last[-1].isalnum() and last not in ("sqrt", "ln", "cos", "sin"))
        text += "*" + token if starts and ends else token
        last = token
    text = re.sub(r"ln\*?(\d+)", r"ln(\1)", text)
    return eval(text, {"__builtins__": {}}, {**NAMES, **variables})  # texts of this folder only


def same(a, b):
    return cmath.isclose(complex(a), complex(b), rel_tol=1e-6, abs_tol=1e-7)


def parts(tex):
    return [value(part) for part in re.split(r",|\\\\|&", tex)]


def same_all(a, b):
    a, b = list(a), list(b)
    return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))


def in_intervals(tex, x):
    for part in tex.split("\\cup"):
        low, high = parts(part.strip()[1:-1])
        above = x >= low.real if part.strip()[0] == "[" else x > low.real
        below = x <= high.real if part.strip()[-1] == "]" else x < high.real
        if above and below:
            return True
    return False


def body(tex):
    return re.sub(r"\\(begin|end)\{pmatrix\}", "", tex)


def holds(kind, tex, want):
    """Whether the answer `tex` of that kind is what was worked out."""
    if kind in ("text", "choice"):
        return tex.strip("()") == f"\\text{{{want}}}" or tex == f"\\text{{({want})}}"
    if kind in ("time", "base") and isinstance(want, str):
        return tex == want
    if kind == "ratio":
        return tuple(int(v) for v in tex.split(":")) == tuple(want)
    if kind == "expression":
        return all(same(value(tex, x=x, y=y), want(x / 10 if "(1-x)^2" in tex else x, y))
                   if "(1-x)^2" not in tex else same(value(tex, x=x / 10, y=y), want(x, y)) for x, y in POINTS)
    if kind == "equation":
        left, right = tex.split("=")
        off = [(x + 0.37, y + 1.91) for x, y in want]
        gap = lambda x, y: value(left, x=x, y=y) - value(right, x=x, y=y)
        return all(same(gap(x, y), 0) for x, y in want) and not any(same(gap(x, y), 0) for x, y in off)
    if kind in ("interval", "inequality"):
        grid = [k / 8 for k in range(-400, 401)]
        if kind == "interval":
            return all(in_intervals(tex, x) == bool(want(x)) for x in grid)
        sign, bound = re.match(r"x (>|<|\\le|\\ge) (.*)", tex).groups()
        compare = {">": lambda x, b: x > b, "<": lambda x, b: x < b, "\\le": lambda x, b: x <= b, "\\ge": lambda x, b: x >= b}[sign]
        return all(compare(x, value(bound)) == bool(want(x)) for x in grid)
    if kind == "set":
        return same_all(sorted(v.real for v in map(complex, parts(tex.replace("\\{", "").replace("\\}", "")))), sorted(want))
    if kind in ("tuple", "list"):
        return same_all(parts(tex.replace("\\left", "").replace("\\right", "").strip("()")) if kind == "tuple" else parts(tex), want)
    if kind == "vector":
        return same_all(parts(body(tex)), want)
    if kind == "matrix":
        return same_all(parts(body(tex)), [v for row in want for v in row])
    if kind == "plus-minus":
        number = value(tex.replace("\\pm", ""))
        return same_all([number, -number], want)
    return same(value(tex), want)


def rows():
    problems = problems_1.PROBLEMS + problems_2.PROBLEMS
    for number, problem in enumerate(problems, 1):
        want = problem.check()
        if not holds(problem.kind, problem.answer, want):
            raise SystemExit(f"problem {number}: answer {problem.answer!r} is not {want!r}: {problem.text}")
        row = {"id": f"wp-{number:03d}", "level": problem.level, "kind": problem.kind, "problem": problem.text, "answer": problem.answer}
        if problem.zh:
            row["problem_zh"] = problem.zh
        yield row


def main():
    made = list(rows())
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
    path = HERE / "word_problems.jsonl"
    print(f"{len(made)} problems, {sum('problem_zh' in row for row in made)} also in Chinese, all answers confirmed")
    if "--check" in sys.argv[1:]:
        if path.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{path.name} is not what make_word_problems.py writes")
    else:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
