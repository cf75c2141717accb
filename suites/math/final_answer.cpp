#include "suites/math/final_answer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "suites/math/answer_markers.h"
#include "suites/math/asides.h"
#include "suites/math/boxed.h"
#include "suites/math/conclusion.h"
#include "suites/math/math_spans.h"
#include "suites/math/phrase.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t short_line_bytes_max = 60;  // an answer that stands alone
constexpr size_t paragraph_bytes_max = 2000;
constexpr size_t declining_bytes_max = 300;

Extraction found(std::string_view answer, std::string how) {
  return {std::string(answer), std::move(how), Absence::none};
}

// 1.

// Whether two boxes, with `between` between them, are two parts of one answer.
bool joins(std::string_view between) {
  static constexpr std::array<std::string_view, 16> joints = {
      "\\text{ and }", "\\text{and}", "\\text{ or }", "\\text{or}", "\\quad", "\\qquad", "\\)",
      "\\(",           "and",         "or",           "和",         "或",     "、",      "，",
      "\\;",           "\\,"};
  bool joined = false;
  while (!between.empty()) {
    if (is_blank(between.front()) || between.front() == '$' || between.front() == '*') {
      between.remove_prefix(1);
      continue;
    }
    if (between.front() == ',' || between.front() == ';') {
      joined = true;
      between.remove_prefix(1);
      continue;
    }
    const auto joint = std::find_if(joints.begin(), joints.end(),
                                    [&](std::string_view one) { return between.starts_with(one); });
    if (joint == joints.end()) {
      return false;
    }
    joined = joined || (*joint != "\\)" && *joint != "\\(");
    between.remove_prefix(joint->size());
  }
  return joined;
}

bool holds_word(std::string_view text, std::span<const std::string_view> words) {
  for (size_t at = 0; at < text.size(); ++at) {
    const bool starts = is_ascii_letter(text[at]) && (at == 0 || !is_ascii_letter(text[at - 1]));
    if (starts && std::any_of(words.begin(), words.end(), [&](std::string_view word) {
          return starts_with_word(text.substr(at), word);
        })) {
      return true;
    }
  }
  return false;
}

// "and the maximum is", "or else", ", b =": a few words of the same sentence that go on.
bool goes_on(std::string_view between) {
  constexpr size_t words_max = 6;
  static constexpr std::array<std::string_view, 12> turns = {
      "so",   "thus",  "therefore", "hence",  "which", "not",
      "wait", "wrong", "but",       "answer", "check", "final"};
  while (!between.empty() && (is_blank(between.front()) || between.front() == '$')) {
    between.remove_prefix(1);
  }
  const bool comma = between.starts_with(',');
  std::string_view words = trimmed(between.substr(comma ? 1 : 0));
  if (comma && words.starts_with('$')) {
    const std::string_view name = trimmed(words.substr(1));  // "$a = \\boxed{3}$, $b = \\boxed{4}$"
    return name.size() <= 4 && name.ends_with('=') && is_ascii_letter(name.front());
  }
  const bool linked = starts_with_word(words, "and") || starts_with_word(words, "or");
  return linked && between.find_first_of(".\n") == std::string_view::npos &&
         words_outside(between, {}) <= words_max && !holds_word(between, turns);
}

// The number of the last label such as "(b)", "Part (b)" or "2." in front of a box; 0: none. A
// plain number counts only right in front of it.
size_t label_number(std::string_view before) {
  for (const std::string_view close : {")", "."}) {
    const size_t at = find_last(before, close);
    if (at == std::string_view::npos || at == 0) {
      continue;
    }
    const std::string_view behind = before.substr(at + 1);
    const bool near = behind.find_first_not_of(" $*\\([{") == std::string_view::npos;
    const char name = before[at - 1];
    const char front = at < 2 ? '\n' : before[at - 2];
    if (close == ")" && front == '(' && name >= 'a' && name <= 'h') {
      return static_cast<size_t>(name - 'a') + 1;
    }
    if (near && is_ascii_digit(name) && name != '0' && (front == '\n' || front == '(')) {
      return static_cast<size_t>(name - '0');
    }
  }
  return 0;
}

