#include "tests/hostile_texts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <string_view>
#include <utility>

namespace assay {
namespace {

constexpr std::array<std::string_view, 91> pieces = {"(",
                                                     "[",
                                                     "{",
                                                     "|",
                                                     ")",
                                                     "\\frac{1}{",
                                                     "\\frac{1}{2}",
                                                     "1+",
                                                     "x^",
                                                     "x^2+",
                                                     "2x ",
                                                     "\\boxed{",
                                                     "\\boxed{1}",
                                                     "$",
                                                     "$$",
                                                     "$x$ ",
                                                     "\\text{",
                                                     "9",
                                                     "9,",
                                                     "1, ",
                                                     "1 ",
                                                     "(a) ",
                                                     "\xE4\xB8\x80",
                                                     "\xE5\x8F\x88",
                                                     "\xE5\x88\x86\xE4\xB9\x8B",
                                                     "is ",
                                                     "=",
                                                     "x=1 or ",
                                                     "\\sqrt",
                                                     "\\sqrt{2}+",
                                                     "\\sqrt[3]{x}",
                                                     "]",
                                                     "\\left(",
                                                     "&",
                                                     "\\\\",
                                                     "\\begin{cases}",
                                                     "\\begin{pmatrix}1&2\\\\",
                                                     "sin",
                                                     "\\sin x",
                                                     "\xFF",
                                                     "\xE2\x91\xA0",
                                                     "f^{-1}(",
                                                     "f(x)",
                                                     "0.",
                                                     "3...",
                                                     "A_{16}",
                                                     "(k\\in Z)",
                                                     "where k is an integer ",
                                                     "$5 ",
                                                     "answer is ",
                                                     "Final Answer: The final answer is ",
                                                     "The final answer is $5$. ",
                                                     "Answer: ",
                                                     "\\cup",
                                                     "(1,2)\\cup",
                                                     "-",
                                                     "!",
                                                     "9!",
                                                     "^\\circ",
                                                     "%",
                                                     " ",
                                                     "\n",
                                                     "\n\n",
                                                     "a",
                                                     "a ",
                                                     ". ",
                                                     "1. ",
                                                     "**",
                                                     "_",
                                                     "\\",
                                                     "\\(",
                                                     "\\[",
                                                     "#### ",
                                                     "<think>",
                                                     "</think>",
                                                     "<answer>",
                                                     "\xE7\xAD\x94\xE6\xA1\x88\xE6\x98\xAF",
                                                     "<<1+",
                                                     "\\pm ",
                                                     "\\log_2 ",
                                                     "1:",
                                                     "\\sum_{k=1}^{n} ",
                                                     "5 m/s ",
                                                     "\\int ",
                                                     "x<1, ",
                                                     "one hundred and ",
                                                     "(1",
                                                     "-$5",
                                                     "$1,000",
                                                     "(B) ",
                                                     "A. "};

// What opens something that never closes: rules that read on and then go back are slow where these
// nest.
constexpr std::array<std::string_view, 24> openers = {
    "\\frac{", "\\frac ", "\\binom{", "\\sqrt{", "\\sqrt[",     "\\sqrt ",
    "x^{",     "x_{",     "\\log_{",  "\\text{", "\\boxed{",    "f(",
    "(",       "[1,",     "\\left(",  "\\left|", "|",           "\\{",
    "-",       "\\lim_{", "\\sum_{",  "\\int_{", "\\overline{", "\\begin{array}{"};

// Of one answer, in bytes; somewhat less than what is read of it.
constexpr std::array<std::size_t, 3> pair_lengths = {60, 160, 500};

// Terms and factors, one after the other.
constexpr std::array<std::string_view, 72> terms = {
    "999999999999999999999999999999999999999999999999999999999999+",
    "999999999999999999999999999999999999999999999999999999999999*",
    "\\frac{7}{13}+",
    "\\frac{777777777777777777777}{999999999999999999999}+",
    "2^{99}+",
    "3^{99}*",
    "9^{9^9}+",
    "99!+",
    "99!/98!*",
    "\\binom{200}{99}+",
    "\\sum_{k=1}^{99}k^2+",
    "\\sum_{k=1}^{99}x^k+",
    "\\sum_{k=1}^{99}\\sin k+",
    "\\int_0^1 x^9 dx+",
    "\\lim_{x\\to 0}\\frac{\\sin x}{x}+",
    "\\sin x+",
    "\\sin^2 x+",
    "\\sqrt{2}+",
    "\\sqrt{2}",
    "\\sqrt[3]{7}+",
    "\\log_2 3+",
    "e^{x}+",
    "\\pi^{9}+",
    "(1+i)^{60}+",
    "(x+i)^{9}+",
    "(x+1)^{20}",
    "(x+y+z)^{9}+",
    "\\frac{1}{x+1}+",
    "|x-1|+",
    "1^\\circ+",
    "1^\\circ 2'3''+",
    "5\\%+",
    "0.\\overline{3}+",
    "ZZ_{36}+",
    "1\\frac{1}{2}+",
    "5 m/s+",
    "5 kg ",
    "一百二十三加",
    "one hundred and twenty three plus ",
    "7^{99} \\pmod{13}+",
    "\\gcd(123456,7890)+",
    "\\lfloor 7.5\\rfloor+",
    "P(9,3)+",
    "C(9,3)+",
    "A_9^3+",
    "½+",
    "\\tan\\frac{\\pi}{7}",
    "\\arcsin\\frac{1}{3}+",
    "\\Gamma(5)+",
    "\\pm1+",
    "1:",
    "1:23:",
    "1969-07-",
    "1.5\\times 10^{9}+",
    "1,234,567+",
    "2\\vec{i}+3\\vec{j}+",
    "\\angle ABC+",
    "\\triangle ABC\\sim ",
    "(1,2)\\cup ",
    "\\mathbb{R}\\setminus\\{1\\}\\cup ",
    "\\{x|x>1\\}\\cup ",
    "k\\pi+",
    "x\\ne 1,",
    "x=k\\pi,",
    "3(1,2,x)+",
    "t(1,2)",
    "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
    "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}+",
    "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}^T",
    "\\begin{pmatrix}x&y\\\\3&x+1\\end{pmatrix}",
    "\\begin{pmatrix}1&2&3\\\\3&4&5\\\\5&6&7\\end{pmatrix}",
    "x+"};

struct Nest {
  std::string_view open;
  std::string_view core;
  std::string_view close;
};

constexpr std::array<Nest, 44> nests = {{{"\\sqrt{1+", "2", "}"},
                                         {"\\sqrt{x+", "2", "}"},
                                         {"\\sin(", "x", ""},
                                         {"\\sin(", "x", ")"},
                                         {"\\frac{1}{1+", "2", "}"},
                                         {"\\frac{x}{1+", "x", "}"},
                                         {"-", "x", ""},
                                         {"-(", "x", ")"},
                                         {"2^{", "2", "}"},
                                         {"x^{", "x", "}"},
                                         {"(", "3", ")!"},
                                         {"\\log_2(", "9", ")"},
                                         {"\\ln(", "9", ")"},
                                         {"|x-", "2", "|"},
                                         {"\\left|x-", "2", "\\right|"},
                                         {"\\{1,", "1", "\\}"},
                                         {"(1,", "1", ")"},
                                         {"\\sum_{k=1}^{5}(", "k", ")"},
                                         {"\\prod_{k=1}^{5}", "k", ""},
                                         {"\\sum_{k=1}^{9}\\frac{1}{", "k", "}"},
                                         {"\\int_0^1", "x", " dx"},
                                         {"\\lim_{x\\to 0}", "x", ""},
                                         {"\\binom{", "9", "}{2}"},
                                         {"\\lfloor ", "7.5", "\\rfloor"},
                                         {"e^{", "x", "}"},
                                         {"\\gcd(12,", "9", ")"},
                                         {"\\max(1,", "x", ")"},
                                         {"f(", "x", ")"},
                                         {"(1+", "x", ")^{2}"},
                                         {"(1+", "x", ")^9"},
                                         {"(1+i", "x", ")^2"},
                                         {"(", "5", ")\\%"},
                                         {"\\pm(1+", "x", ")"},
                                         {"\\sqrt[3]{x+", "2", "}"},
                                         {"\\sin(1^\\circ+", "x", ")"},
                                         {"\\text{", "x", "}"},
                                         {"\\begin{pmatrix}", "1", "&1\\\\2&3\\end{pmatrix}"},
                                         {"\\begin{cases}", "1", "&x>0\\\\1&x<0\\end{cases}"},
                                         {"\\overline{", "7", "}"},
                                         {"\\arctan(", "x", ")"},
                                         {"\\{", "1", "\\}"},
                                         {"\\tan(", "x", ")"},
                                         {"(x+", "1", ")(x-1)"},
                                         {"\\frac{", "x", "}{2}"}}};

// Members of a list; '#' stands for the number of each, '@' for the number after it.
constexpr std::array<std::string_view, 20> members = {
    "#",      "\\frac{#}{@}", "\\sqrt{@}",  "x^#+#",      "\\sin @", "x_{#}=#", "(#,@)",
    "@^{99}", "\\log_{@}7",   "\\pm @",     "x=#",        "x^2=#",   "[#,#.5]", "#^\\circ",
    "# m",    "2@!",          "\\text{a#}", "\\cos(x+#)", "@:#",     "x>#"};
constexpr std::array<std::string_view, 7> joiners = {", ", " or ", "+", ")(", "\\cup ", "<", "="};

std::string repeated(std::string_view term, std::size_t length) {
  std::string text;
  do {
    text += term;
  } while (text.size() + term.size() + 1 <= length);
  return text;
}

std::string nested(const Nest& nest, std::string_view core, std::size_t length) {
  constexpr std::size_t depth_max = 60;
  std::string text(core);
  for (std::size_t depth = 0; depth < depth_max; ++depth) {
    if (text.size() + nest.open.size() + nest.close.size() > length) break;
    text.insert(0, nest.open).append(nest.close);
  }
  return text;
}

std::string member(std::string_view pattern, int number) {
  std::string text;
  for (const char c : pattern) {
    if (c == '#' || c == '@') {
      text += std::to_string(c == '#' ? number : number + 1);
    } else {
      text += c;
    }
  }
  return text;
}

// Numbered from `first` on, or down to it.
std::string list(std::string_view pattern, std::string_view joiner, int first, int count,
                 bool down) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    if (i > 0) text += joiner;
    text += member(pattern, down ? first + count - 1 - i : first + i);
  }
  return text;
}

