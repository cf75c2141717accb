#include "suites/math/equivalence.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_strings.h"
#include "suites/math/equivalence_votes.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/read.h"
#include "suites/math/expression/unwrap.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

constexpr std::size_t raw_max = 4096;    // bytes looked at; the end of a text holds its answer
constexpr std::size_t readings_max = 4;  // of one side
// What a judgement may cost, reading included, and one against several references; what reading one
// token is taken to cost. A text is read once whatever it costs, and once more only where that
// leaves enough to compare.
constexpr std::int64_t judgement_ns = 400'000;
constexpr std::int64_t references_ns = 300'000;
constexpr std::int64_t token_read_ns = 1200;
constexpr std::int64_t comparing_ns = Budget{}.left_ns;
constexpr std::int64_t comparing_min_ns = 100'000;

std::string take(std::string_view raw, const Policy& policy) {
  if (raw.size() > raw_max) raw.remove_prefix(raw.size() - raw_max);
  // The conventions of strings have rules of their own for what stands around an answer.
  if (policy.method != Method::value) return std::string(trim(raw));
  return unwrap(raw, policy.prose);
}

// "600 = 15h => h = 40" comes to h = 40.
std::string_view conclusion(std::string_view cleaned) {
  std::size_t behind = 0;
  for (const std::string_view arrow :
       {"\\Rightarrow", "\\implies", "\\Longrightarrow", "\\therefore"}) {
    const auto at = find_last(cleaned, arrow);
    if (at != std::string_view::npos) behind = std::max(behind, at + arrow.size());
  }
  const std::string_view rest = trim(cleaned.substr(behind));
  const auto opened = std::count(rest.begin(), rest.end(), '{');
  return rest.empty() || opened != std::count(rest.begin(), rest.end(), '}') ? cleaned : rest;
}

// "(k \\in Z)" and "where k is an integer" behind an answer become ", k \\in Z".
std::string with_declaration(std::string text) {
  for (const std::string_view said :
       {"is an integer", "is any integer", "are integers", "为整数", "是整数", "为任意整数"}) {
    const auto at = text.find(said);
    if (at == std::string::npos || at == 0) continue;
    std::size_t letter = at;
    for (const std::string_view group : {"\\text{ ", "\\text{"}) {
      if (std::string_view(text).substr(0, letter).ends_with(group)) letter -= group.size();
    }
    while (letter > 0 && !is_ascii_letter(text[letter - 1])) --letter;
    if (letter < 1 || (letter > 1 && is_ascii_letter(text[letter - 2]))) return text;
    std::string_view before = trim(std::string_view(text).substr(0, letter - 1));
    for (const std::string_view word :
         {"(", "}", "where", "with", "for", "\\text{", "其中", ",", "\\text{"}) {
      if (before.ends_with(word)) before = trim(before.substr(0, before.size() - word.size()));
    }
    return std::string(before) + ", " + text[letter - 1] + " \\in \\mathbb{Z}";
  }
  const auto open = text.rfind('(');
  const bool bracket = open != std::string::npos && open > 0 && text.back() == ')';
  if (!bracket) return text;
  const std::string_view inside = trim(std::string_view(text).substr(open + 1));
  const std::string_view behind = inside.size() < 5 ? inside : trim(inside.substr(1));
  if (!behind.starts_with("\\in ") && !behind.starts_with("\\in\\")) return text;
  return text.substr(0, open) + ", " + text.substr(open + 1, text.size() - open - 2);
}

std::string prepare(std::string_view taken) {
  if (taken.size() > length_max) return std::string(taken);
  std::string cleaned = with_declaration(clean(trim(taken)));
  return std::string(trim(spell_signs(spell_out(conclusion(cleaned)))));
}

bool nests_too_deeply(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth > nesting_max) return true;
  }
  return false;
}

struct Side {
  std::string text;  // prepared
  std::vector<ParseOptions> options;
  std::vector<ReadAnswer> readings;  // the first is the ordinary one
};

