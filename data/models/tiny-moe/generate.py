"""The questions that tiny-moe is trained on, each with worked steps.

The questions follow the distributions of math/arithmetic (suites/math/arithmetic_questions.cpp),
which this file implements a second time: `generate.py --suite 1` prints the suite's questions and
their digest, the number that the suite's own test checks. Training draws are made from other seeds,
and whatever is in the suite (seed 1) is thrown away: see Decontamination.

    python3 generate.py --suite 1           the suite: level, question, answer; the digest at the end
    python3 generate.py --show 3 --seed 5   training examples of every level, with their steps
"""

import argparse

MASK = (1 << 64) - 1
LEVELS = 10
PER_LEVEL = 25
INSTRUCTION = "Solve this, then end with #### and the answer as an integer.\n\n"

NAMES = ["Anna", "Ben", "Carla", "David", "Emma", "Omar", "Grace", "Hugo", "Ines", "Jack", "Lena",
         "Tom", "Mia", "Noah"]
THINGS = ["apples", "pencils", "marbles", "stickers", "cookies", "books", "shells", "stamps",
          "buttons", "oranges", "cards", "beads"]


class SplitMix64:
    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = z = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def between(self, low, high):
        return low + self.next() % (high - low + 1)


# ---- Worked steps: one line an operation, long ones column by column from the last digit. ----


def plus(a, b):
    """57+68:7+8=15,5+6+1=12:125"""
    if a < 10 and b < 10:
        return f"{a}+{b}={a + b}"
    columns, carry, x, y = [], 0, a, b
    while x or y:
        value = x % 10 + y % 10 + carry
        columns.append(f"{x % 10}+{y % 10}" + ("+1" if carry else "") + f"={value}")
        carry, x, y = value // 10, x // 10, y // 10
    return f"{a}+{b}:" + ",".join(columns) + f":{a + b}"


def minus(a, b):
    """403-57:13-7=6,10-5-1=4,4-0-1=3:346. A leading 1 has been borrowed from the next column."""
    if a < b:
        return f"{a}-{b}=-({b}-{a})\n" + minus(b, a)
    if a < 10:
        return f"{a}-{b}={a - b}"
    columns, borrow, x, y = [], 0, a, b
    while x:
        low = y % 10 + borrow
        top = x % 10 + (10 if x % 10 < low else 0)
        columns.append(f"{top}-{y % 10}" + ("-1" if borrow else "") + f"={top - low}")
        borrow, x, y = int(top > 9), x // 10, y // 10
    return f"{a}-{b}:" + ",".join(columns) + f":{a - b}"


