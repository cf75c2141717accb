// Math-Verify's order of candidates (huggingface/Math-Verify: src/math_verify/parser.py), without
// its regular expressions: they take time that grows with the square of the text.
#include <algorithm>
#include <array>
#include <functional>

#include "suites/math/boxed.h"
#include "suites/math/extraction.h"
#include "suites/math/math_spans.h"
#include "suites/math/phrase.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t joined_max = 6;      // expressions that "and", "or" and commas make one answer
constexpr size_t is_gap_bytes = 100;  // between "final answer" and its "is"
constexpr size_t answer_gap_bytes = 50;

struct Candidate {
  int priority = 0;
  size_t begin = 0;
  size_t end = 0;
  std::string text;
  const char* how = "";
};

// A formula or a number at its place in the text.
struct Piece {
  size_t begin = 0;
  size_t end = 0;
  std::string text;
};

bool is_joint(std::string_view between) {
  static constexpr std::array<std::string_view, 7> joints = {",",     "and", "or",  ",and",
                                                             ", and", ",or", ", or"};
  between = trimmed(between);
  return std::find(joints.begin(), joints.end(), between) != joints.end();
}

// Formulas that are joined are one piece from the first to the last, up to six.
std::vector<Piece> formulas(std::string_view text) {
  const std::vector<MathSpan> spans = math_spans(text).spans;
  std::vector<Piece> pieces;
  for (size_t i = 0; i < spans.size();) {
    Piece piece{spans[i].begin, spans[i].end, ""};
    size_t next = i;
    for (; next < spans.size() && next - i < joined_max; ++next) {
      if (next > i && !is_joint(text.substr(piece.end, spans[next].begin - piece.end))) {
        break;
      }
      const std::string_view inner =
          text.substr(spans[next].inner_begin, spans[next].inner_end - spans[next].inner_begin);
      piece.text += (next > i ? ", " : "") + std::string(trimmed(inner));
      piece.end = spans[next].end;
    }
    i = next;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

bool in_expression(char c) {
  static constexpr std::string_view operators = " .+-*/^()";
  return is_ascii_digit(c) || operators.find(c) != std::string_view::npos;
}

// Numbers and expressions of digits and operators that start a word ("100m2", "$5", "3/4", "=7").
std::vector<Piece> numbers(std::string_view text) {
  std::vector<Piece> pieces;
  for (size_t at = 0; at < text.size();) {
    const bool anchored = at == 0 || is_blank(text[at - 1]) || text[at - 1] == '=' ||
                          text[at - 1] == '*' || text[at - 1] == '$';
    const bool sign = text[at] == '-' || text[at] == '(' || text[at] == '.';
    const bool digit =
        is_ascii_digit(text[at]) || (sign && at + 1 < text.size() && is_ascii_digit(text[at + 1]));
    if (!anchored || !digit) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() &&
           (in_expression(text[end]) ||
            (text[end] == ',' && end + 1 < text.size() && is_ascii_digit(text[end + 1])))) {
      ++end;
    }
    const size_t next = end;
    while (end > at && !is_ascii_digit(text[end - 1]) && text[end - 1] != ')') {
      --end;
    }
    size_t behind = end;
    while (behind < text.size() && text[behind] == ' ') {
      ++behind;
    }
    std::string number(text.substr(at, end - at));
    for (const std::string_view percent : {"%", "percent", "percentage", "pct"}) {
      if (starts_with_ignoring_case(text.substr(behind), percent)) {
        number += '%';
        end = behind + percent.size();
        break;
      }
    }
    pieces.push_back({at, end, std::move(number)});
    at = std::max(next, at + 1);
  }
  return pieces;
}

// The boxes of the text: the last, with those that are joined to it or stand in the same formula.
void add_boxes(std::string_view text, std::vector<Candidate>& found) {
  const std::vector<Box> all = boxes(text);
  for (size_t i = all.size() > candidates_max ? all.size() - candidates_max : 0; i < all.size();
       ++i) {
    std::string joined(all[i].content);
    size_t first = i;
    while (i + 1 == all.size() && first > 0 && all.size() - first < joined_max) {
      const std::string_view gap =
          text.substr(all[first - 1].end, all[first].begin - all[first - 1].end);
      std::string plain(gap);
      std::erase_if(plain, [](char c) { return c == '$'; });
      if (gap.size() > answer_gap_bytes || !is_joint(plain)) {
        break;
      }
      --first;
      joined = std::string(all[first].content) + ", " + joined;
    }
    if (!joined.empty()) {
      found.push_back({50, all[first].begin, all[i].end, joined, "boxed"});
    }
  }
}

// The piece that begins at `at` or, blanks and markdown between, right behind.
const Piece* piece_behind(const std::vector<Piece>& pieces, std::string_view text, size_t at,
                          size_t gap_max) {
  auto next =
      std::lower_bound(pieces.begin(), pieces.end(), at,
                       [](const Piece& piece, size_t where) { return piece.begin < where; });
  if (next == pieces.end() || next->begin - at > gap_max) {
    return nullptr;
  }
  if (gap_max <= 4 && !trimmed(text.substr(at, next->begin - at)).empty() &&
      text.substr(at, next->begin - at).find_first_not_of(" *$\n") != std::string_view::npos) {
    return nullptr;
  }
  return &*next;
}

struct Pieces {
  std::vector<Piece> formulas;
  std::vector<Piece> numbers;
};

// "final answer ... is X", and with ". I hope" behind it the surest of all.
void add_final(std::string_view text, size_t at, const std::vector<Piece>& pieces,
               std::vector<Candidate>& found) {
  const size_t behind = at + std::string_view("final answer").size();
  const size_t limit = std::min(text.size(), behind + is_gap_bytes);
  for (size_t is = behind; is + 2 < limit; ++is) {
    if (!is_blank(text[is]) || !starts_with_ignoring_case(text.substr(is + 1), "is")) {
      continue;
    }
    size_t rest = is + 3;
    rest += rest < text.size() && text[rest] == ':' ? 1 : 0;
    if (const Piece* piece = piece_behind(pieces, text, rest, 4)) {
      std::string_view tail = text.substr(piece->end);
      tail.remove_prefix(tail.starts_with('.') ? 1 : 0);
      const bool hope = trimmed(tail.substr(0, 10)).starts_with("I hope");
      found.push_back({hope ? 0 : 50, at, piece->end, piece->text, "final answer is"});
      return;
    }
  }
}

void add_announced(std::string_view text, const Pieces& pieces, std::vector<Candidate>& found) {
  constexpr std::string_view word = "answer";
  for (size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (starts_with_ignoring_case(text.substr(at), "final answer")) {
      add_final(text, at, pieces.formulas, found);
      add_final(text, at, pieces.numbers, found);
    }
    if (!starts_with_ignoring_case(text.substr(at), word)) {
      continue;
    }
    const size_t behind = at + word.size();
    const bool colon = behind < text.size() && text[behind] == ':';
    for (const auto* kind : {&pieces.formulas, &pieces.numbers}) {
      if (const Piece* piece = piece_behind(*kind, text, behind, answer_gap_bytes)) {
        found.push_back(
            {colon ? 100 : 200, at, piece->end, piece->text, colon ? "answer:" : "answer"});
      }
    }
  }
}

void add_any(const Pieces& pieces, std::vector<Candidate>& found) {
  for (const auto* kind : {&pieces.formulas, &pieces.numbers}) {
    const size_t first = kind->size() > candidates_max ? kind->size() - candidates_max : 0;
    for (size_t i = first; i < kind->size(); ++i) {
      const Piece& piece = (*kind)[i];
      found.push_back({300, piece.begin, piece.end, piece.text, "last expression"});
    }
  }
}

}  // namespace

std::vector<Extraction> extract_math_verify(std::string_view response) {
  const std::string_view text = closing_part(examined_part(response), closing_bytes_max);
  const Pieces pieces{formulas(text), numbers(text)};
  std::vector<Candidate> found;
  add_boxes(text, found);
  if (found.empty()) {
    add_boxes(examined_part(response), found);
  }
  add_announced(text, pieces, found);
  add_any(pieces, found);
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    if (a.priority != b.priority) {
      return a.priority < b.priority;
    }
    return a.end != b.end ? a.end > b.end : a.begin < b.begin;
  });
  std::vector<Extraction> ordered;
  for (const Candidate& candidate : found) {
    if (ordered.size() == candidates_max) {
      break;
    }
    if (!candidate.text.empty() && candidate.text.size() <= answer_bytes_max) {
      ordered.push_back({candidate.text, candidate.how, Absence::none});
    }
  }
  return ordered;
}

}  // namespace assay::math
