#!/usr/bin/env python3
"""Writes unicode_data.cpp: the general category of every code point, from this Python's unicodedata.

    python3 backends/engine/make_unicode_data.py > backends/engine/unicode_data.cpp

Python 3.11 carries Unicode 14.0.0, the version of Oniguruma 6.9.8, which Hugging Face's tokenizers uses.
"""

import sys
import unicodedata

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