// Whether `between` ends the line of one item of a list and begins the next: "\n- ".
bool next_bullet(std::string_view between) {
  const size_t line = between.rfind('\n');
  if (line == std::string_view::npos ||
      between.substr(0, line).find_first_not_of(" $.*,;\r\n") != std::string_view::npos) {
    return false;
  }
  std::string_view next = between.substr(line + 1);
  const bool bullet = next.starts_with("- ") || next.starts_with("* ");
  return next.substr(bullet ? 2 : 0).find_first_not_of(" $*") == std::string_view::npos;
}

// Whether the box and the one in front of it are two parts of one answer.
bool belong_together(std::string_view text, const Box& left, const Box& right,
                     std::string_view before_left) {
  const std::string_view between = text.substr(left.end, right.begin - left.end);
  if (joins(between) || goes_on(between) || next_bullet(between)) {
    return true;
  }
  const size_t number = label_number(between);
  return number > 1 && label_number(before_left) + 1 == number;
}

// What is wrong with what came before.
constexpr std::array<std::string_view, 8> corrections = {
    "wrong", "incorrect", "mistake", "mistakenly", "wait", "error", "corrected", "correction"};

std::optional<Extraction> from_markers(std::string_view text);

// What is announced behind the last box where the text takes that box back.
std::optional<Extraction> corrected_box(std::string_view text, size_t box_end) {
  const std::string_view behind = closing_part(text.substr(box_end), closing_bytes_max);
  return holds_word(behind, corrections) ? from_markers(behind) : std::nullopt;
}

// "not \boxed{6}", "instead of the naive \boxed{6}"
bool is_denied(std::string_view text, const Box& box) {
  constexpr size_t looked_at_max = 40;
  static constexpr std::array<std::string_view, 4> denials = {"not", "instead of", "rather than",
                                                              "unlike"};
  std::string_view before = text.substr(0, box.begin);
  before = before.substr(before.size() - std::min(before.size(), looked_at_max));
  const size_t clause = before.find_last_of(".,;:}\n");
  return holds_word(before.substr(clause == std::string_view::npos ? 0 : clause), denials);
}

// What stands around a box in its own formula and multiplies it: "-\boxed{5}", "\boxed{5}\pi".
std::string with_factors(std::string_view text, const Box& box, std::string content) {
  constexpr size_t factor_bytes_max = 40;
  const std::string_view before = trimmed(text.substr(0, box.begin));
  std::string_view formula = before.substr(0, before.size() - (before.ends_with('-') ? 1 : 0));
  formula = trimmed(formula);
  const bool negated =
      before.ends_with('-') && (formula.ends_with('$') || formula.ends_with('=') ||
                                formula.ends_with("\\[") || formula.ends_with("\\("));
  std::string_view behind = text.substr(box.end, factor_bytes_max);
  behind = behind.substr(0, std::min(behind.find_first_of("$\n"), behind.size()));
  const bool closed = text.substr(box.end + behind.size()).starts_with('$');
  static constexpr std::array<std::string_view, 3> factors = {"\\pi", "\\sqrt", "^"};
  const bool multiplied =
      closed &&
      std::any_of(factors.begin(), factors.end(),
                  [&](std::string_view one) { return behind.starts_with(one); }) &&
      behind.find_first_of("=<>,&") == std::string_view::npos && !behind.starts_with("^\\circ") &&
      !behind.starts_with("^{\\circ");
  if (negated || multiplied) {
    content = (negated ? "-(" : "(") + content + ")" +
              std::string(multiplied ? clean_answer(behind) : "");
  }
  return content;
}

