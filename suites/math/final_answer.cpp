#include "suites/math/final_answer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "suites/math/answer_markers.h"
#include "suites/math/boxed.h"
#include "suites/math/math_spans.h"
#include "suites/math/phrase.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t short_line_bytes_max = 60;  // an answer that stands alone
constexpr size_t paragraph_bytes_max = 4000;
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

// The last box and those in front of it that it belongs to.
std::optional<Extraction> from_boxes(std::string_view text) {
  std::vector<Box> all = last_boxes(text);
  if (all.empty()) {
    return std::nullopt;
  }
  if (!all.back().closed) {
    return found(clean_answer(all.back().content), "last \\boxed, which is not closed");
  }
  std::string joined = clean_answer(all.back().content);
  size_t first = all.size() - 1;
  while (first > 0 && joined.size() < answer_bytes_max &&
         joins(text.substr(all[first - 1].end, all[first].begin - all[first - 1].end))) {
    --first;
    std::string part = clean_answer(all[first].content);
    if (part != joined) {
      joined = part + ", " + joined;
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
      const std::string answer =
          announced_answer(text.substr(0, end).substr(marker->rest), marker->colon);
      if (!answer.empty()) {
        return found(answer, want_final ? "final answer announced" : "answer announced");
      }
    }
  }
  return std::nullopt;
}

// 4.

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
  const std::string_view head = text.substr(0, declining_bytes_max);
  const std::string_view tail =
      text.substr(text.size() - std::min(text.size(), declining_bytes_max));
  std::string lower = std::string(head) + "\n" + std::string(tail);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return lower.find(phrase) != std::string::npos;
  });
}

// The last paragraph; a formula that stands alone brings the line that leads to it along.
std::string_view last_paragraph(std::string_view text) {
  text = trimmed(text);
  const size_t from = text.size() > paragraph_bytes_max ? text.size() - paragraph_bytes_max : 0;
  const size_t at = find_last(text, "\n\n");
  return at == std::string_view::npos || at < from ? text.substr(from) : text.substr(at + 2);
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

std::optional<Extraction> from_last_paragraph(std::string_view text) {
  const std::string_view paragraph = last_paragraph(text);
  const bool alone =
      text.size() <= short_line_bytes_max && text.find('\n') == std::string_view::npos;
  if (alone && !is_prose(text)) {
    return found(clean_answer(text), "the text is the answer");
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

// What stands in the last <answer>, as some models are trained to write it.
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

Extraction absent(Absence absence, std::string how) {
  return {"", std::move(how), absence};
}

}  // namespace

Extraction final_answer(std::string_view response, bool cut_off) {
  const std::string_view whole = inside_answer_tag(trimmed(answering_part(response)));
  if (whole.empty()) {
    return trimmed(examined_part(response)).empty()
               ? absent(Absence::empty, "the text is empty")
               : absent(Absence::unfinished, "the reasoning does not come to an answer");
  }
  const std::string_view text = closing_part(whole, closing_bytes_max);
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

std::string_view without_reasoning(std::string_view response) {
  constexpr std::string_view open = "<think>";
  constexpr std::string_view close = "</think>";
  const size_t closed = find_last(response, close);
  const size_t opened = find_last(response, open);
  if (opened != std::string_view::npos && (closed == std::string_view::npos || closed < opened)) {
    return {};
  }
  return closed == std::string_view::npos ? response : response.substr(closed + close.size());
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
