#include "suites/math/arithmetic_questions.h"

#include <array>
#include <cassert>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace assay::arithmetic {

namespace {

// What a template is filled with. `names` are two different people.
struct Filling {
  std::int64_t a = 0, b = 0, c = 0, d = 0, e = 0;
  std::int64_t answer = 0;
};

using Draw = Filling (*)(SplitMix64&);

struct Template {
  std::string_view text;  // {N} and {M}: people; {i}: things; {a} .. {e}: numbers
  Draw draw;
};

constexpr std::array<std::string_view, 14> names = {"Anna", "Ben",   "Carla", "David", "Emma",
                                                    "Omar", "Grace", "Hugo",  "Ines",  "Jack",
                                                    "Lena", "Tom",   "Mia",   "Noah"};
constexpr std::array<std::string_view, 12> things = {"apples",  "pencils", "marbles", "stickers",
                                                     "cookies", "books",   "shells",  "stamps",
                                                     "buttons", "oranges", "cards",   "beads"};

std::string fill(std::string_view pattern, const Filling& numbers, SplitMix64& random) {
  const auto first = static_cast<size_t>(random.between(0, names.size() - 1));
  // A step of at least one and less than a full round: never the same person.
  const auto step = static_cast<size_t>(random.between(1, names.size() - 1));
  const auto thing = static_cast<size_t>(random.between(0, things.size() - 1));
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      text += pattern[i];
      continue;
    }
    switch (pattern[i + 1]) {
      case 'N':
        text += names[first];
        break;
      case 'M':
        text += names[(first + step) % names.size()];
        break;
      case 'i':
        text += things[thing];
        break;
      case 'a':
        text += std::to_string(numbers.a);
        break;
      case 'b':
        text += std::to_string(numbers.b);
        break;
      case 'c':
        text += std::to_string(numbers.c);
        break;
      case 'd':
        text += std::to_string(numbers.d);
        break;
      default:
        text += std::to_string(numbers.e);
        break;
    }
    i += 2;
  }
  return text;
}

template <size_t n>
Problem fill_one_of(const std::array<Template, n>& templates, SplitMix64& random) {
  const Template& chosen = templates[static_cast<size_t>(random.between(0, n - 1))];
  const Filling numbers = chosen.draw(random);
  return {.text = fill(chosen.text, numbers, random), .answer = numbers.answer};
}

// The same expression in one of four wordings.
Problem phrase(const std::string& expression, std::int64_t answer, SplitMix64& random) {
  switch (random.between(0, 3)) {
    case 0:
      return {.text = "What is " + expression + "?", .answer = answer};
    case 1:
      return {.text = "Calculate " + expression + ".", .answer = answer};
    case 2:
      return {.text = expression + " = ?", .answer = answer};
    default:
      return {.text = "Work out " + expression + ".", .answer = answer};
  }
}

std::int64_t number_of_digits(std::int64_t digits, SplitMix64& random) {
  std::int64_t low = 1;
  for (std::int64_t i = 1; i < digits; ++i) low *= 10;
  return random.between(low, 10 * low - 1);
}

// a + b or a - b >= 0, each number with between `low` and `high` digits.
Problem additive(std::int64_t low, std::int64_t high, SplitMix64& random) {
  const bool adds = random.between(0, 1) == 0;
  const std::int64_t digits_a = random.between(low, high);
  const std::int64_t digits_b = random.between(low, high);
  std::int64_t a = number_of_digits(digits_a, random);
  std::int64_t b = number_of_digits(digits_b, random);
  if (adds) return phrase(fmt::format("{} + {}", a, b), a + b, random);
  if (a < b) std::swap(a, b);
  return phrase(fmt::format("{} - {}", a, b), a - b, random);
}

Problem times_table(SplitMix64& random) {
  const bool multiplies = random.between(0, 1) == 0;
  const std::int64_t a = random.between(2, 12);
  const std::int64_t b = random.between(2, 12);
  if (multiplies) return phrase(fmt::format("{} * {}", a, b), a * b, random);
  return phrase(fmt::format("{} / {}", a * b, b), a, random);
}

