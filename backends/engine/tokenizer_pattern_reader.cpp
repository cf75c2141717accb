#include "backends/engine/tokenizer_pattern_reader.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backends/engine/unicode.h"
#include "harness/error.h"

namespace assay::engine {

namespace {

constexpr std::uint32_t unlimited = UINT32_MAX;
constexpr std::uint32_t count_max = 1000;    // in {m,n}
constexpr std::size_t program_max = 20'000;  // instructions
constexpr std::size_t sets_max = 256;        // at 136 KiB each
constexpr int nesting_max = 32;

using Op = Pattern::Op;

struct Node {
  enum class Kind { set, sequence, alternation, repeat, ahead, not_ahead, line_begin, line_end };
  Kind kind = Kind::sequence;
  std::uint32_t set = 0;       // index into Program::sets
  std::vector<Node> children;  // sequence, alternation: all; repeat and look-ahead: one
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  bool possessive = false;
};

// The least number of codes that a node matches; saturates far below overflow.
std::uint64_t width(const Node& node) {
  constexpr std::uint64_t enough = 1'000'000;
  std::uint64_t sum = 0;
  switch (node.kind) {
    case Node::Kind::set:
      return 1;
    case Node::Kind::sequence:
      for (const Node& child : node.children) {
        sum = std::min(enough, sum + width(child));
      }
      return sum;
    case Node::Kind::alternation:
      sum = enough;
      for (const Node& child : node.children) {
        sum = std::min(sum, width(child));
      }
      return sum;
    case Node::Kind::repeat:
      return std::min(enough, node.least * width(node.children[0]));
    default:
      return 0;
  }
}

std::u32string codes_of(std::string_view text) {
  std::u32string codes;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded next = decode_utf8(text, at);
    codes.push_back(next.code);
    at += static_cast<std::size_t>(next.length);
  }
  return codes;
}

CodeSet set_of(char32_t code) {
  CodeSet set;
  set.add(code, code);
  return set;
}

CodeSet white_space() {
  CodeSet set;
  for (char32_t code = 0; code <= 0x3000; ++code) {
    if (is_white_space(code)) {
      set.add(code, code);
    }
  }
  return set;
}

// Oniguruma's word: letters, marks, decimal digits, letter-like numbers and connectors, and the
// enclosed letters that Unicode calls alphabetic though they are symbols, and Latin-1's numbers.
CodeSet word_codes() {
  CodeSet set;
  set.add_categories(*categories_named("L") | *categories_named("M") | *categories_named("Nd") |
                     *categories_named("Nl") | *categories_named("Pc"));
  for (const char32_t number : U"²³¹¼½¾") {
    if (number != 0) {
      set.add(number, number);
    }
  }
  set.add(0x24B6, 0x24E9);
  set.add(0x1F130, 0x1F149);
  set.add(0x1F150, 0x1F169);
  set.add(0x1F170, 0x1F189);
  return set;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& what, Pattern::Program& program)
      : codes_(codes_of(text)), what_(what), program_(program) {}

  Node read() {
    Node whole = alternation(0);
    if (!at_end()) {
      fail("a ) without its (");
    }
    return whole;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw UserError(fmt::format("{}: {} (at {})", what_, why, at_));
  }

 private:
  bool at_end() const { return at_ == codes_.size(); }
  bool next_is(char32_t code) const { return !at_end() && codes_[at_] == code; }
  bool accept(char32_t code) {
    const bool there = next_is(code);
    at_ += there ? 1 : 0;
    return there;
  }
  bool accept(std::u32string_view text) {
    const bool there = std::u32string_view(codes_).substr(at_).starts_with(text);
    at_ += there ? text.size() : 0;
    return there;
  }
  char32_t take(const char* missing) {
    if (at_end()) {
      fail(std::string(missing) + " is missing at the end");
    }
    return codes_[at_++];
  }

  Node alternation(int depth) {
    if (depth > nesting_max) {
      fail("groups nested too deep");
    }
    Node node{.kind = Node::Kind::alternation};
    do {
      node.children.push_back(sequence(depth));
    } while (accept(U'|'));
    return node;
  }

