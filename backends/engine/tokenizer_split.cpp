#include "backends/engine/tokenizer_split.h"

#include "backends/engine/unicode.h"

namespace assay::engine {

Splitter::Splitter(const std::vector<SplitStep>& steps, const std::string& where) {
  for (const SplitStep& step : steps) {
    steps_.push_back({Pattern(step.pattern, where), step.behavior, step.invert});
  }
}

std::vector<std::string_view> Splitter::split(std::string_view text) const {
  std::u32string codes;
  codes.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded next = decode_utf8(text, at);
    codes.push_back(next.code);
    at += static_cast<std::size_t>(next.length);
  }
  std::vector<Span> pieces;
  if (!codes.empty()) {
    pieces.push_back({0, codes.size()});
  }
  std::vector<Span> cut_pieces;
  Pattern::Memory memory;
  for (const Step& step : steps_) {
    cut_pieces.clear();
    for (const Span& piece : pieces) {
      cut(step, codes, piece, memory, cut_pieces);
    }
    pieces.swap(cut_pieces);
  }
  std::vector<std::string_view> words;
  words.reserve(pieces.size());
  std::size_t code = 0;
  std::size_t byte = 0;
  const auto advance = [&](std::size_t to) {
    for (; code < to; ++code) {
      byte += static_cast<std::size_t>(utf8_length(codes[code]));
    }
    return byte;
  };
  for (const Span& piece : pieces) {
    const std::size_t begin = advance(piece.begin);
    words.push_back(text.substr(begin, advance(piece.end) - begin));
  }
  return words;
}

void Splitter::cut(const Step& step, std::u32string_view text, Span piece, Pattern::Memory& memory,
                   std::vector<Span>& out) {
  // A pattern sees nothing of what lies around the piece: that is what makes steps independent.
  const std::u32string_view part = text.substr(piece.begin, piece.end - piece.begin);
  const std::size_t from = out.size();
  memory.reset();
  std::size_t at = 0;
  while (at < part.size()) {
    const Pattern::Match match = step.pattern.find(part, at, memory);
    const bool found = match.end > match.begin;
    const std::size_t begin = found ? match.begin : part.size();
    if (begin > at) {
      out.push_back({piece.begin + at, piece.begin + begin, step.invert});
    }
    if (found) {
      out.push_back({piece.begin + match.begin, piece.begin + match.end, !step.invert});
    }
    at = found ? match.end : part.size();
  }
  if (step.behavior != SplitStep::Behavior::isolated) {
    join(step.behavior, out, from);
  }
}

void Splitter::join(SplitStep::Behavior behavior, std::vector<Span>& spans, std::size_t from) {
  using Behavior = SplitStep::Behavior;
  std::vector<Span> joined;
  bool last_matched = false;  // of the part that was looked at last
  for (std::size_t i = from; i < spans.size(); ++i) {
    const Span& span = spans[i];
    bool with_last = false;
    if (behavior == Behavior::contiguous) {
      with_last = span.matched == last_matched;
    } else if (behavior == Behavior::merged_with_previous) {
      with_last = span.matched && !last_matched;
    } else if (behavior == Behavior::merged_with_next) {
      with_last = !span.matched && last_matched;
    }
    if (behavior == Behavior::removed && span.matched) {
      continue;
    }
    if (with_last && !joined.empty()) {
      joined.back().end = span.end;
    } else {
      joined.push_back(span);
    }
    last_matched = span.matched;
  }
  spans.resize(from);
  spans.insert(spans.end(), joined.begin(), joined.end());
}

}  // namespace assay::engine