constexpr std::array<Template, 16> one_step = [] {
  constexpr Draw add = [](SplitMix64& random) {
    Filling f{.a = random.between(5, 99), .b = random.between(5, 99)};
    f.answer = f.a + f.b;
    return f;
  };
  constexpr Draw subtract = [](SplitMix64& random) {
    Filling f{.a = random.between(12, 99)};
    f.b = random.between(3, f.a - 2);
    f.answer = f.a - f.b;
    return f;
  };
  constexpr Draw multiply = [](SplitMix64& random) {
    Filling f{.a = random.between(2, 12), .b = random.between(2, 12)};
    f.answer = f.a * f.b;
    return f;
  };
  constexpr Draw divide = [](SplitMix64& random) {
    Filling f{.b = random.between(2, 12), .answer = random.between(2, 12)};
    f.a = f.b * f.answer;
    return f;
  };
  return std::array<Template, 16>{{
      {"{N} has {a} {i} and buys {b} more. How many {i} does {N} have now?", add},
      {"There are {a} {i} on one shelf and {b} on another. How many {i} are there in total?", add},
      {"{N} found {a} {i} on Monday and {b} on Tuesday. How many {i} did {N} find in total?", add},
      {"A shop sold {a} {i} in the morning and {b} in the afternoon. How many {i} did it sell?",
       add},
      {"{N} had {a} {i} and gave away {b}. How many {i} are left?", subtract},
      {"A box holds {a} {i}. {N} takes out {b} of them. How many {i} are left?", subtract},
      {"{N} needs {a} {i} and already has {b}. How many more {i} does {N} need?", subtract},
      {"There were {a} {i} for sale and {b} of them were sold. How many {i} were not sold?",
       subtract},
      {"{N} has {a} bags with {b} {i} in each. How many {i} does {N} have?", multiply},
      {"There are {a} rows of {b} {i}. How many {i} are there in total?", multiply},
      {"Each box holds {b} {i}. How many {i} are in {a} boxes?", multiply},
      {"In a shop {i} cost {b} coins each. How many coins does {N} pay for {a} {i}?", multiply},
      {"{N} shares {a} {i} equally among {b} friends. How many {i} does each friend get?", divide},
      {"{N} packs {a} {i} into boxes of {b}. How many boxes are filled?", divide},
      {"{N} puts {a} {i} in {b} equal rows. How many {i} are in each row?", divide},
      {"A teacher shares {a} {i} equally among {b} tables. How many {i} does each table get?",
       divide},
  }};
}();

// Three numbers and two operations; a result may be negative.
Problem two_operations(SplitMix64& random) {
  const std::int64_t form = random.between(0, 5);
  const std::int64_t a = random.between(2, 20);
  const std::int64_t b = random.between(2, 12);
  const std::int64_t c = random.between(2, 9);
  switch (form) {
    case 0:
      return phrase(fmt::format("{} + {} * {}", a, b, c), a + b * c, random);
    case 1:
      return phrase(fmt::format("{} * {} - {}", b, c, a), b * c - a, random);
    case 2:
      return phrase(fmt::format("({} + {}) * {}", a, b, c), (a + b) * c, random);
    case 3:
      return phrase(fmt::format("{} * ({} + {})", c, a, b), c * (a + b), random);
    case 4:
      return phrase(fmt::format("{} - {} * {}", a, b, c), a - b * c, random);
    default:
      return phrase(fmt::format("{} / {} + {}", b * c, c, a), b + a, random);
  }
}

Problem large_numbers(SplitMix64& random) {
  const std::int64_t form = random.between(0, 3);
  if (form == 0) return additive(5, 6, random);
  if (form == 1) {
    const std::int64_t a = random.between(100, 9999);
    const std::int64_t b = random.between(3, 9);
    return phrase(fmt::format("{} * {}", a, b), a * b, random);
  }
  if (form == 2) {
    const std::int64_t a = random.between(13, 99);
    const std::int64_t b = random.between(13, 99);
    return phrase(fmt::format("{} * {}", a, b), a * b, random);
  }
  const std::int64_t quotient = random.between(34, 1200);
  const std::int64_t divisor = random.between(3, 9);
  return phrase(fmt::format("{} / {}", quotient * divisor, divisor), quotient, random);
}

Problem parts_of_numbers(SplitMix64& random) {
  const std::int64_t form = random.between(0, 2);
  if (form == 0) {
    const std::int64_t a = random.between(20, 999);
    const std::int64_t b = random.between(3, 12);
    return {.text = fmt::format("What is the remainder when {} is divided by {}?", a, b),
            .answer = a % b};
  }
  if (form == 1) {
    // Multiples of 5 percent of multiples of 20 are whole.
    const std::int64_t percent = 5 * random.between(1, 19);
    const std::int64_t whole = 20 * random.between(1, 40);
    return phrase(fmt::format("{}% of {}", percent, whole), whole * percent / 100, random);
  }
  const std::int64_t below = random.between(3, 9);
  const std::int64_t above = random.between(2, below - 1);
  const std::int64_t part = random.between(3, 60);
  return phrase(fmt::format("{}/{} of {}", above, below, part * below), part * above, random);
}

