#include "suites/math/conclusion.h"

#include <algorithm>
#include <array>
#include <optional>

#include "suites/math/asides.h"
#include "suites/math/phrase.h"
#include "suites/math/sentences.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t item_bytes_max = 200;
constexpr size_t items_max = 16;

bool hidden(const std::vector<Aside>& asides, size_t at) {
  const auto next =
      std::upper_bound(asides.begin(), asides.end(), at,
                       [](size_t place, const Aside& one) { return place < one.end; });
  return next != asides.end() && next->begin <= at;
}

// The name in "x = 5", empty where a text is no such plain statement.
std::string_view stated_name(std::string_view text) {
  constexpr size_t name_bytes_max = 12;
  text = trimmed(text);
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || text.find('=', equals + 1) != std::string_view::npos) {
    return {};
  }
  const std::string_view name = trimmed(text.substr(0, equals));
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '_' || c == '{' || c == '}' || c == '\\';
  });
  const bool named = !name.empty() && name.size() <= name_bytes_max && plain &&
                     (is_ascii_letter(name.front()) || name.front() == '\\');
  return named ? name : std::string_view();
}

bool state_different_names(std::string_view a, std::string_view b) {
  return !stated_name(a).empty() && !stated_name(b).empty() && stated_name(a) != stated_name(b);
}

// Whether `between` two formulas makes them parts of one answer.
bool is_joint(std::string_view between) {
  between = trimmed(between);
  static constexpr std::array<std::string_view, 11> joints = {
      ",", "and", "or", ", and", ", or", ";", "和", "或", "、", "，", "&"};
  return std::find(joints.begin(), joints.end(), between) != joints.end();
}

// What stands between two statements about different unknowns and only leads on.
bool leads_on(std::string_view between) {
  between = trimmed(between);
  static constexpr std::array<std::string_view, 8> links = {
      "",         "and therefore", "and hence", "and so", ", and therefore", ", and hence",
      ", and so", ", so"};
  return std::find(links.begin(), links.end(), between) != links.end();
}

std::string inner_of(std::string_view text, const MathSpan& span) {
  std::string_view inner =
      trimmed(text.substr(span.inner_begin, span.inner_end - span.inner_begin));
  // Of rows of working only the last is what it came to.
  if (text.substr(span.begin).starts_with("\\begin{al") && find_last(inner, "\\\\") != inner.npos) {
    const size_t row = find_last(inner, "\\\\");
    if (!trimmed(inner.substr(row + 2)).empty()) {
      inner = inner.substr(row + 2);
    }
  }
  return clean_answer(inner);
}

// A percent or degree sign right behind a formula belongs to its answer.
std::string_view sign_behind(std::string_view text, size_t at) {
  std::string_view rest = text.substr(std::min(at, text.size()));
  while (rest.starts_with(' ')) {
    rest.remove_prefix(1);
  }
  for (const std::string_view sign : {"%", "\\%", "°", "percent", "degrees"}) {
    if (rest.starts_with(sign)) {
      return sign;
    }
  }
  return {};
}

// The spans first..last are one answer: "1, 2" and the sign behind it.
std::string joined(std::string_view text, const std::vector<MathSpan>& spans, size_t first,
                   size_t last) {
  std::string answer;
  for (size_t i = first; i <= last; ++i) {
    answer += (i > first ? ", " : "") + inner_of(text, spans[i]);
  }
  if (const std::string_view sign = sign_behind(text, spans[last].end); !sign.empty()) {
    answer += ' ';
    answer += sign;
  }
  return answer;
}

std::string_view between(std::string_view text, const MathSpan& left, const MathSpan& right) {
  return text.substr(left.end, right.begin - left.end);
}

bool is_one_answer(std::string_view text, const MathSpan& left, const MathSpan& right) {
  const std::string_view gap = between(text, left, right);
  return is_joint(gap) ||
         (leads_on(gap) && state_different_names(inner_of(text, left), inner_of(text, right)));
}

std::string last_formulas(std::string_view text, const std::vector<MathSpan>& spans) {
  const size_t last = spans.size() - 1;
  size_t first = last;
  while (first > 0 && is_one_answer(text, spans[first - 1], spans[first])) {
    --first;
  }
  return joined(text, spans, first, last);
}