Side read_side(std::string text, const Policy& policy, Budget& budget) {
  Side side{.text = std::move(text)};
  const auto add = [&](const ParseOptions& options) {
    const bool again = !side.readings.empty();
    const auto cost_ns = [](const ReadAnswer& read) {
      return static_cast<std::int64_t>(read.tokens) * token_read_ns;
    };
    if (again && budget.left_ns - cost_ns(side.readings.front()) < comparing_ns) return;
    ReadAnswer answer = read_answer(side.text, options);
    budget.spend(cost_ns(answer));
    if (again && !answer.problem.empty()) return;
    const std::optional<Node> pairs =
        again ? std::nullopt : with_signs_together(answer.node, budget);
    answer.node = normalize(std::move(answer.node), budget);
    side.readings.push_back(std::move(answer));
    side.options.push_back(options);
    if (!pairs) return;
    // (+-2, +-1) may be two points or four.
    side.readings.push_back({.node = *pairs});
    side.options.push_back(options);
  };
  if (side.text.size() > length_max || nests_too_deeply(side.text)) {
    ReadAnswer answer;
    answer.node = make_text(side.text.substr(0, 64));
    answer.problem = side.text.size() > length_max ? "too long" : "nested too deeply";
    side.readings.push_back(std::move(answer));
    side.options.emplace_back();
    return side;
  }
  add({});
  const ReadAnswer first = side.readings.front();
  if (first.commas_ambiguous) {
    add({.commas = Commas::list});
    if (policy.decimal_comma) add({.commas = Commas::decimal});
  }
  if (first.slash_ambiguous) add({.slash_takes_product = true});
  if (first.letters_ambiguous && side.readings.size() < readings_max)
    add({.letters_are_units = true, .powers_of_ten = first.powers_ambiguous});
  if (first.chemical_ambiguous) add({.chemical = true});
  if (first.words_ambiguous) add({.words_are_products = true});
  if (first.powers_ambiguous) add({.powers_of_ten = true});
  return side;
}

// The letters of a formula in the order in which they stand.
std::string letters_in_order(const Node& node) {
  std::string letters = node.kind == Kind::symbol ? node.name : std::string();
  for (const Node& child : node.children) letters += letters_in_order(child);
  return letters;
}

// 5 mg is a product beside a formula; beside another measure only where its letters stand in the
// same order, for 5 mN is no 5 N m.
bool is_product_beside(const Node& self, const Node& other, const ReadAnswer& first) {
  const bool measure = first.node.kind == Kind::quantity || first.letters_ambiguous;
  return !measure ||
         (other.kind != Kind::quantity && letters_in_order(self) == letters_in_order(other));
}

// An unusual reading counts only beside something that makes it likely.
bool plausible(const ParseOptions& options, const Node& self, const Node& other) {
  const bool several = other.kind == Kind::list || other.kind == Kind::set ||
                       other.kind == Kind::relation || other.kind == Kind::choice;
  if (options.chemical) return other.kind == Kind::text;
  if (options.commas == Commas::list) return several;
  if (options.commas == Commas::decimal)
    return self.kind != Kind::list && self.kind != Kind::relation && !several;
  return true;
}

// What stands for the imaginary unit beside a tree with i in it: I in computer algebra, and j where
// engineers add it to a real number.
std::string imaginary_letter(const Node& node, const Node& other) {
  const auto is_unit = [](const Node& n) { return n.kind == Kind::constant && n.name == "i"; };
  if (!contains(other, is_unit) || contains(node, is_unit)) return {};
  const auto names = free_symbols(node);
  if (names.contains("I")) return "I";
  const bool complex =
      node.kind == Kind::add && names.size() == 1 && node.children.front().kind == Kind::number;
  return complex && names.contains("j") ? "j" : std::string();
}

// One of two sides written with another letter for i.
std::optional<Comparison> compare_with_unit(const Node& gold, const Node& answer,
                                            const Policy& policy, Budget& budget) {
  const Node unit{.kind = Kind::constant, .name = "i"};
  const std::string in_gold = imaginary_letter(gold, answer);
  const std::string in_answer = imaginary_letter(answer, gold);
  if (in_gold.empty() && in_answer.empty()) return std::nullopt;
  const auto rewritten = [&](const Node& node, const std::string& letter) {
    return letter.empty() ? node : substituted(node, letter, unit, budget);
  };
  return Comparer(policy, budget).compare(rewritten(gold, in_gold), rewritten(answer, in_answer));
}