constexpr std::array<Template, 8> two_step = [] {
  constexpr Draw add_subtract = [](SplitMix64& random) {
    Filling f{.a = random.between(12, 99), .b = random.between(12, 99)};
    f.c = random.between(5, f.a + f.b - 3);
    f.answer = f.a + f.b - f.c;
    return f;
  };
  constexpr Draw multiply_add = [](SplitMix64& random) {
    Filling f{.a = random.between(3, 9), .b = random.between(4, 25), .c = random.between(5, 60)};
    f.answer = f.a * f.b + f.c;
    return f;
  };
  constexpr Draw multiply_subtract = [](SplitMix64& random) {
    Filling f{.a = random.between(3, 9), .b = random.between(4, 25)};
    f.c = random.between(3, f.a * f.b - 2);
    f.answer = f.a * f.b - f.c;
    return f;
  };
  constexpr Draw add_multiply = [](SplitMix64& random) {
    Filling f{.a = random.between(8, 30), .b = random.between(8, 30), .c = random.between(2, 9)};
    f.answer = (f.a + f.b) * f.c;
    return f;
  };
  constexpr Draw subtract_divide = [](SplitMix64& random) {
    Filling f{.b = random.between(3, 30), .c = random.between(2, 9)};
    f.answer = random.between(2, 12);
    f.a = f.answer * f.c + f.b;
    return f;
  };
  constexpr Draw add_divide = [](SplitMix64& random) {
    Filling f{.c = random.between(3, 9)};
    f.answer = random.between(4, 12);
    f.a = random.between(5, f.answer * f.c - 5);
    f.b = f.answer * f.c - f.a;
    return f;
  };
  constexpr Draw divide_add = [](SplitMix64& random) {
    Filling f{.b = random.between(2, 9), .c = random.between(3, 40)};
    const std::int64_t share = random.between(2, 12);
    f.a = share * f.b;
    f.answer = share + f.c;
    return f;
  };
  constexpr Draw change = [](SplitMix64& random) {
    Filling f{.a = random.between(3, 9), .b = random.between(4, 25)};
    f.answer = random.between(2, 60);
    f.c = f.a * f.b + f.answer;
    return f;
  };
  return std::array<Template, 8>{{
      {"{N} has {a} {i}, buys {b} more and then gives away {c}. How many {i} are left?",
       add_subtract},
      {"{N} has {a} boxes of {b} {i} and {c} more in a bag. How many {i} does {N} have in total?",
       multiply_add},
      {"{N} buys {a} bags of {b} {i} and gives away {c} of them. How many {i} are left?",
       multiply_subtract},
      {"A school has {a} boys and {b} girls. Each child gets {c} {i}. How many {i} are needed?",
       add_multiply},
      {"{N} had {a} {i}, lost {b} and shared the rest equally among {c} friends. How many {i} did "
       "each friend get?",
       subtract_divide},
      {"{N} has {a} red {i} and {b} blue {i} and packs them all into boxes of {c}. How many boxes "
       "are filled?",
       add_divide},
      {"{N} shares {a} {i} equally among {b} friends. {M}, one of the friends, already had {c}. "
       "How many {i} does {M} have now?",
       divide_add},
      {"In a shop {i} cost {b} coins each. {N} buys {a} {i} and pays with {c} coins. How many "
       "coins does {N} get back?",
       change},
  }};
}();