// Marks that close a proof.
bool is_end_of_proof(std::string_view formula) {
  static constexpr std::array<std::string_view, 5> marks = {"\\blacksquare", "\\square", "\\Box",
                                                            "\\qed", "\\checkmark"};
  return std::find(marks.begin(), marks.end(), trimmed(formula)) != marks.end();
}

std::vector<MathSpan> answers_among(std::string_view text, std::vector<MathSpan> spans,
                                    const std::vector<Aside>& beside) {
  std::erase_if(spans, [&](const MathSpan& span) {
    const bool label = text.substr(span.end).starts_with(": ");
    return label || hidden(beside, span.begin) ||
           is_end_of_proof(text.substr(span.inner_begin, span.inner_end - span.inner_begin));
  });
  return spans;
}

struct Bold {
  std::string text;
  size_t begin = 0;
};

bool is_connective(std::string_view word) {
  static constexpr std::array<std::string_view, 11> connectives = {
      "so",   "thus",   "therefore", "hence",  "note",    "finally",
      "then", "answer", "final",     "result", "solution"};
  while (word.ends_with(',')) {
    word.remove_suffix(1);
  }
  return std::any_of(connectives.begin(), connectives.end(),
                     [&](std::string_view one) { return equal_ignoring_case(word, one); });
}

// The last text between ** and **, if it is an answer and no heading ("**Step 3:**").
std::optional<Bold> last_bold(std::string_view text, const std::vector<Aside>& beside) {
  const size_t close = find_last(text, "**");
  if (close == std::string_view::npos || close < 2) {
    return std::nullopt;
  }
  const size_t open = find_last(text.substr(0, close), "**");
  if (open == std::string_view::npos || open + 2 >= close || hidden(beside, open)) {
    return std::nullopt;
  }
  const std::string_view inner = trimmed(text.substr(open + 2, close - open - 2));
  const bool heading = inner.ends_with(':') || inner.find('\n') != std::string_view::npos;
  if (heading || inner.empty() || is_prose(inner) || is_connective(inner)) {
    return std::nullopt;
  }
  const size_t digit = inner.find_first_of("0123456789");
  if (digit != std::string_view::npos && is_reference(inner, digit)) {
    return std::nullopt;
  }
  return Bold{clean_answer(without_label(inner)), open};
}

bool is_verdict(std::string_view word) {
  static constexpr std::array<std::string_view, 4> verdicts = {"yes", "no", "true", "false"};
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [&](std::string_view one) { return equal_ignoring_case(word, one); });
}

// The length of a sign at `at` that numbers are written with, else 0.
size_t number_sign(std::string_view text, size_t at) {
  static constexpr std::string_view plain = ".,/:^+-$%";
  if (text.substr(at).starts_with("\\$")) {
    return 2;
  }
  if (is_ascii_digit(text[at]) || plain.find(text[at]) != std::string_view::npos) {
    return 1;
  }
  static constexpr std::string_view leads = "\xC2\xC3\xCF\xE2";  // of the signs below
  if (leads.find(text[at]) == std::string_view::npos) {
    return 0;
  }
  for (const std::string_view sign :
       {"π", "√", "°", "−", "–", "€", "£", "¥", "²", "³", "½", "¼", "¾", "×", "·"}) {
    if (text.substr(at).starts_with(sign)) {
      return sign.size();
    }
  }
  return 0;
}

// Behind up to three digits: the blank in front of a group of three, as in "70 000"; else 0.
size_t group_separator(std::string_view text, size_t at) {
  for (const std::string_view blank :
       {" ", "~", "\\ ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"}) {
    const std::string_view rest = text.substr(at);
    if (!rest.starts_with(blank) || rest.size() < blank.size() + 3) {
      continue;
    }
    const std::string_view group = rest.substr(blank.size());
    if (std::all_of(group.begin(), group.begin() + 3, is_ascii_digit) &&
        (group.size() == 3 || !is_ascii_digit(group[3]))) {
      return blank.size();
    }
  }
  return 0;
}

// The word behind a number that multiplies it, and a percent or degree sign.
std::string_view scale_behind(std::string_view text, size_t at) {
  std::string_view rest = text.substr(std::min(at, text.size()));
  while (rest.starts_with(' ')) {
    rest.remove_prefix(1);
  }
  for (const std::string_view scale : {"thousand", "million", "billion", "trillion"}) {
    if (starts_with_word(rest, scale)) {
      return scale;
    }
  }
  return sign_behind(text, at);
}