// Boxes that stand; of a text that ends inside a box the closed ones, if there are any.
std::vector<Box> standing_boxes(std::string_view text) {
  std::vector<Box> all = last_boxes(text);
  const bool cut = all.size() > 1 && !all.back().closed && all.back().end == text.size();
  if (cut) {
    all.pop_back();
  }
  if (all.size() > 1 && is_denied(text, all.back())) {
    all.pop_back();
  }
  return all;
}

// The last box and those in front of it that it belongs to.
std::optional<Extraction> from_boxes(std::string_view text) {
  const std::vector<Box> all = standing_boxes(text);
  if (all.empty()) {
    return std::nullopt;
  }
  if (std::optional<Extraction> corrected = corrected_box(text, all.back().end)) {
    return corrected;
  }
  if (!all.back().closed) {
    return found(clean_answer(all.back().content), "last \\boxed, which is not closed");
  }
  std::string joined = with_factors(text, all.back(), clean_answer(all.back().content));
  size_t first = all.size() - 1;
  const auto before = [&](size_t box) {
    const size_t begin = box == 0 ? 0 : all[box - 1].end;
    return text.substr(begin, all[box].begin - begin);
  };
  while (first > 0 && joined.size() < answer_bytes_max &&
         belong_together(text, all[first - 1], all[first], before(first - 1))) {
    --first;
    std::string part = clean_answer(all[first].content);
    if (part != joined) {
      joined.insert(0, part + ", ");
    }
  }
  const size_t count = all.size() - first;
  return found(joined, count == 1 ? "last \\boxed" : "last boxes, joined");
}

// 2.

std::optional<Extraction> from_hash_line(std::string_view text) {
  constexpr std::string_view marker = "#### ";
  const size_t at = find_last(text, marker);
  if (at == std::string_view::npos || (at > 0 && text[at - 1] == '#')) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(at + marker.size());
  const size_t line = rest.find('\n');
  // A heading has text below it; an answer ends the text.
  if (line != std::string_view::npos && !trimmed(rest.substr(line)).empty()) {
    return std::nullopt;
  }
  const std::string answer = clean_answer(rest.substr(0, line));
  return answer.empty() ? std::nullopt : std::optional(found(answer, "last line ####"));
}

// 3.

// Under a heading stands the answer, or a paragraph that comes to it.
std::string headed_answer(std::string_view section) {
  section = trimmed(section);
  const std::string_view first = section.substr(0, section.find("\n\n"));
  return is_prose(first.substr(0, first.find('\n')))
             ? concluded_answer(first)
             : announced_answer("\n" + std::string(section), true);
}

std::optional<Extraction> from_markers(std::string_view text) {
  const std::vector<AnswerMarker> markers = answer_markers(text);
  for (const bool want_final : {true, false}) {
    size_t next = text.size();
    for (auto marker = markers.rbegin(); marker != markers.rend(); ++marker) {
      const size_t end = std::max(next, marker->rest);
      next = marker->begin;
      if ((marker->kind == MarkerKind::final_answer) != want_final) {
        continue;
      }
      const std::string_view rest = text.substr(0, end).substr(marker->rest);
      const std::string answer =
          marker->heading ? headed_answer(rest) : announced_answer(rest, marker->colon);
      if (!answer.empty()) {
        return found(answer, want_final ? "final answer announced" : "answer announced");
      }
    }
  }
  return std::nullopt;
}

// 4.

// Whether a text that began to decline comes to a result all the same.
bool concludes(std::string_view text) {
  static constexpr std::array<std::string_view, 13> results = {
      "so",        "thus",  "therefore", "hence", "gives",  "we find", "we get",
      "we obtain", "total", "result",    "sum",   "equals", "we have"};
  const size_t number = text.find_last_of("0123456789");
  if (number == std::string_view::npos) {
    return false;
  }
  const std::string_view before = text.substr(0, number);
  const size_t from = before.size() - std::min(before.size(), declining_bytes_max);
  return before.substr(from).find('=') != std::string_view::npos ||
         holds_word(before.substr(from), results);
}