struct Pairs {
  void add(const std::string& name, const std::string& gold, const std::string& answer) {
    all.push_back({name, gold + '\n' + answer});
  }

  // Two long formulas beside each other, as values, equations, inequalities and families.
  void add_formulas(const std::string& name, const std::string& gold, const std::string& answer) {
    add(name, gold, answer);
    add(name + ", equations", "y=" + gold, answer + "=y");
    add(name + ", inequalities", gold + ">x", answer + "<x+1");
    add(name + ", families", gold + ", k\\in\\mathbb{Z}", answer + ", k\\in\\mathbb{Z}");
    add(name + ", sets", "\\{" + gold + "," + answer + "\\}", "\\{" + answer + "," + gold + "\\}");
  }

  std::vector<HostileText> all;
};

void add_lists(Pairs& pairs, std::string_view pattern, int count) {
  const std::string name = std::to_string(count) + " times '" + std::string(pattern) + "'";
  for (const std::string_view joiner : joiners) {
    const std::string up = list(pattern, joiner, 1, count, false);
    constexpr std::size_t length_max = 510;
    if (up.size() > length_max) continue;
    const std::string between = name + " with '" + std::string(joiner) + "'";
    pairs.add(between, up, list(pattern, joiner, 1, count, true));
    pairs.add(between + ", one off", up, list(pattern, joiner, 2, count, true));
    pairs.add(between + ", a set", "\\{" + up + "\\}",
              "\\{" + list(pattern, joiner, 1, count, true) + "\\}");
  }
}

}  // namespace