Comparison compare_sides(const Side& gold, const Side& answer, const Policy& policy,
                         Budget& budget) {
  Comparison first;
  for (std::size_t i = 0; i < gold.readings.size(); ++i) {
    for (std::size_t k = 0; k < answer.readings.size(); ++k) {
      const Node& a = gold.readings[i].node;
      const Node& b = answer.readings[k].node;
      if (!plausible(gold.options[i], a, b) || !plausible(answer.options[k], b, a)) continue;
      if ((gold.options[i].words_are_products &&
           !is_product_beside(a, b, answer.readings.front())) ||
          (answer.options[k].words_are_products && !is_product_beside(b, a, gold.readings.front())))
        continue;
      Comparison result = Comparer(policy, budget).compare(a, b);
      if (result.same == Same::yes) return result;
      if (i == 0 && k == 0) first = result;
    }
  }
  const auto unit =
      compare_with_unit(gold.readings.front().node, answer.readings.front().node, policy, budget);
  if (unit && unit->same == Same::yes) return *unit;
  if (first.same == Same::no && budget.left_ns <= 0)
    return {Same::unknown, "too costly to compare in every reading"};
  return first;
}

// Math-Verify takes \\mathrm{e} at the end of a fraction for a unit, and cuts the formula before
// it.
std::string without_upright_fraction(const std::string& text) {
  const auto fraction = find_last(text, "\\frac");
  if (fraction == std::string::npos || text.find("}{\\mathrm{", fraction) == std::string::npos)
    return {};
  std::string rest(trim(std::string_view(text).substr(0, fraction)));
  while (!rest.empty() && (rest.back() == '+' || rest.back() == '-' || rest.back() == ' '))
    rest.pop_back();
  return rest;
}

struct Taken {
  std::string text;  // without what stands around the answer
  Side side;         // of policies that compare by value
};

bool is_too_long(const std::string& taken) {
  return taken.size() > length_max;
}

// What is known without reading either side.
std::optional<Judgement> judge_as_written(const std::string& gold, const std::string& answer) {
  if (trim(gold).empty()) return Judgement{Decision::undecided, "there is no reference answer"};
  if (trim(answer).empty()) return Judgement{Decision::different, "the answer is empty"};
  if (gold == answer) return Judgement{Decision::equal, "written alike"};
  if (is_too_long(gold) || is_too_long(answer)) return Judgement{Decision::undecided, "too long"};
  return std::nullopt;
}

Judgement judgement_of(const Comparison& result) {
  if (result.same == Same::yes) return {Decision::equal, result.how};
  if (result.same == Same::unknown) return {Decision::undecided, result.how};
  return {Decision::different, result.how};
}

// What is left for comparing once both sides have been read.
void end_of_reading(Budget& budget) {
  budget.left_ns = std::clamp(budget.left_ns, comparing_min_ns, comparing_ns);
}

Judgement judge_values(const Taken& gold, const Taken& answer, const Policy& policy,
                       Budget& budget) {
  const Comparison result = gold.side.text == answer.side.text
                                ? Comparison{Same::yes, "written alike"}
                                : compare_sides(gold.side, answer.side, policy, budget);
  if (result.same == Same::yes) return judgement_of(result);
  if (policy.unit_stripping_fault) {
    const std::string cut = without_upright_fraction(gold.text);
    if (!cut.empty() && cut == without_upright_fraction(answer.text)) {
      return {Decision::equal, "equal once Math-Verify has taken the last fraction for a unit"};
    }
  }
  const std::string& unread_answer = answer.side.readings.front().problem;
  const std::string& unread_gold = gold.side.readings.front().problem;
  if (!unread_answer.empty())
    return {Decision::undecided, "the answer cannot be read: " + unread_answer};
  if (!unread_gold.empty())
    return {Decision::undecided, "the reference cannot be read: " + unread_gold};
  return judgement_of(result);
}