bool declines(std::string_view text) {
  static constexpr std::array<std::string_view, 22> phrases = {"i cannot",
                                                               "i can't",
                                                               "i am unable",
                                                               "i'm unable",
                                                               "i'm sorry",
                                                               "i am sorry",
                                                               "unable to",
                                                               "cannot answer",
                                                               "cannot solve",
                                                               "not enough information",
                                                               "insufficient information",
                                                               "please provide",
                                                               "please upload",
                                                               "does not provide",
                                                               "could you provide",
                                                               "additional information",
                                                               "i do not know",
                                                               "i don't know",
                                                               "cannot be determined from",
                                                               "无法",
                                                               "抱歉",
                                                               "请提供"};
  // A derivation may say such words in its middle; who declines begins or ends with them.
  const size_t tail = text.size() - std::min(text.size(), declining_bytes_max);
  std::string lower(text.substr(0, declining_bytes_max));
  const size_t tail_begin = std::max(tail, lower.size());
  lower += text.substr(tail_begin);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  size_t last = std::string_view::npos;
  for (const std::string_view phrase : phrases) {
    const size_t at = lower.rfind(phrase);
    last = at == std::string_view::npos                   ? last
           : last == at || last == std::string_view::npos ? at
                                                          : std::max(last, at);
  }
  if (last == std::string_view::npos) {
    return false;
  }
  const size_t head_bytes = std::min(text.size(), declining_bytes_max);
  const size_t in_text = last < head_bytes ? last : last - head_bytes + tail_begin;
  return !concludes(text.substr(in_text));
}

// The last paragraph; a formula that stands alone brings the line that leads to it along.
std::string_view last_paragraph(std::string_view text) {
  text = trimmed(text);
  const size_t from = text.size() > paragraph_bytes_max ? text.size() - paragraph_bytes_max : 0;
  const size_t at = find_last(text, "\n\n");
  return at == std::string_view::npos || at < from ? text.substr(from) : text.substr(at + 2);
}

// A closing paragraph that remarks on what was done: "Confidence: 95%", "(Starting from 40.)".
bool is_remark(std::string_view paragraph) {
  static constexpr std::array<std::string_view, 6> starts = {"confidence", "note",   "notes",
                                                             "reference",  "source", "references"};
  while (!paragraph.empty() && (paragraph.front() == '*' || paragraph.front() == '#' ||
                                paragraph.front() == '_' || is_blank(paragraph.front()))) {
    paragraph.remove_prefix(1);
  }
  const bool enclosed =
      (paragraph.starts_with('[') && paragraph.ends_with(']')) ||
      (paragraph.starts_with('(') && paragraph.ends_with(')') && is_prose(paragraph));
  const bool points = enclosed && holds_word(paragraph, std::array<std::string_view, 3>{
                                                            "points", "marks", "point"});
  const bool labelled = std::any_of(starts.begin(), starts.end(), [&](std::string_view start) {
    return starts_with_word(paragraph, start) && paragraph.substr(start.size()).starts_with(':');
  });
  return labelled || points || (enclosed && paragraph.starts_with('('));
}

// "This corresponds to a margin of 30%."
bool looks_back(std::string_view paragraph) {
  static constexpr std::array<std::string_view, 4> starts = {"this", "these", "note", "that"};
  return paragraph.find("**") == std::string_view::npos &&
         std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return starts_with_word(paragraph, start); });
}

bool ends_in_bold_number(std::string_view text) {
  while (text.ends_with('.') || text.ends_with('!')) {
    text.remove_suffix(1);
  }
  if (!text.ends_with("**")) {
    return false;
  }
  text.remove_suffix(2);
  const size_t open = find_last(text, "**");
  return open != std::string_view::npos &&
         text.substr(open).find_first_of("0123456789") != std::string_view::npos;
}

