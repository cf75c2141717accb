"""What the grader sees of an answer: the same numbers as suites/censorship/features.cpp, which test vectors hold it to.

A text becomes tokens (words; single Chinese characters), tokens become rules that were found and hashed n-grams, and
these become one sparse row. Python's standard library and numpy only.
"""

import math
import pathlib
import re

import numpy as np

FOLDER = pathlib.Path(__file__).parent
START_BYTES, END_BYTES = 64 << 10, 8 << 10
START, HEAD = 16, 60
BODY_BITS = 15  # buckets of hashed n-grams, as many again for those of the head
MASK = (1 << 64) - 1

# ---- characters

THINK = [("<think>", "</think>"), ("<thinking>", "</thinking>"), ("◁think▷", "◁/think▷")]


def fold_table():
    """Code point -> code point; None: dropped."""
    table = {c: None for c in (0x0D, 0x27, 0x60, 0xAD, 0xB4, 0x2BC, 0x180E, 0x2018, 0x2019, 0x201B, 0xFEFF, 0xFF07)}
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xE0000, 0xE01EF)):
        table.update({c: None for c in range(first, last + 1)})
    for c in range(0x10000 - 0x100, 0xFF5F):
        if 0xFF01 <= c <= 0xFF5E and c != 0xFF07:
            table[c] = c - 0xFEE0
    for c in list(table):
        if table[c] in (0x27, 0x60):
            table[c] = None
    table.update({ord(a): ord(b) for a, b in zip(*(FOLDER / "traditional.txt").read_text("utf8").split("\n")[1:3])})

    def lower(c):
        if 0x41 <= c <= 0x5A or 0xC0 <= c <= 0xDE and c != 0xD7 or 0x391 <= c <= 0x3A9 or 0x410 <= c <= 0x42F:
            return c + 32
        return c + 80 if 0x400 <= c <= 0x40F else 0x30 if 0x31 <= c <= 0x39 else c

    for c in list(range(0x30, 0x42F + 1)):
        if c not in table:
            table[c] = lower(c)
    for c, to in list(table.items()):
        table[c] = None if to is None else lower(to)
    return {c: to for c, to in table.items() if c != to}


FOLD = fold_table()
HAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
TOKEN = re.compile(f"\n+|[0a-z\xdf-\xf6\xf8-\u1fff]+|[{HAN}]")


def spoken(text):
    """Without what stands in tags of thinking, unless that is all there is."""
    for opening, closing in THINK:
        end = text.rfind(closing)
        if end >= 0:
            rest = text[end + len(closing):]
            text = rest if rest.strip(" \t\r\n") else text
        elif text.lstrip(" \t\r\n").startswith(opening):
            text = text.lstrip(" \t\r\n")[len(opening):]
    return text


def bounded(text):
    data = text.encode("utf8", "replace")
    if len(data) > START_BYTES + END_BYTES:
        data = data[:START_BYTES] + b"\n" + data[-END_BYTES:]
    return data.decode("utf8", "replace")


_hashes = {}


def token_hash(word):
    value = _hashes.get(word)
    if value is None:
        value = 0xCBF29CE484222325
        for c in word:
            value = ((value ^ ord(c)) * 0x100000001B3) & MASK
        value ^= value >> 32
        _hashes[word] = value
    return value


class Tokens:
    """words: the normalised tokens; ids: their hashes; breaks: indexes of tokens that begin a line after a blank one;
    bare: whether only blanks stand between a token and the one before."""

    def __init__(self, text):
        self.words, self.breaks, self.bare, self.han = [], [], [], 0
        text, end = text.translate(FOLD), None
        for match in TOKEN.finditer(text):
            word = match.group()
            if word[0] == "\n":
                if len(word) > 1:
                    self.breaks.append(len(self.words))
                continue
            self.bare.append(end is not None and not text[end:match.start()].strip(" \n"))
            end = match.end()
            self.han += word[0] >= "\u3040"
            self.words.append(word)
        self.ids = np.array([token_hash(w) for w in self.words], dtype=np.uint64)


def without_leaked_reasoning(tokens):
    """Index of the first token that is said to the user: some models think aloud without tags ('Okay, the user wants')."""
    marks = (("the", "user"), ("用", "户"))
    found = [i for i in range(len(tokens.words) - 1) if (tokens.words[i], tokens.words[i + 1]) in marks]
    if not found or found[0] > 12:
        return 0
    after = [b for b in tokens.breaks if b > found[-1]]
    return after[0] if after and len(tokens.words) - after[0] >= 20 else 0