def times(a, b):
    """9128*8:8*8=64,2*8+6=22,1*8+2=10,9*8+1=73:73024; two digits by two: digit by digit, summed."""
    if a <= 12 and b <= 12:
        return f"{a}*{b}={a * b}"
    if a < b:
        a, b = b, a
    if b >= 10:
        units, tens = a * (b % 10), a * (b // 10)
        lines = [f"{a}*{b}"]
        if b % 10:
            lines.append(times(a, b % 10))
        lines += [times(a, b // 10), f"{tens}*10={tens * 10}"]
        if b % 10:
            lines.append(plus(tens * 10, units))
        return "\n".join(lines)
    columns, carry, x = [], 0, a
    while x:
        value = x % 10 * b + carry
        columns.append(f"{x % 10}*{b}" + (f"+{carry}" if carry else "") + f"={value}")
        carry, x = value // 10, x // 10
    return f"{a}*{b}:" + ",".join(columns) + f":{a * b}"


def chunks(a, b):
    """The steps of long division: 29/6=4r5,53/6=8r5,54/6=9r0"""
    digits, rest, steps = str(a), 0, []
    for digit in digits:
        rest = 10 * rest + int(digit)
        if steps or rest >= b:
            steps.append(f"{rest}/{b}={rest // b}r{rest % b}")
            rest %= b
    return ",".join(steps)


def over(a, b):
    """2934/6:29/6=4r5,53/6=8r5,54/6=9r0:489"""
    if a % b == 0 and a // b <= 12:
        return f"{a}/{b}={a // b}"
    return f"{a}/{b}:{chunks(a, b)}:{a // b}"


def remainder(a, b):
    return f"{a}/{b}:{chunks(a, b)}:{a % b}"


def fraction(above, below, whole):
    part = whole // below
    return [over(whole, below), times(part, above)]


def percent(share, whole):
    """By tenths and halves of tenths, as one does in the head."""
    tenth = whole // 10
    lines = [f"10%={tenth}"]
    if share >= 20:
        lines.append(times(tenth, share // 10))
    if share % 10:
        lines.append("5%")
        lines.append(over(tenth, 2))
        if share >= 10:
            lines.append(plus(tenth * (share // 10), tenth // 2))
    return lines


# ---- Questions: (text, answer, lines of work). The order of draws is that of the C++. ----


def phrase(expression, answer, lines, random):
    wording = ("What is {}?", "Calculate {}.", "{} = ?", "Work out {}.")[random.between(0, 3)]
    return wording.format(expression), answer, lines


def additive(low, high, random):
    adds = random.between(0, 1) == 0
    digits_a = random.between(low, high)
    digits_b = random.between(low, high)
    a = random.between(10 ** (digits_a - 1), 10**digits_a - 1)
    b = random.between(10 ** (digits_b - 1), 10**digits_b - 1)
    if adds:
        return phrase(f"{a} + {b}", a + b, [plus(a, b)], random)
    a, b = max(a, b), min(a, b)
    return phrase(f"{a} - {b}", a - b, [minus(a, b)], random)


def times_table(random):
    multiplies = random.between(0, 1) == 0
    a = random.between(2, 12)
    b = random.between(2, 12)
    if multiplies:
        return phrase(f"{a} * {b}", a * b, [times(a, b)], random)
    return phrase(f"{a * b} / {b}", a, [over(a * b, b)], random)


def two_operations(random):
    form = random.between(0, 5)
    a = random.between(2, 20)
    b = random.between(2, 12)
    c = random.between(2, 9)
    if form == 0:
        return phrase(f"{a} + {b} * {c}", a + b * c, [times(b, c), plus(a, b * c)], random)
    if form == 1:
        return phrase(f"{b} * {c} - {a}", b * c - a, [times(b, c), minus(b * c, a)], random)
    if form == 2:
        return phrase(f"({a} + {b}) * {c}", (a + b) * c, [plus(a, b), times(a + b, c)], random)
    if form == 3:
        return phrase(f"{c} * ({a} + {b})", c * (a + b), [plus(a, b), times(a + b, c)], random)
    if form == 4:
        return phrase(f"{a} - {b} * {c}", a - b * c, [times(b, c), minus(a, b * c)], random)
    return phrase(f"{b * c} / {c} + {a}", b + a, [over(b * c, c), plus(b, a)], random)


def large_numbers(random):
    form = random.between(0, 3)
    if form == 0:
        return additive(5, 6, random)
    if form == 1:
        a = random.between(100, 9999)
        b = random.between(3, 9)
        return phrase(f"{a} * {b}", a * b, [times(a, b)], random)
    if form == 2:
        a = random.between(13, 99)
        b = random.between(13, 99)
        return phrase(f"{a} * {b}", a * b, [times(a, b)], random)
    quotient = random.between(34, 1200)
    divisor = random.between(3, 9)
    a = quotient * divisor
    return phrase(f"{a} / {divisor}", quotient, [over(a, divisor)], random)


def parts_of_numbers(random):
    form = random.between(0, 2)
    if form == 0:
        a = random.between(20, 999)
        b = random.between(3, 12)
        return f"What is the remainder when {a} is divided by {b}?", a % b, [remainder(a, b)]
    if form == 1:
        share = 5 * random.between(1, 19)
        whole = 20 * random.between(1, 40)
        return phrase(f"{share}% of {whole}", whole * share // 100, percent(share, whole), random)
    below = random.between(3, 9)
    above = random.between(2, below - 1)
    part = random.between(3, 60)
    whole = part * below
    return phrase(f"{above}/{below} of {whole}", part * above, fraction(above, below, whole), random)


def draw_add(r):
    a, b = r.between(5, 99), r.between(5, 99)
    return dict(a=a, b=b), a + b, [plus(a, b)]


def draw_subtract(r):
    a = r.between(12, 99)
    b = r.between(3, a - 2)
    return dict(a=a, b=b), a - b, [minus(a, b)]


def draw_multiply(r):
    a, b = r.between(2, 12), r.between(2, 12)
    return dict(a=a, b=b), a * b, [times(a, b)]


def draw_divide(r):
    b, answer = r.between(2, 12), r.between(2, 12)
    return dict(a=b * answer, b=b), answer, [over(b * answer, b)]


ONE_STEP = [
    ("{N} has {a} {i} and buys {b} more. How many {i} does {N} have now?", draw_add),
    ("There are {a} {i} on one shelf and {b} on another. How many {i} are there in total?", draw_add),
    ("{N} found {a} {i} on Monday and {b} on Tuesday. How many {i} did {N} find in total?", draw_add),
    ("A shop sold {a} {i} in the morning and {b} in the afternoon. How many {i} did it sell?",
     draw_add),
    ("{N} had {a} {i} and gave away {b}. How many {i} are left?", draw_subtract),
    ("A box holds {a} {i}. {N} takes out {b} of them. How many {i} are left?", draw_subtract),
    ("{N} needs {a} {i} and already has {b}. How many more {i} does {N} need?", draw_subtract),
    ("There were {a} {i} for sale and {b} of them were sold. How many {i} were not sold?",
     draw_subtract),
    ("{N} has {a} bags with {b} {i} in each. How many {i} does {N} have?", draw_multiply),
    ("There are {a} rows of {b} {i}. How many {i} are there in total?", draw_multiply),
    ("Each box holds {b} {i}. How many {i} are in {a} boxes?", draw_multiply),
    ("In a shop {i} cost {b} coins each. How many coins does {N} pay for {a} {i}?", draw_multiply),
    ("{N} shares {a} {i} equally among {b} friends. How many {i} does each friend get?", draw_divide),
    ("{N} packs {a} {i} into boxes of {b}. How many boxes are filled?", draw_divide),
    ("{N} puts {a} {i} in {b} equal rows. How many {i} are in each row?", draw_divide),
    ("A teacher shares {a} {i} equally among {b} tables. How many {i} does each table get?",
     draw_divide),
]


def draw_add_subtract(r):
    a, b = r.between(12, 99), r.between(12, 99)
    c = r.between(5, a + b - 3)
    return dict(a=a, b=b, c=c), a + b - c, [plus(a, b), minus(a + b, c)]


def draw_multiply_add(r):
    a, b, c = r.between(3, 9), r.between(4, 25), r.between(5, 60)
    return dict(a=a, b=b, c=c), a * b + c, [times(a, b), plus(a * b, c)]


def draw_multiply_subtract(r):
    a, b = r.between(3, 9), r.between(4, 25)
    c = r.between(3, a * b - 2)
    return dict(a=a, b=b, c=c), a * b - c, [times(a, b), minus(a * b, c)]


def draw_add_multiply(r):
    a, b, c = r.between(8, 30), r.between(8, 30), r.between(2, 9)
    return dict(a=a, b=b, c=c), (a + b) * c, [plus(a, b), times(a + b, c)]


def draw_subtract_divide(r):
    b, c = r.between(3, 30), r.between(2, 9)
    answer = r.between(2, 12)
    a = answer * c + b
    return dict(a=a, b=b, c=c), answer, [minus(a, b), over(a - b, c)]


def draw_add_divide(r):
    c = r.between(3, 9)
    answer = r.between(4, 12)
    a = r.between(5, answer * c - 5)
    b = answer * c - a
    return dict(a=a, b=b, c=c), answer, [plus(a, b), over(a + b, c)]


def draw_divide_add(r):
    b, c = r.between(2, 9), r.between(3, 40)
    share = r.between(2, 12)
    a = share * b
    return dict(a=a, b=b, c=c), share + c, [over(a, b), plus(share, c)]


def draw_change(r):
    a, b = r.between(3, 9), r.between(4, 25)
    answer = r.between(2, 60)
    c = a * b + answer
    return dict(a=a, b=b, c=c), answer, [times(a, b), minus(c, a * b)]


TWO_STEP = [
    ("{N} has {a} {i}, buys {b} more and then gives away {c}. How many {i} are left?",
     draw_add_subtract),
    ("{N} has {a} boxes of {b} {i} and {c} more in a bag. How many {i} does {N} have in total?",
     draw_multiply_add),
    ("{N} buys {a} bags of {b} {i} and gives away {c} of them. How many {i} are left?",
     draw_multiply_subtract),
    ("A school has {a} boys and {b} girls. Each child gets {c} {i}. How many {i} are needed?",
     draw_add_multiply),
    ("{N} had {a} {i}, lost {b} and shared the rest equally among {c} friends. How many {i} did "
     "each friend get?", draw_subtract_divide),
    ("{N} has {a} red {i} and {b} blue {i} and packs them all into boxes of {c}. How many boxes "
     "are filled?", draw_add_divide),
    ("{N} shares {a} {i} equally among {b} friends. {M}, one of the friends, already had {c}. "
     "How many {i} does {M} have now?", draw_divide_add),
    ("In a shop {i} cost {b} coins each. {N} buys {a} {i} and pays with {c} coins. How many "
     "coins does {N} get back?", draw_change),
]


def draw_two_products(r):
    a, b, c, d = r.between(3, 9), r.between(4, 25), r.between(3, 9), r.between(4, 25)
    both = a * b + c * d
    e = r.between(5, both - 4)
    return dict(a=a, b=b, c=c, d=d, e=e), both - e, [
        times(a, b), times(c, d), plus(a * b, c * d), minus(both, e)]


def draw_percent_left(r):
    a, b = 20 * r.between(3, 40), 5 * r.between(2, 18)
    sold = a * b // 100
    c = r.between(2, a - sold - 1)
    return dict(a=a, b=b, c=c), a - sold - c, percent(b, a) + [minus(a, sold), minus(a - sold, c)]


def draw_fraction_left(r):
    c = r.between(3, 9)
    b = r.between(2, c - 1)
    part = r.between(4, 40)
    a = part * c
    d = r.between(2, part * b - 2)
    return dict(a=a, b=b, c=c, d=d), part * b - d, fraction(b, c, a) + [minus(part * b, d)]


def draw_pages(r):
    a, b, c, d = r.between(8, 30), r.between(3, 9), r.between(8, 30), r.between(3, 9)
    answer = r.between(5, 99)
    read = a * b + c * d
    e = read + answer
    return dict(a=a, b=b, c=c, d=d, e=e), answer, [
        times(a, b), times(c, d), plus(a * b, c * d), minus(e, read)]


def draw_trays(r):
    a, d = r.between(4, 12), r.between(3, 9)
    b = r.between(6, 20)
    answer = r.between(2, a * b // d)
    c = a * b - answer * d
    return dict(a=a, b=b, c=c, d=d), answer, [
        times(a, b), minus(a * b, c), over(answer * d, d)]


def draw_times_as_many(r):
    a, b, c = r.between(6, 40), r.between(2, 9), r.between(5, 99)
    return dict(a=a, b=b, c=c), a + a * b + c, [
        times(a, b), plus(a, a * b), plus(a + a * b, c)]


THREE_STEP = [
    ("{N} buys {a} boxes of {b} {i} and {c} bags of {d} {i} and then gives away {e}. How many "
     "{i} are left?", draw_two_products),
    ("A shop has {a} {i}. It sells {b}% of them on Monday and {c} more on Tuesday. How many {i} "
     "are left?", draw_percent_left),
    ("{N} has {a} {i} and {b}/{c} of them are red. {N} gives away {d} red {i}. How many red {i} "
     "are left?", draw_fraction_left),
    ("{N} reads {a} pages a day for {b} days and then {c} pages a day for {d} days. The book has "
     "{e} pages. How many pages are left?", draw_pages),
    ("{N} has {a} bags of {b} {i}, gives away {c} {i} and packs the rest into boxes of {d}. How "
     "many boxes are filled?", draw_trays),
    ("{N} has {a} {i}. {M} has {b} times as many. There are {c} more in a box. How many {i} are "
     "there in total?", draw_times_as_many),
]


def long_expression(r):
    form = r.between(0, 3)
    a, b, c, d, e = (r.between(5, 40), r.between(3, 30), r.between(2, 9), r.between(2, 9),
                     r.between(10, 99))
    if form == 0:
        answer = (a + b) * c - e
        lines = [plus(a, b), times(a + b, c), minus((a + b) * c, e)]
        return phrase(f"({a} + {b}) * {c} - {e}", answer, lines, r)
    if form == 1:
        both = a * c + b * d
        lines = [times(a, c), times(b, d), plus(a * c, b * d), minus(both, e)]
        return phrase(f"{a} * {c} + {b} * {d} - {e}", both - e, lines, r)
    if form == 2:
        # Taking away a negative product adds it.
        product = abs(a - b) * c
        last = minus(e, product) if a >= b else plus(e, product)
        lines = [minus(a, b), times(abs(a - b), c), last]
        return phrase(f"{e} - ({a} - {b}) * {c}", e - (a - b) * c, lines, r)
    lines = [times(b, c), plus(a, b * c), times(a + b * c, d)]
    return phrase(f"({a} + {b} * {c}) * {d}", (a + b * c) * d, lines, r)


def fill_one_of(templates, random):
    pattern, draw = templates[random.between(0, len(templates) - 1)]
    numbers, answer, lines = draw(random)
    first = random.between(0, len(NAMES) - 1)
    step = random.between(1, len(NAMES) - 1)
    thing = random.between(0, len(THINGS) - 1)
    text = pattern.format(N=NAMES[first], M=NAMES[(first + step) % len(NAMES)], i=THINGS[thing],
                          **numbers)
    return text, answer, lines


def draw_problem(level, random):
    """(text, answer, lines of work) of one question of `level`."""
    if level == 1:
        return additive(1, 1, random)
    if level == 2:
        return additive(2, 2, random)
    if level == 3:
        return times_table(random)
    if level == 4:
        return additive(3, 4, random)
    if level == 5:
        return fill_one_of(ONE_STEP, random)
    if level == 6:
        return two_operations(random)
    if level == 7:
        return large_numbers(random)
    if level == 8:
        return parts_of_numbers(random)
    if level == 9:
        return fill_one_of(TWO_STEP, random)
    if random.between(0, 1) == 0:
        return long_expression(random)
    return fill_one_of(THREE_STEP, random)


def reply(answer, lines):
    return "\n".join(lines) + f"\n#### {answer}"


def suite(seed):
    """The questions of math/arithmetic for a seed: (level, text, answer)."""
    seeds, seen, questions = SplitMix64(seed), set(), []
    for level in range(1, LEVELS + 1):
        random, count = SplitMix64(seeds.next()), 0
        while count < PER_LEVEL:
            text, answer, _ = draw_problem(level, random)
            if text not in seen:
                seen.add(text)
                questions.append((level, text, answer))
                count += 1
    return questions


def digest(questions):
    """FNV-1a of "text<tab>answer<newline>" over all questions."""
    value = 0xCBF29CE484222325
    for _, text, answer in questions:
        for byte in f"{text}\t{answer}\n".encode():
            value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def numbers_in(text):
    """The numbers of a text in order: names, things and wording do not make a new question."""
    numbers, current = [], ""
    for character in text + " ":
        if character.isdigit():
            current += character
        elif current:
            numbers.append(int(current))
            current = ""
    return tuple(numbers)


class Decontamination:
    """Keeps the suite's questions (seed 1) out of training.

    Every level: the exact text. From level 4 on also every question of any of these levels that has
    the same numbers in the same order, whatever its wording, names and operations. Levels 1 and 3
    have so few different facts that the facts themselves (7 + 5, 8 * 9) must be learnt from their
    other wordings and from the steps of longer questions.
    """

    FIRST_LEVEL_BY_NUMBERS = 4

    def __init__(self, seed=1):
        questions = suite(seed)
        self.texts = {text for _, text, _ in questions}
        self.numbers = {numbers_in(text) for level, text, _ in questions
                        if level >= self.FIRST_LEVEL_BY_NUMBERS}

    def allows(self, level, text):
        if text in self.texts:
            return False
        return level < self.FIRST_LEVEL_BY_NUMBERS or numbers_in(text) not in self.numbers


class TrainingStream:
    """An endless stream of (level, text, reply), the same for the same seed."""

    # Of levels 1 .. 10: what is built from comes first.
    FIRST, FIRST_COUNT = (6, 14, 14, 26, 18, 8, 6, 4, 4, 0), 25000
    AFTER = (3, 8, 10, 14, 16, 12, 8, 9, 12, 8)
    WARM = (6, 12, 12, 18, 18, 10, 6, 6, 8, 4)

    def __init__(self, seed, warm=False):
        """`warm`: for a model that has been trained before; its facts are drilled."""
        self.random = SplitMix64(seed)
        self.filter = Decontamination()
        self.warm, self.count = warm, 0

    def level(self):
        first = self.FIRST if self.count < self.FIRST_COUNT else self.AFTER
        weights = self.WARM if self.warm else first
        ticket = self.random.between(1, sum(weights))
        for level, weight in enumerate(weights, 1):
            ticket -= weight
            if ticket <= 0:
                return level

    def __next__(self):
        while True:
            level = self.level()
            text, answer, lines = draw_problem(level, self.random)
            if self.filter.allows(level, text):
                self.count += 1
                return level, text, reply(answer, lines)

    def __iter__(self):
        return self


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--suite", type=int, metavar="SEED")
    parser.add_argument("--show", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1000)
    options = parser.parse_args()
    if options.suite is not None:
        questions = suite(options.suite)
        for level, text, answer in questions:
            print(f"{level}\t{text}\t{answer}")
        print(f"digest 0x{digest(questions):016x}")
    if options.show:
        random = SplitMix64(options.seed)
        for level in range(1, LEVELS + 1):
            for _ in range(options.show):
                text, answer, lines = draw_problem(level, random)
                print(f"[{level}] {text}\n{reply(answer, lines)}\n")


if __name__ == "__main__":
    main()