struct Number {
  std::string text;  // "3/4", "$1,200", "50%", "2π", without blanks between groups of digits
  size_t end = 0;    // behind it; of no number, behind what was looked at
};

// The run of digits and what holds numbers together that begins at `at`.
Number number_at(std::string_view text, size_t at) {
  static constexpr std::string_view loose = ".,/:^+-$";  // that end no number
  Number number;
  const size_t begin = at;
  bool digits = false;
  size_t group = 0;  // digits since the run began or the last blank
  bool plain = true;
  while (at < text.size()) {
    if (const size_t blank = plain && group >= 1 && group <= 3 ? group_separator(text, at) : 0) {
      at += blank;
      group = 0;
      continue;
    }
    const size_t sign = number_sign(text, at);
    if (sign == 0) {
      break;
    }
    const bool digit = is_ascii_digit(text[at]);
    digits = digits || digit;
    group = digit ? group + 1 : 0;
    plain = plain && (digit || text[at] == '-' || text[at] == '$' || text[at] == '\\');
    number.text += text.substr(at, sign);
    at += sign;
  }
  number.end = std::max(at, begin + 1);
  while (!number.text.empty() && loose.find(number.text.back()) != std::string_view::npos) {
    number.text.pop_back();
    --at;
  }
  if (!digits) {
    number.text.clear();
  } else if (const std::string_view scale = scale_behind(text, at); !scale.empty()) {
    number.text += (is_ascii_letter(scale.front()) ? " " : "") + std::string(scale);
  }
  return number;
}

std::string last_number(std::string_view text, const std::vector<MathSpan>& spans,
                        const std::vector<Aside>& beside) {
  std::string last;
  auto span = spans.begin();
  for (size_t at = 0; at < text.size();) {
    if (span != spans.end() && at >= span->begin) {
      at = std::max(at, span->end);
      ++span;
      continue;
    }
    if (number_sign(text, at) == 0) {
      ++at;
      continue;
    }
    const Number number = number_at(text, at);
    const bool in_word = at > 0 && is_ascii_digit(text[at]) &&
                         (is_ascii_letter(text[at - 1]) || text[at - 1] == '_');
    const bool footnote = at > 0 && text[at - 1] == '[' && text[at] == '^';
    if (!number.text.empty() && !in_word && !footnote && !hidden(beside, at) &&
        !is_reference(text, at)) {
      last = number.text;
    }
    at = number.end;
  }
  return clean_answer(last);
}

// "= 18 dollars, so she has 2 left": the calculation is not the end of it.
bool goes_on_to_a_number(std::string_view clause) {
  const size_t comma = clause.find(", ");
  if (comma == std::string_view::npos) {
    return false;
  }
  const std::string_view rest = clause.substr(comma + 2);
  static constexpr std::array<std::string_view, 8> links = {
      "so", "thus", "hence", "then", "therefore", "and", "but", "leaving"};
  return rest.find_first_of("0123456789") != std::string_view::npos &&
         std::any_of(links.begin(), links.end(),
                     [&](std::string_view link) { return starts_with_word(rest, link); });
}

// Behind the last = sign that is no aside: what a calculation in words came to.
std::string calculated(std::string_view story, const std::vector<Aside>& beside) {
  const size_t equals = story.rfind('=');
  if (equals == std::string_view::npos || hidden(beside, equals)) {
    return "";
  }
  size_t end = story.size();
  for (const Aside& aside : beside) {
    end = aside.begin > equals ? std::min(end, aside.begin) : end;
  }
  const std::string_view clause = story.substr(equals + 1, end - equals - 1);
  if (goes_on_to_a_number(clause)) {
    return "";
  }
  const std::string_view behind = without_circumstances(clause);
  return is_prose(behind) ? leading_number(behind) : clean_answer(behind);
}

enum class Label { none, bullet, ordinal };

struct Item {
  Label label = Label::none;
  std::string_view rest;
  char letter = 0;  // of "(b) "
};