  Node sequence(int depth) {
    Node node{.kind = Node::Kind::sequence};
    while (!at_end() && !next_is(U'|') && !next_is(U')')) {
      node.children.push_back(counted(atom(depth)));
    }
    return node;
  }

  Node atom(int depth) {
    const char32_t code = take("something");
    switch (code) {
      case U'(':
        return group(depth);
      case U'[':
        return {.kind = Node::Kind::set, .set = keep(bracket())};
      case U'\\':
        return {.kind = Node::Kind::set, .set = keep(escape())};
      case U'^':
        return {.kind = Node::Kind::line_begin};
      case U'$':
        return {.kind = Node::Kind::line_end};
      case U'.': {
        CodeSet set = set_of(U'\n');
        set.negate();
        return {.kind = Node::Kind::set, .set = keep(set)};
      }
      case U'*':
      case U'+':
      case U'?':
        fail("a count with nothing before it");
      default:
        return {.kind = Node::Kind::set, .set = keep(one_code(code))};
    }
  }

  Node group(int depth) {
    Node::Kind kind = Node::Kind::alternation;
    const bool outer = ignore_case_;
    if (accept(U"?!")) {
      kind = Node::Kind::not_ahead;
    } else if (accept(U"?=")) {
      kind = Node::Kind::ahead;
    } else if (accept(U"?i:")) {
      ignore_case_ = true;
    } else if (!accept(U"?:") && next_is(U'?')) {
      fail("a kind of group that is not understood");
    }
    Node inner = alternation(depth + 1);
    ignore_case_ = outer;
    if (!accept(U')')) {
      fail("a ( without its )");
    }
    if (kind == Node::Kind::alternation) {
      return inner;
    }
    Node node{.kind = kind};
    node.children.push_back(std::move(inner));
    return node;
  }

  Node counted(Node inner) {
    std::uint32_t least = 1;
    std::uint32_t most = 1;
    bool braces = false;
    if (accept(U'?')) {
      least = 0;
    } else if (accept(U'*')) {
      least = 0;
      most = unlimited;
    } else if (accept(U'+')) {
      most = unlimited;
    } else if (accept(U'{')) {
      braces = true;
      least = whole_number();
      most = accept(U',') ? (next_is(U'}') ? unlimited : whole_number()) : least;
      if (!accept(U'}') || least > most) {
        fail("a count {m,n} that is not understood");
      }
    } else {
      return inner;
    }
    Node node{.kind = Node::Kind::repeat, .least = least, .most = most};
    node.possessive = !braces && accept(U'+');
    if (next_is(U'?') || next_is(U'*') || next_is(U'+') || next_is(U'{')) {
      fail("a lazy or repeated count is not understood");
    }
    if (width(inner) == 0) {
      fail("a count of what can be empty is not understood");
    }
    if (node.possessive && inner.kind != Node::Kind::set) {
      fail("a possessive count of more than one character is not understood");
    }
    node.children.push_back(std::move(inner));
    return node;
  }

  std::uint32_t whole_number() {
    std::uint32_t value = 0;
    const std::size_t start = at_;
    while (!at_end() && codes_[at_] >= U'0' && codes_[at_] <= U'9') {
      value = value * 10 + static_cast<std::uint32_t>(codes_[at_++] - U'0');
      if (value > count_max) {
        fail(fmt::format("a count above {}", count_max));
      }
    }
    if (at_ == start) {
      fail("a count {m,n} that is not understood");
    }
    return value;
  }

  // After the backslash.
  CodeSet escape() {
    const char32_t code = take("an escape");
    CodeSet set;
    switch (code) {
      case U's':
      case U'S':
        set = white_space();
        break;
      case U'd':
      case U'D':
        set.add_categories(*categories_named("Nd"));
        break;
      case U'w':
      case U'W':
        set = word_codes();
        break;
      case U'p':
      case U'P':
        set = property();
        break;
      default:
        return one_code(escaped_code(code));
    }
    if (code < U'a') {  // the capital letter is the complement
      set.negate();
    }
    return set;
  }