// Without such paragraphs at the end, if any other is left.
std::string_view without_remarks(std::string_view text) {
  for (text = trimmed(text);;) {
    const size_t gap = find_last(text, "\n\n");
    if (gap == std::string_view::npos) {
      return text;
    }
    const std::string_view last = trimmed(text.substr(gap + 2));
    const std::string_view before = trimmed(text.substr(0, gap));
    if (!is_remark(last) && !(looks_back(last) && ends_in_bold_number(before))) {
      return text;
    }
    text = before;
  }
}

// "Therefore there is no solution.": what the last sentence says instead of a value.
std::string_view words_of_no_answer(std::string_view paragraph) {
  static constexpr std::array<std::string_view, 9> phrases = {"no real solutions",
                                                              "no real solution",
                                                              "no solutions",
                                                              "no solution",
                                                              "does not exist",
                                                              "infinitely many solutions",
                                                              "无解",
                                                              "无实数解",
                                                              "不存在"};
  paragraph = trimmed(paragraph);
  const size_t stop = find_last(paragraph, ". ");
  const std::string_view last = stop == std::string_view::npos ? paragraph : paragraph.substr(stop);
  for (const std::string_view phrase : phrases) {
    const size_t at = find_last(last, phrase);
    if (at != std::string_view::npos && last.size() - at - phrase.size() <= 4) {
      return last.substr(at, phrase.size());
    }
  }
  return {};
}

// Of a line that is all of the text: what stands behind a word that leads on ("So", "Hence,") or
// a label ("Total:"); a formula or bold text among words.
std::string lone_answer(std::string_view line) {
  line = trimmed(line);
  static constexpr std::array<std::string_view, 5> links = {"so", "thus", "hence", "therefore",
                                                            "finally"};
  for (const std::string_view link : links) {
    if (starts_with_word(line, link)) {
      line = trimmed(line.substr(link.size()));
      line = trimmed(line.substr(line.starts_with(',') ? 1 : 0));
    }
  }
  const bool row = line.size() > 1 && line.starts_with('|') && line.ends_with('|');
  if (row) {
    line = line.substr(0, line.size() - 1);
    line = trimmed(line.substr(line.rfind('|') + 1));
  }
  const std::string value = clean_answer(without_label(line));
  const std::vector<MathSpan> spans = math_spans(value).spans;
  const bool led = words_outside(value.substr(0, value.find_first_of("$*_\\")), {}) >= 1;
  const bool marked = !spans.empty() || value.find("**") != std::string::npos ||
                      value.find_first_of("*_$") != std::string::npos;
  const bool told = (led && marked) || (!spans.empty() && !asides(value, spans).empty());
  const std::string story = told ? answer_in_story(line) : "";
  return story.empty() ? value : story;
}

std::optional<Extraction> from_last_paragraph(std::string_view text) {
  text = without_remarks(text);
  const std::string_view paragraph = last_paragraph(text);
  const bool alone =
      text.size() <= short_line_bytes_max && text.find('\n') == std::string_view::npos;
  if (alone && !is_prose(text)) {
    return found(lone_answer(text), "the text is the answer");
  }
  const std::string conclusion = concluded_answer(paragraph);
  if (!conclusion.empty()) {
    return found(conclusion, "last expression of the text");
  }
  if (const std::string_view words = words_of_no_answer(paragraph); !words.empty()) {
    return found(std::string(words), "last sentence of the text");
  }
  return std::nullopt;
}

// Whether a line begins the next task, or another speaker's turn, that a model makes up.
bool begins_turn(std::string_view line) {
  static constexpr std::array<std::string_view, 9> labels = {
      "Question:",  "Q:",           "Problem:",    "Human:",      "User:",
      "Assistant:", "Next problem", "New problem", "Instruction:"};
  while (!line.empty() && (line.front() == '*' || line.front() == '#' || line.front() == ' ')) {
    line.remove_prefix(1);
  }
  return std::any_of(labels.begin(), labels.end(),
                     [&](std::string_view label) { return line.starts_with(label); });
}