// Takes "- ", "2. ", "(b) ", "**c)** " off a line.
Item item_of(std::string_view line) {
  line = trimmed(line);
  for (const std::string_view bullet : {"- ", "* ", "+ ", "• ", "– "}) {
    if (line.starts_with(bullet)) {
      return {Label::bullet, trimmed(line.substr(bullet.size()))};
    }
  }
  size_t at = 0;
  const auto skip = [&](char c) {
    const bool there = at < line.size() && line[at] == c;
    at += there ? 1 : 0;
    return there;
  };
  while (skip('*')) {
  }
  const bool opened = skip('(');
  const size_t name = at;
  while (at < line.size() && at < name + 3 &&
         (is_ascii_digit(line[at]) || line[at] == 'i' || line[at] == 'v' ||
          (at == name && is_ascii_letter(line[at])))) {
    ++at;
  }
  const bool closed =
      at > name && (skip(')') || (!opened && is_ascii_digit(line[name]) && skip('.')));
  while (skip('*')) {
  }
  if (!closed || at >= line.size() || line[at] != ' ') {
    return {Label::none, line};
  }
  const bool lettered = line[name] >= 'a' && line[name] <= 'h' && !is_ascii_letter(line[name + 1]);
  return {Label::ordinal, trimmed(line.substr(at)), lettered ? line[name] : char{0}};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < items_max) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (const std::string_view line = trimmed(text.substr(0, end)); !line.empty()) {
      lines.push_back(line);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string plain_value(std::string_view line) {
  return line.size() > item_bytes_max || is_prose(line) ? "" : clean_answer(line);
}

// The statements about unknowns, one on a line or item, that end a paragraph.
std::string last_statements(std::string_view paragraph) {
  std::vector<std::string> statements;
  bool listed = true;
  while (!paragraph.empty() && statements.size() < items_max) {
    const size_t line = paragraph.rfind('\n');
    const size_t begin = line == std::string_view::npos ? 0 : line + 1;
    const Item item = item_of(paragraph.substr(begin));
    const std::string value = plain_value(item.rest);
    const bool same_name = !statements.empty() && listed && item.label != Label::none &&
                           stated_name(value) == stated_name(statements.back());
    if (stated_name(value).empty() ||
        (!statements.empty() && !same_name && !state_different_names(value, statements.back()))) {
      break;
    }
    listed = listed && item.label != Label::none;
    statements.push_back(value);
    paragraph = paragraph.substr(0, begin == 0 ? 0 : begin - 1);
  }
  std::string answer;
  for (auto one = statements.rbegin(); statements.size() > 1 && one != statements.rend(); ++one) {
    answer += (answer.empty() ? "" : ", ") + *one;
  }
  return answer;
}

struct Sentence {
  std::string_view text;
  bool asks = false;
};

// A label alone ("2." in front of an item) is no sentence.
std::vector<Sentence> sentences_of(std::string_view text) {
  const std::vector<MathSpan> spans = math_spans(text).spans;
  std::vector<Sentence> sentences;
  for (size_t begin = 0; begin < text.size();) {
    const size_t stop = sentence_end(text, spans, begin);
    size_t end = stop;
    while (end < text.size() && text[stop] != '\n' &&
           (end == stop ? end + 1 < text.size() && text[end + 1] == '*' : text[end] == '*')) {
      ++end;  // bold text that the full stop stands in
    }
    const std::string_view sentence = trimmed(text.substr(begin, end - begin));
    const bool counts = std::all_of(sentence.begin(), sentence.end(), is_ascii_digit) &&
                        sentence.size() <= 2 && stop + 1 < text.size() && text[stop] == '.' &&
                        text[stop + 1] != '\n';
    if (!sentence.empty() && !counts) {
      sentences.push_back({sentence, stop < text.size() && text[stop] == '?'});
    }
    begin = std::max(end, stop + 1);
  }
  return sentences;
}

}  // namespace

std::string leading_formulas(std::string_view text, const std::vector<MathSpan>& spans) {
  size_t last = 0;
  while (last + 1 < spans.size() && is_one_answer(text, spans[last], spans[last + 1])) {
    ++last;
  }
  return joined(text, spans, 0, last);
}