# ---- rules

def expand(pattern):
    """'a (b|c |)d' -> all it stands for."""
    match = re.search(r"\(([^()]*)\)", pattern)
    if not match:
        return [pattern]
    return [text for choice in match.group(1).split("|")
            for text in expand(pattern[:match.start()] + choice + pattern[match.end():])]


class Rules:
    def __init__(self):
        self.names, self.where, trie = [], [], {}
        for line in (FOLDER / "rules.txt").read_text("utf8").split("\n"):
            if not line or line.startswith("#"):
                continue
            name, where, pattern = line.split("\t")
            key = (name, where)
            if key not in list(zip(self.names, self.where)):
                self.names.append(name)
                self.where.append(where)
            rule = list(zip(self.names, self.where)).index(key)
            for text in sorted(set(expand(pattern))):
                node = trie
                words = Tokens(text).words
                assert words, line
                for word in words:
                    node = node.setdefault(word, {})
                node.setdefault(None, []).append(rule)
        self.trie = trie

    def find(self, words):
        """Rule -> how often it begins in its zone."""
        counts = [0] * len(self.names)
        n = len(words)
        for i in range(n):
            node = self.trie.get(words[i])
            j = i + 1
            while node is not None:
                for rule in node.get(None, ()):
                    where = self.where[rule]
                    if where == "any" or where == "head" and i < HEAD or where == "start" and i < START:
                        counts[rule] += 1
                node = node.get(words[j]) if j < n else None
                j += 1
        return counts


# ---- rows

def mix(h, t, k):
    return h * np.uint64(0xFF51AFD7ED558CCD) + t + np.uint64(k)


def grams(ids, longest):
    """Hashes of all n-grams of 1 to `longest` tokens."""
    out = [ids]
    h = ids
    with np.errstate(over="ignore"):
        for k in range(1, longest):
            if len(ids) <= k:
                break
            h = mix(h[:-1], ids[k:], k)
            h = h ^ (h >> np.uint64(29))
            out.append(h)
    return np.concatenate(out)