  // \p{L}, \p{^L}
  CodeSet property() {
    if (!accept(U'{')) {
      fail("\\p needs {..}");
    }
    const bool complement = accept(U'^');
    std::string name;
    while (!accept(U'}')) {
      append_utf8(name, take("a }"));
    }
    const auto categories = categories_named(name);
    if (!categories) {
      fail("only general categories are understood in \\p{..}");
    }
    CodeSet set;
    set.add_categories(*categories);
    if (complement) {
      set.negate();
    }
    return set;
  }

  // An escape that stands for one code. `code`: what follows the backslash.
  char32_t escaped_code(char32_t code) {
    switch (code) {
      case U'n':
        return U'\n';
      case U'r':
        return U'\r';
      case U't':
        return U'\t';
      case U'f':
        return U'\f';
      case U'v':
        return U'\v';
      case U'u':
        return hexadecimal(4, 4);
      case U'x':
        if (accept(U'{')) {
          const char32_t value = hexadecimal(1, 6);
          if (!accept(U'}')) {
            fail("\\x{..} without its }");
          }
          return value;
        }
        return hexadecimal(1, 2);
      default:
        break;
    }
    const bool plain = (code >= U'0' && code <= U'9') || (code >= U'a' && code <= U'z') ||
                       (code >= U'A' && code <= U'Z');
    if (plain) {
      fail("an escape that is not understood");
    }
    return code;
  }

  char32_t hexadecimal(int least, int most) {
    char32_t value = 0;
    int digits = 0;
    for (; digits < most && !at_end(); ++digits) {
      const char32_t code = codes_[at_] | 0x20;  // lower case
      const bool letter = code >= U'a' && code <= U'f';
      if (!letter && (codes_[at_] < U'0' || codes_[at_] > U'9')) {
        break;
      }
      value = value * 16 + (letter ? code - U'a' + 10 : codes_[at_] - U'0');
      ++at_;
    }
    if (digits < least || value >= CodeSet::size) {
      fail("a code in hexadecimal that is not understood");
    }
    return value;
  }

  // After the opening bracket.
  CodeSet bracket() {
    CodeSet set;
    const bool complement = accept(U'^');
    bool first = true;
    while (first || !next_is(U']')) {
      first = false;
      bracket_item(set);
    }
    ++at_;
    fold_case(set);
    if (complement) {
      set.negate();
    }
    return set;
  }

  void bracket_item(CodeSet& set) {
    const auto low = bracket_code(set);
    const bool range = low && next_is(U'-') && at_ + 1 < codes_.size() && codes_[at_ + 1] != U']';
    if (!range) {
      if (low) {
        set.add(*low, *low);
      }
      return;
    }
    ++at_;
    const auto high = bracket_code(set);
    if (!high || *high < *low) {
      fail("a range that is not understood");
    }
    set.add(*low, *high);
  }

  // One code of a bracket, or nothing where a whole set was added.
  std::optional<char32_t> bracket_code(CodeSet& set) {
    const char32_t code = take("a ]");
    if (code == U'[' || (code == U'&' && next_is(U'&'))) {
      fail("classes within classes are not understood");
    }
    if (code != U'\\') {
      return code;
    }
    if (at_end() ||
        std::u32string_view(U"sSdDwWpP").find(codes_[at_]) == std::u32string_view::npos) {
      return escaped_code(take("an escape"));
    }
    set.add(escape());
    return std::nullopt;
  }

  // Adds the other case of every letter where (?i: is in force. Two signs beyond ASCII fold to
  // ASCII letters: the long s and the kelvin.
  void fold_case(CodeSet& set) const {
    if (!ignore_case_) {
      return;
    }
    for (char32_t code = U'a'; code <= U'z'; ++code) {
      const char32_t other = code - 32;
      if (set.contains(code) || set.contains(other)) {
        set.add(code, code);
        set.add(other, other);
      }
    }
    if (set.contains(U's')) {
      set.add(0x17F, 0x17F);
    }
    if (set.contains(U'k')) {
      set.add(0x212A, 0x212A);
    }
  }

