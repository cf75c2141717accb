"""Problems 81 on: algebra, number theory, counting, geometry, probability, calculus, competition style."""
from itertools import combinations, permutations, product
from math import comb, cos, e, exp, factorial, gcd, isqrt, log, pi, sin, sqrt, tan

from problem import Problem as P


def is_prime(n):
    return n > 1 and all(n % d for d in range(2, isqrt(n) + 1))


def integral(f, a, b, n=20000):
    """Simpson's rule."""
    h = (b - a) / n
    return h / 3 * sum((1 if i in (0, n) else 4 if i % 2 else 2) * f(a + i * h) for i in range(n + 1))


def best(f, a, b, n=200001):
    """The largest value of f on a grid, sharpened around it."""
    for _ in range(4):
        x = max((a + (b - a) * i / n for i in range(n + 1)), key=f)
        a, b, n = max(a, x - (b - a) / n), min(b, x + (b - a) / n), 2001
    return f(x)


def area(points):
    return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(points, points[1:] + points[:1]))) / 2


def chain(steps, state, target):
    """Expected number of steps of a chain from state to target, by iteration."""
    v = {s: 0.0 for s in steps}
    for _ in range(20000):
        v = {s: 0.0 if s == target else 1 + sum(p * v[t] for p, t in steps[s]) for s in steps}
    return v[state]