constexpr std::array<Template, 6> three_step = [] {
  constexpr Draw two_products = [](SplitMix64& random) {
    Filling f{.a = random.between(3, 9),
              .b = random.between(4, 25),
              .c = random.between(3, 9),
              .d = random.between(4, 25)};
    f.e = random.between(5, f.a * f.b + f.c * f.d - 4);
    f.answer = f.a * f.b + f.c * f.d - f.e;
    return f;
  };
  constexpr Draw percent_left = [](SplitMix64& random) {
    Filling f{.a = 20 * random.between(3, 40), .b = 5 * random.between(2, 18)};
    const std::int64_t rest = f.a - f.a * f.b / 100;
    f.c = random.between(2, rest - 1);
    f.answer = rest - f.c;
    return f;
  };
  constexpr Draw fraction_left = [](SplitMix64& random) {
    Filling f{.c = random.between(3, 9)};
    f.b = random.between(2, f.c - 1);
    const std::int64_t part = random.between(4, 40);
    f.a = part * f.c;
    f.d = random.between(2, part * f.b - 2);
    f.answer = part * f.b - f.d;
    return f;
  };
  constexpr Draw pages = [](SplitMix64& random) {
    Filling f{.a = random.between(8, 30),
              .b = random.between(3, 9),
              .c = random.between(8, 30),
              .d = random.between(3, 9)};
    f.answer = random.between(5, 99);
    f.e = f.a * f.b + f.c * f.d + f.answer;
    return f;
  };
  constexpr Draw trays = [](SplitMix64& random) {
    Filling f{.a = random.between(4, 12), .d = random.between(3, 9)};
    f.b = random.between(6, 20);
    f.answer = random.between(2, f.a * f.b / f.d);
    f.c = f.a * f.b - f.answer * f.d;
    return f;
  };
  constexpr Draw times_as_many = [](SplitMix64& random) {
    Filling f{.a = random.between(6, 40), .b = random.between(2, 9), .c = random.between(5, 99)};
    f.answer = f.a + f.a * f.b + f.c;
    return f;
  };
  return std::array<Template, 6>{{
      {"{N} buys {a} boxes of {b} {i} and {c} bags of {d} {i} and then gives away {e}. How many "
       "{i} are left?",
       two_products},
      {"A shop has {a} {i}. It sells {b}% of them on Monday and {c} more on Tuesday. How many {i} "
       "are left?",
       percent_left},
      {"{N} has {a} {i} and {b}/{c} of them are red. {N} gives away {d} red {i}. How many red {i} "
       "are left?",
       fraction_left},
      {"{N} reads {a} pages a day for {b} days and then {c} pages a day for {d} days. The book has "
       "{e} pages. How many pages are left?",
       pages},
      {"{N} has {a} bags of {b} {i}, gives away {c} {i} and packs the rest into boxes of {d}. How "
       "many boxes are filled?",
       trays},
      {"{N} has {a} {i}. {M} has {b} times as many. There are {c} more in a box. How many {i} are "
       "there in total?",
       times_as_many},
  }};
}();

// Four or five numbers and three or four operations.
Problem long_expression(SplitMix64& random) {
  const std::int64_t form = random.between(0, 3);
  const std::int64_t a = random.between(5, 40);
  const std::int64_t b = random.between(3, 30);
  const std::int64_t c = random.between(2, 9);
  const std::int64_t d = random.between(2, 9);
  const std::int64_t e = random.between(10, 99);
  switch (form) {
    case 0:
      return phrase(fmt::format("({} + {}) * {} - {}", a, b, c, e), (a + b) * c - e, random);
    case 1:
      return phrase(fmt::format("{} * {} + {} * {} - {}", a, c, b, d, e), a * c + b * d - e,
                    random);
    case 2:
      return phrase(fmt::format("{} - ({} - {}) * {}", e, a, b, c), e - (a - b) * c, random);
    default:
      return phrase(fmt::format("({} + {} * {}) * {}", a, b, c, d), (a + b * c) * d, random);
  }
}

Problem three_operations(SplitMix64& random) {
  if (random.between(0, 1) == 0) return long_expression(random);
  return fill_one_of(three_step, random);
}

}  // namespace

std::uint64_t SplitMix64::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::int64_t SplitMix64::between(std::int64_t low, std::int64_t high) {
  assert(low <= high);
  return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
}

Problem draw_problem(int level, SplitMix64& random) {
  Problem problem;
  switch (level) {
    case 1:
      problem = additive(1, 1, random);
      break;
    case 2:
      problem = additive(2, 2, random);
      break;
    case 3:
      problem = times_table(random);
      break;
    case 4:
      problem = additive(3, 4, random);
      break;
    case 5:
      problem = fill_one_of(one_step, random);
      break;
    case 6:
      problem = two_operations(random);
      break;
    case 7:
      problem = large_numbers(random);
      break;
    case 8:
      problem = parts_of_numbers(random);
      break;
    case 9:
      problem = fill_one_of(two_step, random);
      break;
    default:
      problem = three_operations(random);
      break;
  }
  problem.level = level;
  return problem;
}

std::vector<Problem> problems(std::uint64_t seed) {
  SplitMix64 seeds(seed);
  std::set<std::string> seen;
  std::vector<Problem> all;
  for (int level = 1; level <= level_count; ++level) {
    SplitMix64 random(seeds.next());
    // The smallest level has 504 different texts, so repeats are rare and this ends.
    for (int count = 0; count < questions_per_level;) {
      Problem problem = draw_problem(level, random);
      if (!seen.insert(problem.text).second) continue;
      all.push_back(std::move(problem));
      ++count;
    }
  }
  return all;
}

}  // namespace assay::arithmetic