// Where the first box begins that is no template; npos: nowhere.
size_t first_box_of(std::string_view text) {
  const std::vector<Box> all = boxes(text);
  const auto first = std::find_if(all.begin(), all.end(),
                                  [](const Box& box) { return !is_placeholder(box.content); });
  return first == all.end() ? std::string_view::npos : first->begin;
}

// The text up to the first such line behind an answer: what is asked there was not asked of it.
std::string_view own_turn(std::string_view text) {
  constexpr size_t turns_max = 3;  // whose announcements are looked for
  std::optional<size_t> first_box;
  size_t turns = 0;
  for (size_t line = text.find('\n'); line != std::string_view::npos && turns < turns_max;
       line = text.find('\n', line + 1)) {
    if (!begins_turn(text.substr(line + 1))) {
      continue;
    }
    ++turns;
    first_box = first_box ? first_box : first_box_of(text);
    const std::string_view before = text.substr(0, line);
    if (*first_box < line || !answer_markers(closing_part(before, closing_bytes_max)).empty()) {
      return trimmed(before);
    }
  }
  return text;
}

Extraction absent(Absence absence, std::string how) {
  return {"", std::move(how), absence};
}

}  // namespace

Extraction final_answer(std::string_view response, bool cut_off) {
  const std::string_view whole = own_turn(inside_answer_tag(trimmed(answering_part(response))));
  if (whole.empty()) {
    return trimmed(examined_part(response)).empty()
               ? absent(Absence::empty, "the text is empty")
               : absent(Absence::unfinished, "the reasoning does not come to an answer");
  }
  const std::string digits = with_ascii_digits(closing_part(whole, closing_bytes_max));
  const std::string_view text = digits;
  for (const auto& [rule, part] : {std::pair(&from_boxes, whole), std::pair(&from_hash_line, text),
                                   std::pair(&from_markers, text)}) {
    std::optional<Extraction> answer = rule(part);
    if (answer && !answer->text.empty() && answer->text.size() <= answer_bytes_max) {
      return *std::move(answer);
    }
  }
  if (declines(whole)) {
    return absent(Absence::refused, "the text declines to answer");
  }
  if (cut_off || breaks_off(text)) {
    return absent(Absence::unfinished, "the text breaks off before an answer");
  }
  std::optional<Extraction> answer = from_last_paragraph(text);
  if (answer && !answer->text.empty() && answer->text.size() <= answer_bytes_max) {
    return *std::move(answer);
  }
  return absent(Absence::not_found, "no answer in the text");
}

std::string_view inside_answer_tag(std::string_view text) {
  constexpr std::string_view open = "<answer>";
  const size_t at = find_last(text, open);
  if (at == std::string_view::npos) {
    return text;
  }
  const std::string_view inside = text.substr(at + open.size());
  const std::string_view content = trimmed(inside.substr(0, inside.find("</answer>")));
  return content.empty() ? text : content;
}

std::string_view without_reasoning(std::string_view response) {
  constexpr std::string_view name = "think>";
  std::string_view before = response;
  for (size_t at = find_last(before, name); at != std::string_view::npos;
       at = find_last(before, name)) {
    before = response.substr(0, at);
    if (before.ends_with('<')) {
      return {};  // opened, and not closed
    }
    if (before.ends_with("</")) {
      return response.substr(at + name.size());
    }
  }
  return response;
}

std::string_view examined_part(std::string_view response) {
  return response.substr(response.size() - std::min(response.size(), response_bytes_max));
}

std::string_view answering_part(std::string_view response) {
  const std::string_view end = examined_part(response);
  const std::string_view answer = without_reasoning(end);
  const bool thinks = response.starts_with("<think>") && end.size() < response.size();
  return thinks && answer.size() == end.size() ? std::string_view() : answer;
}

}  // namespace assay::math