Judgement judge(std::string_view gold, std::string_view answer, const Policy& policy) {
  Taken a{.text = take(gold, policy)};
  Taken b{.text = take(answer, policy)};
  if (auto known = judge_as_written(a.text, b.text)) return *known;
  Budget budget;
  switch (policy.method) {
    case Method::hendrycks:
      return judgement_of(compare_hendrycks(a.text, b.text));
    case Method::minerva:
      return judgement_of(compare_minerva(a.text, b.text, budget));
    case Method::prm800k:
      return judgement_of(compare_prm800k(a.text, b.text, budget));
    default:
      budget.left_ns = judgement_ns;
      a.side = read_side(prepare(a.text), policy, budget);
      b.side = read_side(prepare(b.text), policy, budget);
      end_of_reading(budget);
      return judge_values(a, b, policy, budget);
  }
}

}  // namespace

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::equal:
      return "equal";
    case Decision::different:
      return "different";
    default:
      return "undecided";
  }
}

Judgement equivalent(std::string_view gold, std::string_view answer, const Policy& policy) {
  try {
    return judge(gold, answer, policy);
  } catch (const std::exception& error) {
    return {Decision::undecided, error.what()};
  }
}

struct References::State {
  const Policy& policy;
  std::vector<Taken> golds;
  Budget budget{.left_ns = references_ns};

  // Read where it has not been; false once too much has been read and computed.
  bool read(Taken& taken) {
    if (!taken.side.readings.empty()) return true;
    if (!budget.spend(0)) return false;
    taken.side = read_side(prepare(taken.text), policy, budget);
    return true;
  }

  Judgement judge(Taken& gold, Taken& answer) {
    if (auto known = judge_as_written(gold.text, answer.text)) return *known;
    if (!read(gold) || !read(answer)) return {Decision::undecided, "compared too often"};
    return judge_values(gold, answer, policy, budget);
  }
};

References::References(const std::vector<std::string>& golds, const Policy& policy)
    : state_(new State{.policy = policy, .golds = {}}) {
  assert(policy.method == Method::value);
  for (const std::string& gold : golds) state_->golds.push_back({.text = take(gold, policy)});
}

References::~References() = default;

std::vector<Judgement> References::compare(std::string_view answer) {
  std::vector<Judgement> judgements;
  Taken taken{.text = take(answer, state_->policy)};
  for (Taken& gold : state_->golds) {
    try {
      judgements.push_back(state_->judge(gold, taken));
    } catch (const std::exception& error) {
      judgements.push_back({Decision::undecided, error.what()});
    }
  }
  return judgements;
}

std::string vote_key(std::string_view answer, const Policy& policy) {
  try {
    const std::string taken = take(answer, policy);
    Budget budget;
    if (policy.method == Method::hendrycks) return key_hendrycks(taken);
    if (policy.method == Method::minerva) return key_minerva(taken, budget);
    if (policy.method == Method::prm800k) return key_prm800k(taken, budget);
    budget.left_ns = judgement_ns;
    const Side side = read_side(prepare(taken), policy, budget);
    end_of_reading(budget);
    if (trim(side.text).empty()) return {};
    if (!side.readings.front().problem.empty()) return side.text;
    return vote_of(side.readings.front().node, policy, budget);
  } catch (const std::exception&) {
    return std::string(trim(answer));
  }
}

Explanation explain(std::string_view gold, std::string_view answer, const Policy& policy) {
  Explanation explanation;
  explanation.judgement = equivalent(gold, answer, policy);
  for (auto [text, side] :
       {std::pair(gold, &explanation.gold), std::pair(answer, &explanation.answer)}) {
    try {
      side->taken = take(text, policy);
      Budget budget{.left_ns = judgement_ns};
      const Side read = read_side(prepare(side->taken), policy, budget);
      const ReadAnswer& first = read.readings.front();
      side->canonical = render(first.node);
      side->kind = first.problem.empty() ? std::string(name_of(first.node.kind))
                                         : "text (" + first.problem + ")";
    } catch (const std::exception& error) {
      side->kind = error.what();
    }
  }
  return explanation;
}

}  // namespace assay::math