std::string leading_number(std::string_view text) {
  if (text.empty() || number_sign(text, 0) == 0) {
    return "";
  }
  const Number number = number_at(text, 0);
  const bool whole = number.end == text.size() || !is_ascii_letter(text[number.end]);
  return whole ? clean_answer(number.text) : "";
}

std::string_view without_label(std::string_view phrase) {
  const size_t colon = phrase.find(':');
  const std::string_view label = phrase.substr(0, colon);
  const bool labelled = colon != std::string_view::npos && words_outside(label, {}) >= 1 &&
                        label.find_first_of("$\\0123456789(=") == std::string_view::npos;
  return labelled ? trimmed(phrase.substr(colon + 1)) : phrase;
}

std::string_view without_circumstances(std::string_view phrase) {
  static constexpr std::array<std::string_view, 11> prepositions = {
      " in ",   " on ", " at ",        " for ",   " from ",  " to ",
      " with ", " as ", " altogether", " after ", " before "};
  phrase = trimmed(phrase);
  if (leading_number(phrase).empty()) {
    return phrase;
  }
  size_t end = phrase.size();
  for (const std::string_view preposition : prepositions) {
    const size_t at = phrase.find(preposition);
    const size_t behind = at + preposition.size();
    // "3 to 5" and "1 in 5" are numbers, "x in [0, 1]" is a set.
    const bool worded = at != std::string_view::npos &&
                        (behind >= phrase.size() || is_ascii_letter(phrase[behind]));
    end = worded ? std::min(end, at) : end;
  }
  const std::string_view kept = trimmed(phrase.substr(0, end));
  return kept.ends_with(',') ? kept.substr(0, kept.size() - 1) : kept;
}

std::string answer_in_story(std::string_view story) {
  story = item_of(story).rest;
  const std::vector<MathSpan> spans = math_spans(story).spans;
  const std::vector<Aside> beside = asides(story, spans);
  const std::vector<MathSpan> formulas = answers_among(story, spans, beside);
  const std::optional<Bold> bold = last_bold(story, beside);
  if (bold && (is_verdict(bold->text) || formulas.empty() || formulas.back().end <= bold->begin)) {
    return bold->text;
  }
  if (!formulas.empty()) {
    return last_formulas(story, formulas);
  }
  if (std::string value = calculated(story, beside); !value.empty()) {
    return value;
  }
  return last_number(story, spans, beside);
}

std::string concluded_answer(std::string_view paragraph) {
  paragraph = trimmed(paragraph);
  if (std::string statements = last_statements(paragraph); !statements.empty()) {
    return statements;
  }
  const std::vector<Sentence> sentences = sentences_of(paragraph);
  for (auto sentence = sentences.rbegin(); sentence != sentences.rend(); ++sentence) {
    if (sentence->asks || concludes_nothing(sentence->text)) {
      continue;
    }
    if (std::string answer = answer_in_story(sentence->text); !answer.empty()) {
      return answer;
    }
  }
  return "";
}

std::string listed_answer(std::string_view text, bool new_line) {
  const std::vector<std::string_view> lines = lines_of(text);
  std::vector<std::string> values;
  bool letters = true;
  for (const std::string_view line : lines) {
    const Item item = item_of(line);
    const bool first = values.empty();
    const bool bulleted = item.label == Label::bullet && (new_line || !first);
    const bool counted =
        item.label == Label::ordinal &&
        (new_line || !first || (lines.size() > 1 && item_of(lines[1]).label == Label::ordinal));
    std::string value = plain_value(bulleted || counted ? item.rest : line);
    const bool named =
        first ? !stated_name(value).empty() : state_different_names(value, values.back());
    if (value.empty() || !(bulleted || counted || named)) {
      break;
    }
    const bool lettered = item.letter != 0 && (counted || bulleted);
    letters = letters && lettered;
    values.push_back(std::move(value));
  }
  const bool labelled = !lines.empty() && item_of(lines.front()).label != Label::none &&
                        (new_line || values.size() > 1);
  if (values.empty() || (values.size() == 1 && !labelled)) {
    return "";
  }
  std::string answer;
  char letter = 'a';
  for (const std::string& value : values) {
    answer += answer.empty() ? "" : ", ";
    if (letters && values.size() > 1) {
      answer += std::string("(") + letter++ + ") ";
    }
    answer += value;
  }
  return answer;
}

}  // namespace assay::math
