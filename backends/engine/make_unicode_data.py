#!/usr/bin/env python3
"""Writes unicode_data.cpp: the general category of every code point.

    pip install unicodedata2==16.0.0
    python3 backends/engine/make_unicode_data.py > backends/engine/unicode_data.cpp

Unicode 16.0.0 is the version of the Oniguruma inside Hugging Face's tokenizers (0.22 and 0.23): all of \\p{L}, \\p{M},
\\p{N}, \\p{P}, \\p{S}, \\p{Z}, \\s and \\d were compared code point by code point and are equal.
"""

import sys

import unicodedata2 as unicodedata

CATEGORIES = ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
              "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"]

starts = []
previous = None
for code in range(0x110000):
    category = unicodedata.category(chr(code))
    if category != previous:
        starts.append(code << 5 | CATEGORIES.index(category))
        previous = category

print(f"""// Written by make_unicode_data.py: the general categories of Unicode {unicodedata.unidata_version}.
#include "backends/engine/unicode.h"

namespace assay::engine {{

// Where each run of one category starts: code point << 5 | category.
// clang-format off
const std::uint32_t category_runs[] = {{""")
for i in range(0, len(starts), 10):
    print("  " + ",".join(f"{s:#x}" for s in starts[i:i + 10]) + ",")
print(f"""}};
// clang-format on
const std::size_t category_run_count = {len(starts)};

}}  // namespace assay::engine""")
print(f"{len(starts)} runs", file=sys.stderr)