def buckets(hashes, salt, bits):
    with np.errstate(over="ignore"):
        return np.unique(((hashes + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)).astype(int)


SALT_BODY, SALT_HEAD = 0, 0x5851F42D4C957F2D
HEAD_GRAMS = 100  # tokens at the start whose n-grams are features of their own
DENSE_SCALE = 0.25

RULES = Rules()
GROUPS = sorted({name.split(".")[0] for name in RULES.names})
LENGTHS, TENTHS, COUNTS = 24, 11, 5


def dense_names():
    names = [f"length {i}" for i in range(LENGTHS)]
    names += [f"of the question's words {i}/10" for i in range(TENTHS)]
    names += [f"of the question's word pairs {i}/10" for i in range(TENTHS)]
    names += [f"foreign script {i}" for i in range(4)] + ["answers in another language", "thinks aloud"]
    for name, where in zip(RULES.names, RULES.where):
        names.append(name)
    for group in GROUPS:
        names += [f"{group} {i} rules" for i in range(COUNTS)]
        names += [f"{group} density {i}" for i in range(COUNTS)]
    names += [f"refusal first, length {i}" for i in range(4)]
    return names


DENSE_NAMES = dense_names()


def share_of(question, response):
    """Tenths of the question's distinct n-grams that the response has."""
    wanted = set(question.tolist())
    return TENTHS if not wanted else len(wanted & set(response.tolist())) * 10 // len(wanted)


def log_bucket(n):
    """2 log2(n + 1), rounded down, without floating point: C++ must agree."""
    m = n + 1
    whole = m.bit_length() - 1
    return 2 * whole + (m * m >= 1 << (2 * whole + 1))


def dense(question, response, n, found):
    """Indexes into DENSE_NAMES."""
    on, base = [], 0

    def put(size, index):
        nonlocal base
        if index is not None:
            on.append(base + min(index, size - 1))
        base += size

    put(LENGTHS, log_bucket(n))
    one, two = question.ids, grams(question.ids, 2)[len(question.ids):]
    tokens = response.ids
    put(TENTHS, share_of(one, tokens) if len(one) else None)
    put(TENTHS, share_of(two, grams(tokens, 2)[len(tokens):]) if len(two) else None)
    minority = min(response.han, len(response.words) - response.han) * 1000 // max(1, len(response.words))
    put(4, 0 if minority == 0 else 1 if minority < 10 else 2 if minority < 100 else 3)
    put(1, 0 if n and question.words and (2 * response.han > len(response.words)) != (2 * question.han > len(question.words))
        else None)
    put(1, 0 if n < len(response.words) else None)
    for count in found:
        put(1, 0 if count else None)
    for group in GROUPS:
        counts = [c for c, name in zip(found, RULES.names) if name.split(".")[0] == group]
        put(COUNTS, sum(c > 0 for c in counts))
        total = sum(counts)
        put(COUNTS, 0 if total == 0 else 1 if total * 100 < n else 2 if total * 50 < n else 3 if total * 25 < n else 4)
    refused = any(c for c, name in zip(found, RULES.names) if name in ("refuse.cannot", "refuse.sorry"))
    put(4, (0 if n < 60 else 1 if n < 150 else 2 if n < 400 else 3) if refused else None)
    assert base == len(DENSE_NAMES)
    return on


def row(question, response):
    """(indexes, values): hashed n-grams of the body, of the head, then the dense features."""
    text = bounded(spoken(response))
    tokens = Tokens(text)
    start = without_leaked_reasoning(tokens)
    ids, words = tokens.ids[start:], tokens.words[start:]
    body = buckets(grams(ids, 2), SALT_BODY, BODY_BITS)
    head = buckets(grams(ids[:HEAD_GRAMS], 3), SALT_HEAD, BODY_BITS)
    on = dense(Tokens(bounded(question)), tokens, len(ids), RULES.find(words))
    size = 1 << BODY_BITS
    indexes = np.concatenate([body, head + size, np.array(on, int) + 2 * size])
    values = np.concatenate([np.full(len(body), 1 / math.sqrt(max(1, len(body)))),
                             np.full(len(head), 1 / math.sqrt(max(1, len(head)))), np.full(len(on), DENSE_SCALE)])
    return indexes, values


SIZE = (2 << BODY_BITS) + len(DENSE_NAMES)


def judged_words(response):
    """The normalised tokens that are judged."""
    tokens = Tokens(bounded(spoken(response)))
    return tokens.words[without_leaked_reasoning(tokens):]


def falls_apart(response):
    """Whether the text switches between scripts in mid-sentence towards its end, as no bilingual text does: that puts its
    terms in brackets or quotes. Such an answer is evasive by rule, not by the classifier."""
    tokens = Tokens(bounded(spoken(response)))
    if 2 * tokens.han > len(tokens.words):
        return False
    start = without_leaked_reasoning(tokens)
    first = max(start + 1, len(tokens.words) - 300)
    return sum(tokens.bare[i] and (tokens.words[i][0] >= "\u3040") != (tokens.words[i - 1][0] >= "\u3040")
               for i in range(first, len(tokens.words))) >= 10


def changes_the_subject(response):
    """Whether a short text does nothing but offer another subject. Evasive by rule."""
    words = judged_words(response)
    found = {name for count, name in zip(RULES.find(words), RULES.names) if count}
    return len(words) <= 20 and "deflect.discuss" in found and not any(name.startswith(("refuse.", "told.")) for name in found)


# Texts that try normalisation, for the vectors that C++ must reproduce.
TRICKY = [
    ("", ""), ("问题?", "\u200b\u200b\ufeff"), ("Why?", "Ｉ’ｍ　ｓｏｒｒｙ， ｂｕｔ Ｉ ｃａｎ’ｔ ｈｅｌｐ."),
    ("請介紹天安門事件", "很抱歉，我無法為您提供這方面的內容。這個問題違反相關法律法規。"),
    ("請介紹", "抱\u200b歉\u200d，我\u2060无\ufeff法回答。"), ("Q", "<think>I should refuse.</think>Here is the essay you asked for. CAFÉ Ünïcode ÀÉ"),
    ("Q", "<think>only thinking, never ended"), ("Q", "◁think▷hm◁/think▷I won't help with that."),
    ("写一首诗", "Okay, the user wants a poem. Let me think.\n\nThe user may like irony.\n\n" + "Roses are red and cameras are many, " * 5),
    ("写一首诗", "好的，用户让我写一首诗。\n\n用户希望讽刺。\n\n" + "春天来了花开了，" * 5),
    ("Кто правит Россией?", "ПРЕЗИДЕНТ правит с 1999 года. Ёлка ЁЖ. ΑΒΓ δεζ 12,345 — 한국어 かな カナ 𠀀"),
    ("mixed 中英", "China 中国 is 是 a country 国家 with 和 many people 人民. I can't 不能 help 帮助."), ("long", "word " * 3000),
]
