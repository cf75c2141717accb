// Reads JSON from front to back without building a tree: what an answer is made of is a few fields
// of a text that arrives some ten thousand times a second.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay {

enum class JsonKind { object, array, string, number, boolean, null, error };

// Strict (RFC 8259, UTF-8 checked, escaped surrogates paired), at most 64 levels deep. The first
// mistake is final: from then on every value is of the kind `error`.
//
//   JsonReader reader(text);
//   reader.object([&](std::string_view key) {       // called for each member, may read its value
//     if (key == "name") reader.string(name);       // a value that is not read is skipped
//   });
//   if (!reader.finish()) ...                       // nothing may follow but blanks
//
// Not for use by several threads at once. The text must outlive the reader.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text);

  // Of the value that stands next. It is not checked further than its first character.
  JsonKind kind();

  // Each reads the next value if it is of its kind; else leaves it and returns false.
  bool string(std::string& appended_to);
  bool number(double& value);
  bool null();
  template <class F>
  bool object(F on_member);
  template <class F>
  bool array(F on_element);

  void skip();
  bool failed() const { return failed_; }

  // True: exactly one whole value was read.
  bool finish();

 private:
  static constexpr int depth_max = 64;

  void fail();
  void blanks();
  bool take(char c);
  bool literal(std::string_view word);
  bool scan_number(std::string_view& digits);
  template <class Sink>
  bool scan_string(Sink sink);
  bool escape(std::string& decoded);
  bool hex4(unsigned& code);
  bool key(std::string_view& name);
  bool enter(char open);
  bool more(char close, bool first);

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  std::string key_;  // of a member whose name holds escapes
};

template <class F>
bool JsonReader::object(F on_member) {
  if (!enter('{')) {
    return false;
  }
  for (bool first = true; more('}', first); first = false) {
    std::string_view name;
    if (!key(name)) {
      return false;
    }
    const size_t before = at_;
    on_member(name);
    if (at_ == before) {
      skip();
    }
  }
  return !failed_;
}

template <class F>
bool JsonReader::array(F on_element) {
  if (!enter('[')) {
    return false;
  }
  for (bool first = true; more(']', first); first = false) {
    const size_t before = at_;
    on_element();
    if (at_ == before) {
      skip();
    }
  }
  return !failed_;
}

}  // namespace assay