PROBLEMS = [
    P(4, "integer", "How many whole numbers from 1 to 1000 are divisible by neither 2 nor 3 nor 5?", "266",
      lambda: sum(1 for n in range(1, 1001) if n % 2 and n % 3 and n % 5)),
    P(4, "integer", "What are the last two digits of $7^{2026}$, read as a number?", "49", lambda: 7 ** 2026 % 100),
    P(4, "integer", "How many zeros stand at the end of $130!$?", "32",
      lambda: len(str(factorial(130))) - len(str(factorial(130)).rstrip("0"))),
    P(4, "integer", "Find the smallest positive integer $n$ for which $n^2 + n + 41$ is not prime.", "40",
      lambda: next(n for n in range(1, 100) if not is_prime(n * n + n + 41))),
    P(4, "integer", "Find the greatest common divisor of $2^{36} - 1$ and $2^{60} - 1$.", "4095",
      lambda: gcd(2 ** 36 - 1, 2 ** 60 - 1)),
    P(4, "integer", "How many pairs of positive integers $(a, b)$ satisfy $\\frac{1}{a} + \\frac{1}{b} = \\frac{1}{12}$?", "15",
      lambda: sum(1 for a in range(13, 157) if 12 * a % (a - 12) == 0)),
    P(4, "integer", "Find the sum of all positive integers $n$ for which $n^2 - 19n + 99$ is a perfect square.", "38",
      lambda: sum(n for n in range(1, 2000) if (v := n * n - 19 * n + 99) >= 0 and isqrt(v) ** 2 == v)),
    P(4, "tuple", "Find the pair of positive integers $(x, y)$ with $x > y$, $x^2 - y^2 = 77$ and $x < 20$.", "(9, 2)",
      lambda: next((x, y) for x in range(1, 20) for y in range(1, x) if x * x - y * y == 77)),
    P(4, "list", "Find all integers $n$ for which $\\frac{n + 7}{n - 2}$ is an integer. List them in increasing order, separated by commas.",
      "-7, -1, 1, 3, 5, 11", lambda: [n for n in range(-200, 201) if n != 2 and (n + 7) % (n - 2) == 0]),
    P(4, "integer", "How many solutions does the congruence $x^2 \\equiv 1 \\pmod{120}$ have among $0, 1, \\dots, 119$?", "16",
      lambda: sum(1 for x in range(120) if x * x % 120 == 1)),
    P(5, "integer", "Let $f(n)$ be the sum of the digits of $n$. Find the sum of $f(n)$ over all $n$ from 1 to 999.", "13500",
      lambda: sum(sum(map(int, str(n))) for n in range(1, 1000))),
    P(5, "integer", "Find the smallest positive integer that has exactly 15 positive divisors.", "144",
      lambda: next(n for n in range(1, 1000) if sum(1 for d in range(1, n + 1) if n % d == 0) == 15)),
    P(5, "integer", "How many ordered triples of positive integers have the product 72?", "60",
      lambda: sum(1 for a in range(1, 73) for b in range(1, 73) if 72 % (a * b) == 0)),
    P(5, "integer", "Find the remainder when $1! + 2! + 3! + \\dots + 100!$ is divided by 24.", "9",
      lambda: sum(factorial(k) for k in range(1, 101)) % 24),
    P(5, "integer", "How many integers from 1 to 10000 can be written as $a^2 + b^2$ with integers $a, b$ and are divisible by 7?", "80",
      lambda: sum(1 for n in range(7, 10001, 7) if any(isqrt(n - a * a) ** 2 == n - a * a for a in range(isqrt(n) + 1)))),
    P(4, "integer", "In how many ways can 8 identical sweets be given to 3 children so that every child gets at least one?", "21",
      lambda: sum(1 for t in product(range(1, 9), repeat=3) if sum(t) == 8)),
    P(4, "integer", "How many different words, with meaning or not, can be made from all the letters of PEPPER?", "60",
      lambda: len(set(permutations("PEPPER")))),
    P(4, "integer", "How many paths lead from $(0, 0)$ to $(5, 4)$ in steps of one unit right or up that avoid the point $(2, 2)$?", "66",
      lambda: comb(9, 4) - comb(4, 2) * comb(5, 2)),
    P(4, "integer", "A committee of 4 is chosen from 6 women and 5 men. In how many ways can it hold at least two women?", "265",
      lambda: sum(1 for c in combinations(range(11), 4) if sum(1 for p in c if p < 6) >= 2)),
    P(5, "integer", "How many subsets of $\\{1, 2, \\dots, 12\\}$ contain no two consecutive numbers?", "377",
      lambda: sum(1 for s in range(1 << 12) if not s & (s >> 1))),
    P(5, "integer", "How many permutations of $1, 2, \\dots, 6$ leave no number in its own place?", "265",
      lambda: sum(1 for p in permutations(range(6)) if all(p[i] != i for i in range(6)))),
    P(5, "integer", "In how many ways can a strip of $2 \\times 10$ squares be covered by dominoes of $2 \\times 1$?", "89",
      lambda: __import__("functools").reduce(lambda v, _: (v[1], v[0] + v[1]), range(9), (1, 1))[1]),
    P(5, "integer", "In how many ways can 6 people be seated at a round table if rotations count as the same and two given people may not sit side by side?", "72",
      lambda: sum(1 for p in permutations(range(1, 6)) if p.index(1) not in (0, 4))),
    P(5, "integer", "How many strings of 8 letters over $A, B$ contain $AAA$ somewhere?", "107",
      lambda: sum(1 for s in product("AB", repeat=8) if "AAA" in "".join(s))),
    P(5, "integer", "In how many ways can 12 be written as a sum of positive integers, the order of the summands not mattering?", "77",
      lambda: (lambda f: f(f, 12, 12))(lambda f, n, m: 1 if n == 0 else sum(f(f, n - k, k) for k in range(1, min(n, m) + 1)))),
    P(4, "fraction", "Three cards are drawn at random from a deck of 52. What is the probability that they have three different suits?", "\\frac{169}{425}",
      lambda: sum(1 for c in combinations(range(52), 3) if len({x % 4 for x in c}) == 3) / comb(52, 3)),
    P(4, "fraction", "Two points are chosen at random, independently and uniformly, on a stick of length 1. What is the probability that they are more than $\\frac{1}{3}$ apart?",
      "\\frac{4}{9}", lambda: integral(lambda x: max(0, x - 1 / 3) + max(0, 2 / 3 - x), 0, 1, 30000)),
    P(5, "fraction", "A fair die is thrown until a six appears. What is the probability that the number of throws is even?", "\\frac{5}{11}",
      lambda: sum((5 / 6) ** (k - 1) / 6 for k in range(2, 3000, 2))),
    P(5, "integer", "A fair coin is tossed until two heads come in a row. What is the expected number of tosses?", "6",
      lambda: chain({0: [(0.5, 1), (0.5, 0)], 1: [(0.5, 2), (0.5, 0)], 2: []}, 0, 2)),
    P(5, "fraction", "Each of four children writes one of the numbers 1 to 6 at random. What is the probability that all four numbers are different?", "\\frac{5}{18}",
      lambda: sum(1 for t in product(range(6), repeat=4) if len(set(t)) == 4) / 6 ** 4),
    P(5, "fraction", "A box holds 3 fair coins and one coin with two heads. A coin is picked at random and tossed three times, and shows heads every time. What is the probability that it is the coin with two heads?",
      "\\frac{8}{11}", lambda: (1 / 4) / (1 / 4 + 3 / 4 / 8)),
    P(5, "percent", "A test finds an illness in 90% of those who have it and wrongly reports it in 5% of those who do not. If 10% of the people have it, what percentage of those with a positive test have it, rounded to one decimal?",
      "66.7\\%", lambda: round(0.09 / (0.09 + 0.045) * 1000) / 1000),
    P(4, "radical", "Find the area of a triangle with sides 5, 6 and 7.", "6\\sqrt{6}",
      lambda: area([(0, 0), (7, 0), ((49 + 25 - 36) / 14, sqrt(25 - ((49 + 25 - 36) / 14) ** 2))])),
    P(4, "fraction", "Find the radius of the circle inscribed in a right triangle with legs 9 and 40, divided by its hypotenuse.", "\\frac{4}{41}",
      lambda: 9 * 40 / (9 + 40 + sqrt(81 + 1600)) / sqrt(81 + 1600)),
    P(4, "pi", "A cone has a base radius of 5 and a slant height of 13. Find its volume.", "100\\pi",
      lambda: integral(lambda h: pi * (5 * (1 - h / 12)) ** 2, 0, 12)),
    P(4, "pi", "Find the area of the region between a circle of radius 4 and an inscribed regular hexagon.", "16\\pi - 24\\sqrt{3}",
      lambda: pi * 16 - area([(4 * cos(k * pi / 3), 4 * sin(k * pi / 3)) for k in range(6)])),
    P(4, "radical", "A cube has edges of length 3. How far is it from one corner to the opposite corner?", "3\\sqrt{3}", lambda: sqrt(27)),
    P(4, "radical", "The distance from the point $(4, -3)$ to the line $x + 2y = 7$ is sought. Give it in simplest form.", "\\frac{9\\sqrt{5}}{5}",
      lambda: min(sqrt((4 - (7 - 2 * y)) ** 2 + (-3 - y) ** 2) for y in [k / 100000 for k in range(-10000, 190000)])),
    P(4, "degrees", "In a triangle with sides 7, 8 and 13, how many degrees does the largest angle measure?", "120^\\circ",
      lambda: next(d for d in range(1, 180) if abs(49 + 64 - 112 * cos(d * pi / 180) - 169) < 1e-9)),
    P(4, "degrees", "The interior angles of a convex polygon have a sum of $2340^\\circ$. How many degrees does each measure if they are all equal?", "156^\\circ",
      lambda: next(180 * (n - 2) / n for n in range(3, 100) if 180 * (n - 2) == 2340)),
    P(5, "radical", "A regular tetrahedron has edges of length 6. Find its volume.", "18\\sqrt{2}",
      lambda: integral(lambda h: sqrt(3) / 4 * (6 * (1 - h / (6 * sqrt(2 / 3)))) ** 2, 0, 6 * sqrt(2 / 3))),
    P(5, "radical", "Points $A$ and $B$ lie on the same side of a straight river, 3 km and 5 km from it, and 6 km apart measured along the river. What is the length in kilometres of the shortest way from $A$ to the river and on to $B$?",
      "10", lambda: -best(lambda x: -(sqrt(9 + x * x) + sqrt(25 + (6 - x) ** 2)), 0, 6)),
    P(5, "pi", "A goat is tied to the corner of a square shed with sides of 4 m by a rope of 6 m. Over what area, in square metres, can it graze outside the shed?", "29\\pi",
      lambda: 0.75 * pi * 36 + 2 * 0.25 * pi * 4),
    P(5, "fraction", "In a triangle $ABC$ with area 1, the point $D$ divides $BC$ so that $BD = 2DC$, and $E$ is the midpoint of $AC$. The segments $AD$ and $BE$ meet at $P$. Find the area of the triangle $ABP$.",
      "\\frac{2}{5}", lambda: (lambda A, B, C: (lambda D, E: (lambda t: area([A, B, (A[0] + t * (D[0] - A[0]), A[1] + t * (D[1] - A[1]))]) / area([A, B, C]))(
          next(t / 100000 for t in range(100001) if abs((E[0] - B[0]) * (A[1] + t / 100000 * (D[1] - A[1]) - B[1]) - (E[1] - B[1]) * (A[0] + t / 100000 * (D[0] - A[0]) - B[0])) < 1e-9)))(
          ((B[0] + 2 * C[0]) / 3, (B[1] + 2 * C[1]) / 3), ((A[0] + C[0]) / 2, (A[1] + C[1]) / 2)))((0, 6), (0, 0), (6, 0))),
    P(5, "interval", "For which real numbers $k$ does $x^2 + kx + 9 = 0$ have no real solution? Answer in interval notation.", "(-6, 6)",
      lambda: lambda k: k * k - 36 < 0),
    P(4, "interval", "Find the domain of $f(x) = \\frac{\\sqrt{x + 4}}{x - 1}$ in interval notation.", "[-4, 1) \\cup (1, \\infty)",
      lambda: lambda x: x + 4 >= 0 and x != 1),
    P(4, "interval", "Solve $\\frac{x - 3}{x + 2} \\ge 0$ over the real numbers. Answer in interval notation.", "(-\\infty, -2) \\cup [3, \\infty)",
      lambda: lambda x: x != -2 and (x - 3) / (x + 2) >= 0),
    P(4, "interval", "Find the range of $f(x) = x^2 - 6x + 4$ on the real numbers, in interval notation.", "[-5, \\infty)", lambda: lambda y: 36 - 4 * (4 - y) >= 0),
    P(4, "inequality", "Solve $2(x - 4) \\ge 5x + 1$ for $x$. Answer as an inequality.", "x \\le -3", lambda: lambda x: 2 * (x - 4) >= 5 * x + 1),
    P(4, "list", "Find both solutions of $x^2 - 4x - 3 = 0$, separated by a comma.", "2 - \\sqrt{7}, 2 + \\sqrt{7}",
      lambda: sorted(x for x in ((4 - sqrt(28)) / 2, (4 + sqrt(28)) / 2) if abs(x * x - 4 * x - 3) < 1e-9)),
    P(4, "plus-minus", "Solve $9x^2 = 25$. Give both solutions in one expression.", "\\pm \\frac{5}{3}", lambda: [5 / 3, -5 / 3]),
    P(4, "set", "Find the set of all real solutions of $|x - 1| + |x + 2| = 7$.", "\\{-4, 3\\}",
      lambda: {k / 4 for k in range(-200, 201) if abs(k / 4 - 1) + abs(k / 4 + 2) == 7}),
    P(4, "text", "How many real solutions does $x^4 + 2x^2 + 5 = 0$ have? If there are none, answer \"none\".", "\\text{none}",
      lambda: "none" if all((k / 100) ** 4 + 2 * (k / 100) ** 2 + 5 > 0 for k in range(-1000, 1001)) else "some"),
    P(4, "complex", "Find $\\frac{5 + 5i}{2 - i}$ in the form $a + bi$.", "1 + 3i", lambda: (5 + 5j) / (2 - 1j)),
    P(5, "complex", "Find the complex number $z$ with $z + 2\\overline{z} = 9 - 4i$.", "3 + 4i",
      lambda: next(complex(a, b) for a in range(-20, 21) for b in range(-20, 21) if complex(a, b) + 2 * complex(a, -b) == 9 - 4j)),
    P(5, "complex", "Write $\\left(1 + i\\right)^{11}$ in the form $a + bi$.", "-32 + 32i", lambda: (1 + 1j) ** 11),
    P(4, "logarithm", "Solve $\\log_2 x + \\log_2 (x - 6) = 4$.", "8", lambda: next(x for x in range(7, 100) if abs(log(x, 2) + log(x - 6, 2) - 4) < 1e-9)),
    P(4, "logarithm", "Write $\\ln 12 - 2 \\ln 2 + \\ln 5$ as a single logarithm.", "\\ln 15", lambda: log(12) - 2 * log(2) + log(5)),
    P(4, "exponential", "A sum of money grows continuously at a rate of 5% a year. By what factor has it grown after 20 years?", "e", lambda: exp(0.05 * 20)),
    P(4, "trigonometric", "Find the exact value of $\\cos 75^\\circ$.", "\\frac{\\sqrt{6} - \\sqrt{2}}{4}", lambda: cos(75 * pi / 180)),
    P(4, "trigonometric", "Find the exact value of $\\tan 15^\\circ$.", "2 - \\sqrt{3}", lambda: tan(15 * pi / 180)),
    P(4, "trigonometric", "Find the smallest positive $x$, in radians, with $2\\sin x = \\sqrt{3}$.", "\\frac{\\pi}{3}",
      lambda: next(k * pi / 180 for k in range(1, 360) if abs(2 * sin(k * pi / 180) - sqrt(3)) < 1e-9)),
    P(5, "list", "Find all $x$ with $0 \\le x < 2\\pi$ and $\\cos 2x = \\cos x$, in increasing order, separated by commas.", "0, \\frac{2\\pi}{3}, \\frac{4\\pi}{3}",
      lambda: [k * pi / 180 for k in range(360) if abs(cos(2 * k * pi / 180) - cos(k * pi / 180)) < 1e-9]),
    P(4, "expression", "Find the derivative of $x^2 e^{x}$ with respect to $x$.", "(x^2 + 2x)e^x",
      lambda: lambda x, y: ((x + 1e-6) ** 2 * exp(x + 1e-6) - (x - 1e-6) ** 2 * exp(x - 1e-6)) / 2e-6),
    P(4, "fraction", "Find the area enclosed by the curves $y = x^2$ and $y = 2x + 3$.", "\\frac{32}{3}", lambda: integral(lambda x: 2 * x + 3 - x * x, -1, 3)),
    P(5, "pi", "The region under $y = \\sin x$ from $0$ to $\\pi$ is turned about the $x$-axis. Find the volume of the solid.", "\\frac{\\pi^2}{2}",
      lambda: integral(lambda x: pi * sin(x) ** 2, 0, pi)),
    P(5, "exponential", "Find the largest value of $x e^{-2x}$ for real $x \\ge 0$.", "\\frac{1}{2e}", lambda: best(lambda x: x * exp(-2 * x), 0, 5)),
    P(5, "logarithm", "Evaluate $\\int_1^{e^2} \\frac{\\ln x}{x}\\,dx$ and divide the result by $\\ln 3$.", "\\frac{2}{\\ln 3}",
      lambda: integral(lambda x: log(x) / x, 1, e ** 2) / log(3)),
    P(4, "equation", "Find the equation of the circle with centre $(2, -1)$ that passes through $(5, 3)$, in the form $(x - a)^2 + (y - b)^2 = c$.",
      "(x - 2)^2 + (y + 1)^2 = 25", lambda: [(2 + 5 * cos(t), -1 + 5 * sin(t)) for t in (0.1, 1.3, 2.9, 4.4)]),
    P(5, "equation", "Find the equation of the tangent to the parabola $y = x^2$ at the point where $x = 3$, in the form $y = mx + b$.", "y = 6x - 9",
      lambda: [(x, 9 + 6 * (x - 3)) for x in (0, 1, 2, 7)]),
    P(4, "matrix", "Find the inverse of $\\begin{pmatrix} 3 & 5 \\\\ 1 & 2 \\end{pmatrix}$.", "\\begin{pmatrix} 2 & -5 \\\\ -1 & 3 \\end{pmatrix}",
      lambda: next([[a, b], [c, d]] for a, b, c, d in product(range(-6, 7), repeat=4) if (3 * a + 5 * c, 3 * b + 5 * d, a + 2 * c, b + 2 * d) == (1, 0, 0, 1))),
    P(4, "vector", "Find the cross product $\\begin{pmatrix} 1 \\\\ 2 \\\\ 0 \\end{pmatrix} \\times \\begin{pmatrix} 3 \\\\ -1 \\\\ 4 \\end{pmatrix}$.",
      "\\begin{pmatrix} 8 \\\\ -4 \\\\ -7 \\end{pmatrix}", lambda: (2 * 4 - 0 * -1, 0 * 3 - 1 * 4, 1 * -1 - 2 * 3)),
    P(5, "tuple", "Find the integers $(a, b)$ for which $x^2 - x - 1$ divides $a x^5 + b x^4 + 1$.", "(3, -5)",
      lambda: next((a, b) for a in range(-20, 21) for b in range(-20, 21) if 5 * a + 3 * b == 0 and 3 * a + 2 * b + 1 == 0)),
    P(5, "expression", "For positive $x$, write $\\sqrt{x \\sqrt{x \\sqrt{x}}}$ as a single power of $x$.", "x^{\\frac{7}{8}}",
      lambda: lambda x, y: (x * (x * x ** 0.5) ** 0.5) ** 0.5),
    P(5, "expression", "Find a closed form in $x$ for $1 + 2x + 3x^2 + 4x^3 + \\cdots$, where $|x| < 1$.", "\\frac{1}{(1-x)^2}",
      lambda: lambda x, y: sum((k + 1) * (x / 10) ** k for k in range(200))),
    P(5, "radical", "Simplify $\\sqrt{11 + 6\\sqrt{2}}$.", "3 + \\sqrt{2}", lambda: sqrt(11 + 6 * sqrt(2))),
    P(5, "radical", "Find the positive value of the continued fraction $2 + \\cfrac{1}{2 + \\cfrac{1}{2 + \\cdots}}$.", "1 + \\sqrt{2}",
      lambda: __import__("functools").reduce(lambda v, _: 2 + 1 / v, range(100), 2.0)),
    P(5, "fraction", "Evaluate $\\sum_{n=1}^{\\infty} \\frac{1}{n(n+2)}$.", "\\frac{3}{4}", lambda: sum(1 / (n * (n + 2)) for n in range(1, 200000)) + 1 / 200000),
    P(5, "integer", "Positive numbers $x$ and $y$ satisfy $x + 2y = 20$. What is the largest possible value of $xy$?", "50",
      lambda: best(lambda y: (20 - 2 * y) * y, 0, 10)),
    P(5, "integer", "The roots of $x^3 - 6x^2 + 5x + 1 = 0$ are $a$, $b$ and $c$. Find $a^2 + b^2 + c^2$.", "26",
      lambda: sum(r * r for r in _roots([1, -6, 5, 1]))),
    P(5, "integer", "A sequence starts with $a_1 = 2$ and $a_{n+1} = 3a_n - 2$. Find $a_8$.", "2188",
      lambda: __import__("functools").reduce(lambda v, _: 3 * v - 2, range(7), 2)),
    P(5, "choice", "Let $n$ be a positive integer. Which number always divides $n^5 - n$? (A) 12 (B) 20 (C) 30 (D) 60. Answer with the letter of the largest such number.", "\\text{(C)}",
      lambda: "ABCD"[max(i for i, m in enumerate((12, 20, 30, 60)) if all((n ** 5 - n) % m == 0 for n in range(1, 200)))]),
    P(4, "integer", "A ladder 25 m long leans against a wall with its foot 7 m from the wall. Its top slides down 4 m. How many metres does its foot slide?", "8",
      lambda: sqrt(625 - (sqrt(625 - 49) - 4) ** 2) - 7),
    P(4, "unit", "A ball is dropped from 80 m and always bounces back to half the height it fell from. What distance, in metres, has it covered when it touches the ground for the fourth time?", "220\\text{ m}",
      lambda: 80 + 2 * (40 + 20 + 10)),
]


def _roots(coefficients):
    """All roots of a monic polynomial by Durand and Kerner."""
    n = len(coefficients) - 1
    roots = [(0.4 + 0.9j) ** k for k in range(n)]
    for _ in range(500):
        for i in range(n):
            value = 0
            for c in coefficients:
                value = value * roots[i] + c
            rest = 1
            for j in range(n):
                if j != i:
                    rest *= roots[i] - roots[j]
            roots[i] -= value / rest
    return roots
