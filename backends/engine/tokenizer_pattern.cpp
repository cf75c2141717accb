#include "backends/engine/tokenizer_pattern.h"

#include <algorithm>

#include <fmt/format.h>

#include "backends/engine/json_file.h"
#include "backends/engine/tokenizer_pattern_reader.h"
#include "backends/engine/unicode.h"
#include "harness/error.h"

namespace assay::engine {

namespace {

constexpr std::size_t no_match = SIZE_MAX;
constexpr std::uint32_t ascii_count = 128;
constexpr std::size_t alternatives_max = 32;  // bits of by_ascii_

// Backing up costs a few steps a code with every pattern that tokenizers are published with.
constexpr std::size_t steps_per_code_max = 2000;

}  // namespace

void CodeSet::add(char32_t first, char32_t last) {
  for (char32_t code = first; code <= last && code < size; ++code) {
    words_[code >> 6] |= std::uint64_t{1} << (code & 63);
  }
}

void CodeSet::add(const CodeSet& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    words_[i] |= other.words_[i];
  }
  beyond_ = beyond_ || other.beyond_;
}

void CodeSet::add_categories(std::uint32_t categories) {
  for (std::size_t i = 0; i < category_run_count; ++i) {
    if ((categories >> (category_runs[i] & 31U) & 1U) != 0) {
      const std::uint32_t next = i + 1 < category_run_count ? category_runs[i + 1] >> 5 : size;
      add(category_runs[i] >> 5, next - 1);
    }
  }
}

void CodeSet::negate() {
  for (std::uint64_t& word : words_) {
    word = ~word;
  }
  beyond_ = !beyond_;
}

Pattern::Pattern(std::string_view text, const std::string& where)
    : text_(fmt::format("{}: pattern {}", where, shown(text))),
      program_(read_pattern(text, text_)),
      by_ascii_(ascii_count) {
  if (program_.alternatives.size() > alternatives_max) {
    throw UserError(fmt::format("{}: more than {} alternatives", text_, alternatives_max));
  }
  for (std::size_t i = 0; i < program_.alternatives.size(); ++i) {
    std::vector<bool> seen(program_.code.size());
    std::vector<bool> first(ascii_count);
    add_first(program_.alternatives[i], seen, first);
    for (std::uint32_t code = 0; code < ascii_count; ++code) {
      by_ascii_[code] |= first[code] ? std::uint32_t{1} << i : 0;
    }
  }
}

void Pattern::add_first(std::uint32_t pc, std::vector<bool>& seen, std::vector<bool>& first) const {
  if (seen[pc]) {
    return;
  }
  seen[pc] = true;
  const Instruction& now = program_.code[pc];
  switch (now.op) {
    case Op::one:
    case Op::loop:
    case Op::possess:
      for (std::uint32_t code = 0; code < ascii_count; ++code) {
        first[code] = first[code] || program_.sets[now.a].contains(code);
      }
      if (now.op != Op::one && now.least == 0) {
        add_first(pc + 1, seen, first);
      }
      break;
    case Op::split:
      add_first(now.a, seen, first);
      add_first(now.b, seen, first);
      break;
    case Op::jump:
    case Op::ahead:
    case Op::not_ahead:
      add_first(now.a, seen, first);
      break;
    case Op::line_begin:
    case Op::line_end:
      add_first(pc + 1, seen, first);
      break;
    case Op::accept:
      break;  // patterns never match the empty text
  }
}

Pattern::Match Pattern::find(std::u32string_view text, std::size_t from, Memory& memory) const {
  memory.failed_.resize(program_.code.size());
  for (std::size_t at = from; at < text.size(); ++at) {
    std::uint32_t left = text[at] < ascii_count ? by_ascii_[text[at]] : ~std::uint32_t{0};
    for (std::size_t i = 0; i < program_.alternatives.size() && left != 0; ++i, left >>= 1) {
      const bool may_begin = (left & 1U) != 0;
      const std::size_t end =
          may_begin ? run({program_.alternatives[i], at}, text, memory) : no_match;
      if (end != no_match) {
        return {at, end};
      }
    }
  }
  return {};
}

std::size_t Pattern::run(Place place, std::u32string_view text, Memory& memory) const {
  const std::size_t bottom = memory.stack_.size();
  for (;;) {
    const Instruction& now = program_.code[place.pc];
    if (now.op == Op::accept) {
      memory.stack_.resize(bottom);
      return place.at;
    }
    if (++memory.steps_ > steps_per_code_max * (text.size() + 100)) {
      throw UserError(text_ + ": takes too many steps on this text");
    }
    if (!step(now, place, text, memory) && !back_up(place, bottom, memory)) {
      return no_match;
    }
  }
}

bool Pattern::step(const Instruction& now, Place& place, std::u32string_view text,
                   Memory& memory) const {
  switch (now.op) {
    case Op::one:
      if (place.at == text.size() || !program_.sets[now.a].contains(text[place.at])) {
        return false;
      }
      ++place.at;
      break;
    case Op::loop:
    case Op::possess:
      return take_loop(now, place, text, memory);
    case Op::split:
      memory.stack_.push_back({.pc = place.pc, .at = place.at});
      place.pc = now.a;
      return true;
    case Op::jump:
      place.pc = now.a;
      return true;
    case Op::ahead:
    case Op::not_ahead: {
      const bool matches = run({place.pc + 1, place.at}, text, memory) != no_match;
      place.pc = now.a;
      return matches == (now.op == Op::ahead);
    }
    case Op::line_begin:
      if (place.at != 0 && text[place.at - 1] != U'\n') {
        return false;
      }
      break;
    case Op::line_end:
      if (place.at != text.size() && text[place.at] != U'\n') {
        return false;
      }
      break;
    case Op::accept:
      break;  // run() ends there
  }
  ++place.pc;
  return true;
}

bool Pattern::take_loop(const Instruction& now, Place& place, std::u32string_view text,
                        Memory& memory) const {
  const Memory::Span failed = memory.failed_[place.pc];
  if (place.at >= failed.begin && place.at < failed.end) {
    return false;
  }
  const CodeSet& set = program_.sets[now.a];
  const std::size_t last = now.most < text.size() - place.at ? place.at + now.most : text.size();
  std::size_t end = place.at;
  while (end < last && set.contains(text[end])) {
    ++end;
  }
  const std::size_t low = place.at + now.least;
  if (end < low) {
    return false;
  }
  if (end > low && now.op == Op::loop) {
    memory.stack_.push_back({.pc = place.pc, .low = low, .at = end, .high = end});
  }
  place = {place.pc + 1, end};
  return true;
}

bool Pattern::back_up(Place& place, std::size_t bottom, Memory& memory) const {
  while (memory.stack_.size() > bottom) {
    Memory::Choice& last = memory.stack_.back();
    const Instruction& now = program_.code[last.pc];
    if (now.op == Op::split) {
      place = {now.b, last.at};
      memory.stack_.pop_back();
      return true;
    }
    if (last.at > last.low) {
      --last.at;
      place = {last.pc + 1, last.at};
      return true;
    }
    // Every end of this loop has failed. A later start within the same run has no other ends, so
    // that it fails too: this is what keeps searches linear.
    if (now.most == UINT32_MAX) {
      memory.failed_[last.pc] = {last.low - now.least, last.high};
    }
    memory.stack_.pop_back();
  }
  return false;
}

}  // namespace assay::engine
