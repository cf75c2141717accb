#include "suites/math/boxed.h"

#include <algorithm>
#include <array>

#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

// The length of \boxed or \fbox at `at`, else 0.
size_t box_command(std::string_view text, size_t at) {
  if (at + 1 >= text.size() || (text[at + 1] != 'b' && text[at + 1] != 'f')) {
    return 0;
  }
  for (const std::string_view command : {"\\boxed", "\\fbox", "\\framebox"}) {
    if (text.substr(at).starts_with(command)) {
      return command.size();
    }
  }
  return 0;
}

// A box without braces holds one token: "\boxed 5", "\boxed5", "\boxed\pi".
Box bare_box(std::string_view text, size_t begin, size_t at) {
  while (at < text.size() && text[at] == ' ') {
    ++at;
  }
  size_t end = at;
  const auto in_token = [](char c) {
    return is_ascii_digit(c) || is_ascii_letter(c) || c == '.' || c == '-' || c == '\\';
  };
  while (end < text.size() && in_token(text[end])) {
    ++end;
  }
  std::string_view content = text.substr(at, end - at);
  while (content.ends_with('.')) {
    content.remove_suffix(1);
  }
  if (content.size() > 1 && is_ascii_letter(content[0])) {
    content = {};  // "in \\boxed format" speaks of boxes
  }
  return {begin, end, content, true};
}

struct OpenBrace {
  size_t box_begin = 0;  // npos: a plain brace
  size_t inner = 0;
  bool holds_box = false;
};

constexpr size_t no_box = std::string_view::npos;

class BoxScanner {
 public:
  explicit BoxScanner(std::string_view text) : text_(text) {}

  std::vector<Box> scan() {
    for (size_t at = 0; at < text_.size();) {
      const char c = text_[at];
      if (c == '\\') {
        at = command(at);
      } else {
        if (c == '{') {
          push({no_box, at + 1, false});
        } else if (c == '}' && !open_.empty()) {
          close(at);
        }
        ++at;
      }
    }
    leave_open_boxes();
    const auto earlier = [](const Box& a, const Box& b) { return a.begin < b.begin; };
    if (!std::is_sorted(found_.begin(), found_.end(), earlier)) {
      std::sort(found_.begin(), found_.end(), earlier);
    }
    return std::move(found_);
  }

 private:
  // Of braces by the thousand inside one another the outer ones close nothing that matters.
  void push(const OpenBrace& brace) {
    constexpr size_t open_max = 512;
    if (open_.size() == open_max) {
      open_.erase(open_.begin(), open_.begin() + open_max / 2);
    }
    open_.push_back(brace);
  }

  size_t command(size_t at) {
    const size_t length = box_command(text_, at);
    if (length == 0) {
      return at + 2;  // an escaped brace among others
    }
    size_t behind = at + length;
    while (behind < text_.size() && is_blank(text_[behind])) {
      ++behind;
    }
    if (behind < text_.size() && text_[behind] == '{') {
      push({at, behind + 1, false});
      return behind + 1;
    }
    const Box box = bare_box(text_, at, at + length);
    if (!box.content.empty()) {
      found_.push_back(box);
    }
    return std::max(box.end, at + length);
  }

  void close(size_t at) {
    const OpenBrace brace = open_.back();
    open_.pop_back();
    if (brace.box_begin != no_box && !brace.holds_box) {
      found_.push_back(
          {brace.box_begin, at + 1, text_.substr(brace.inner, at - brace.inner), true});
    }
    // Only the innermost box counts, so every brace around one knows of it.
    if (!open_.empty() && (brace.holds_box || brace.box_begin != no_box)) {
      open_.back().holds_box = true;
    }
  }

  // The last box that was opened and never closed gives the rest of its line.
  void leave_open_boxes() {
    for (auto brace = open_.rbegin(); brace != open_.rend(); ++brace) {
      if (brace->box_begin == no_box) {
        continue;
      }
      const bool overtaken = std::any_of(found_.begin(), found_.end(), [&](const Box& box) {
        return box.begin > brace->box_begin;
      });
      if (!overtaken) {
        const size_t end = std::min(text_.find('\n', brace->inner), text_.size());
        found_.push_back(
            {brace->box_begin, end, text_.substr(brace->inner, end - brace->inner), false});
      }
      return;
    }
  }

  std::string_view text_;
  std::vector<OpenBrace> open_;
  std::vector<Box> found_;
};

// From `at`: behind the brace that closes the first one opened, all braces counted.
std::optional<size_t> behind_closing_brace(std::string_view text, size_t at) {
  long depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '{') {
      ++depth;
    } else if (text[at] == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Box> boxes(std::string_view text) {
  return BoxScanner(text).scan();
}

std::vector<Box> last_boxes(std::string_view text) {
  constexpr size_t looked_at_max = 64;
  std::vector<Box> all = boxes(text);
  if (all.size() > looked_at_max) {
    all.erase(all.begin(), all.end() - looked_at_max);
  }
  std::erase_if(all, [](const Box& box) { return is_placeholder(box.content); });
  return all;
}

bool is_placeholder(std::string_view content) {
  static constexpr std::array<std::string_view, 9> templates = {
      "...",    "…",           "\\dots",       "\\ldots", "\\cdots",
      "answer", "your answer", "final answer", "ANSWER"};
  content = trimmed(content);
  for (const std::string_view wrapper : {"\\text{", "\\textbf{", "[", "<", "{"}) {
    if (content.starts_with(wrapper) && content.size() > wrapper.size()) {
      content = trimmed(content.substr(wrapper.size(), content.size() - wrapper.size() - 1));
    }
  }
  return content.empty() ||
         std::any_of(templates.begin(), templates.end(),
                     [&](std::string_view one) { return equal_ignoring_case(content, one); });
}

std::optional<std::string_view> last_boxed_hendrycks(std::string_view text) {
  constexpr std::string_view with_blank = "\\boxed ";
  if (const size_t at = find_last(text, with_blank); at != std::string_view::npos) {
    const std::string_view rest = text.substr(at + with_blank.size());
    return rest.substr(0, rest.find('$'));
  }
  constexpr std::string_view with_brace = "\\boxed{";
  const size_t boxed = find_last(text, "\\boxed");
  if (boxed == std::string_view::npos || !text.substr(boxed).starts_with(with_brace)) {
    return std::nullopt;  // an \fbox is found upstream and then refused by remove_boxed
  }
  const std::optional<size_t> end = behind_closing_brace(text, boxed);
  if (!end) {
    return std::nullopt;
  }
  return text.substr(boxed + with_brace.size(), *end - 1 - boxed - with_brace.size());
}

std::optional<std::string_view> last_boxed_balanced(std::string_view text) {
  constexpr std::string_view with_brace = "\\boxed{";
  const size_t boxed = find_last(text, with_brace);
  if (boxed == std::string_view::npos) {
    return std::nullopt;
  }
  const std::optional<size_t> end = behind_closing_brace(text, boxed + with_brace.size() - 1);
  if (!end) {
    return std::nullopt;
  }
  return trimmed(text.substr(boxed + with_brace.size(), *end - 1 - boxed - with_brace.size()));
}

}  // namespace assay::math
