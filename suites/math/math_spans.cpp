#include "suites/math/math_spans.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t environment_name_bytes_max = 16;
constexpr size_t closers_max = 24;

// Finds closing delimiters without looking twice at a stretch that holds none.
class Closers {
 public:
  explicit Closers(std::string_view text) : text_(text) {}

  std::optional<size_t> find(std::string_view closer, size_t from) {
    auto known = std::find_if(absent_.begin(), absent_.end(),
                              [&](const auto& one) { return one.first == closer; });
    if (known != absent_.end() && from >= known->second) {
      return std::nullopt;
    }
    const size_t at = text_.find(closer, from);
    if (at != std::string_view::npos) {
      return at;
    }
    if (known != absent_.end()) {
      known->second = from;
    } else if (absent_.size() < closers_max) {
      absent_.emplace_back(closer, from);
    } else {
      gives_up_ = true;
    }
    return std::nullopt;
  }

  // Too many kinds of environments that never end: their search would start over at each.
  bool gives_up() const { return gives_up_; }

 private:
  std::string_view text_;
  std::vector<std::pair<std::string, size_t>> absent_;  // no such closer from here on
  bool gives_up_ = false;
};

// The closing $ of a formula that opens before `from`: on the same paragraph and not escaped.
std::optional<size_t> closing_dollar(std::string_view text, size_t from) {
  for (size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '$') {
      return at;
    } else if (text[at] == '\n' && at + 1 < text.size() && text[at + 1] == '\n') {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// "$5 and $6": the would-be formula starts with a digit, ends with a blank, and money follows.
bool is_money(std::string_view text, size_t inner_begin, size_t inner_end) {
  return inner_end > inner_begin && is_ascii_digit(text[inner_begin]) &&
         is_blank(text[inner_end - 1]);
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text), closers_(text) {}

  MathSpans scan() {
    size_t at = 0;
    while (at < text_.size()) {
      if (text_[at] == '$') {
        at = dollar(at);
      } else if (text_[at] == '\\' && at + 1 < text_.size()) {
        at = command(at);
      } else {
        ++at;
      }
    }
    return std::move(found_);
  }

 private:
  // Each of these looks at an opening delimiter at `at` and returns where to go on.
  size_t dollar(size_t at) {
    if (text_.substr(at).starts_with("$$")) {
      return take(at, at + 2, "$$");
    }
    const std::optional<size_t> close = closing_dollar(text_, at + 1);
    if (!close || *close == at + 1 || is_money(text_, at + 1, *close)) {
      return at + 1;
    }
    found_.spans.push_back({at, *close + 1, at + 1, *close});
    return *close + 1;
  }

  size_t command(size_t at) {
    if (text_[at + 1] == '[') {
      return take(at, at + 2, "\\]");
    }
    if (text_[at + 1] == '(') {
      return take(at, at + 2, "\\)");
    }
    if (text_.substr(at).starts_with("\\begin{")) {
      const size_t name = at + 7;
      const size_t close = text_.substr(0, name + environment_name_bytes_max).find('}', name);
      if (close != std::string_view::npos) {
        return take(at, close + 1, "\\end" + std::string(text_.substr(name - 1, close - name + 2)));
      }
    }
    return at + 2;
  }

  size_t take(size_t begin, size_t inner, std::string_view closer) {
    const std::optional<size_t> close =
        closers_.gives_up() ? std::nullopt : closers_.find(closer, inner);
    if (!close) {
      found_.open_at_end = true;
      return inner;
    }
    found_.spans.push_back({begin, *close + closer.size(), inner, *close});
    return *close + closer.size();
  }

  std::string_view text_;
  Closers closers_;
  MathSpans found_;
};

}  // namespace

MathSpans math_spans(std::string_view text) {
  return Scanner(text).scan();
}

}  // namespace assay::math