std::vector<HostileText> hostile_texts(int mixtures) {
  std::vector<HostileText> texts;
  for (const std::string_view piece : pieces) {
    for (const std::size_t length : {120U, 510U, 4000U, 65'000U, 1'100'000U}) {
      std::string text;
      while (text.size() < length) text += piece;
      text.resize(length);
      texts.push_back(
          {"'" + std::string(piece) + "' x " + std::to_string(length) + " bytes", std::move(text)});
    }
  }
  for (const std::string_view first : openers) {
    for (const std::string_view second : openers) {
      std::string text;
      while (text.size() + first.size() + second.size() < 510) (text += first) += second;
      texts.push_back(
          {"'" + std::string(first) + std::string(second) + "' nested", std::move(text)});
    }
  }
  std::mt19937 random(20'260'122);
  for (int i = 0; i < mixtures; ++i) {
    std::string text;
    const std::size_t length = 100U << (random() % 5);
    while (text.size() < length) text += pieces.at(random() % pieces.size());
    if (random() % 2 == 0) text.insert(text.size() / 2, 1, '\n');
    std::string begin = text.substr(0, 80);
    std::replace(begin.begin(), begin.end(), '\n', ' ');
    texts.push_back(
        {"mixture " + std::to_string(i) + " of " + std::to_string(length) + " bytes: " + begin,
         std::move(text)});
  }
  return texts;
}

std::vector<HostileText> hostile_pairs() {
  Pairs pairs;
  for (const std::size_t length : pair_lengths) {
    const std::string bytes = " in " + std::to_string(length) + " bytes";
    for (const std::string_view term : terms) {
      const std::string text = repeated(term, length);
      pairs.add_formulas("'" + std::string(term) + "'" + bytes, text + "1", text + "2");
    }
    for (const Nest& nest : nests) {
      const std::string name = "'" + std::string(nest.open) + "' nested" + bytes;
      pairs.add_formulas(name, nested(nest, nest.core, length), nested(nest, "x+1", length));
    }
    // An equation solved for y, put into another one.
    const std::string sum = repeated("x+", length / 2) + "1";
    pairs.add("y put in" + bytes, "y=" + sum, repeated("y+", length / 2) + "x=5");
    pairs.add("y put in, product" + bytes, "y=" + sum, repeated("(y+x)", length / 2) + "=5");
  }
  for (const std::string_view pattern : members) {
    for (const int count : {6, 12, 25, 50, 100}) add_lists(pairs, pattern, count);
  }
  const std::string cases = list("x^#&x>#", "\\\\", 1, 40, false);
  pairs.add("40 cases", "\\begin{cases}" + cases + "\\end{cases}",
            "\\begin{cases}" + list("x^#&x>#", "\\\\", 1, 40, true) + "\\end{cases}");
  return std::move(pairs.all);
}

}  // namespace assay