  CodeSet one_code(char32_t code) const {
    CodeSet set = set_of(code);
    fold_case(set);
    return set;
  }

  std::uint32_t keep(CodeSet set) {
    auto& sets = program_.sets;
    const auto same = std::find(sets.begin(), sets.end(), set);
    const auto index = static_cast<std::uint32_t>(same - sets.begin());
    if (same == sets.end()) {
      if (sets.size() == sets_max) {
        fail(fmt::format("more than {} different characters and classes", sets_max));
      }
      sets.push_back(std::move(set));
    }
    return index;
  }

  std::u32string codes_;
  std::size_t at_ = 0;
  const std::string& what_;
  Pattern::Program& program_;
  bool ignore_case_ = false;
};

// Writes the instructions of nodes, each of which goes on behind its last one.
class Writer {
 public:
  Writer(Pattern::Program& program, const Reader& reader) : program_(program), reader_(reader) {}

  void write(const Node& node) {
    switch (node.kind) {
      case Node::Kind::set:
        put({.op = Op::one, .a = node.set});
        break;
      case Node::Kind::sequence:
        for (const Node& child : node.children) {
          write(child);
        }
        break;
      case Node::Kind::alternation:
        alternation(node);
        break;
      case Node::Kind::repeat:
        repeat(node);
        break;
      case Node::Kind::ahead:
      case Node::Kind::not_ahead: {
        const std::uint32_t test =
            put({.op = node.kind == Node::Kind::ahead ? Op::ahead : Op::not_ahead});
        write(node.children[0]);
        put({.op = Op::accept});
        program_.code[test].a = here();
        break;
      }
      case Node::Kind::line_begin:
        put({.op = Op::line_begin});
        break;
      case Node::Kind::line_end:
        put({.op = Op::line_end});
        break;
    }
  }

  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.code.size()); }

  std::uint32_t put(Pattern::Instruction instruction) {
    if (program_.code.size() == program_max) {
      reader_.fail("too long once its counts are written out");
    }
    program_.code.push_back(instruction);
    return here() - 1;
  }

 private:
  void alternation(const Node& node) {
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i + 1 < node.children.size(); ++i) {
      const std::uint32_t split = put({.op = Op::split});
      program_.code[split].a = here();
      write(node.children[i]);
      ends.push_back(put({.op = Op::jump}));
      program_.code[split].b = here();
    }
    write(node.children.back());
    for (const std::uint32_t end : ends) {
      program_.code[end].a = here();
    }
  }

  void repeat(const Node& node) {
    const Node& inner = node.children[0];
    if (inner.kind == Node::Kind::set) {
      put({.op = node.possessive ? Op::possess : Op::loop,
           .a = inner.set,
           .least = node.least,
           .most = node.most});
      return;
    }
    for (std::uint32_t i = 0; i < node.least; ++i) {
      write(inner);
    }
    if (node.most == unlimited) {
      const std::uint32_t split = put({.op = Op::split});
      program_.code[split].a = here();
      write(inner);
      put({.op = Op::jump, .a = split});
      program_.code[split].b = here();
      return;
    }
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = node.least; i < node.most; ++i) {
      splits.push_back(put({.op = Op::split}));
      program_.code[splits.back()].a = here();
      write(inner);
    }
    for (const std::uint32_t split : splits) {
      program_.code[split].b = here();
    }
  }

  Pattern::Program& program_;
  const Reader& reader_;
};

}  // namespace

Pattern::Program read_pattern(std::string_view text, const std::string& what) {
  Pattern::Program program;
  Reader reader(text, what, program);
  const Node whole = reader.read();
  if (width(whole) == 0) {
    reader.fail("it matches the empty text");
  }
  Writer writer(program, reader);
  for (const Node& alternative : whole.children) {
    program.alternatives.push_back(writer.here());
    writer.write(alternative);
    writer.put({.op = Op::accept});
  }
  return program;
}

}  // namespace assay::engine
