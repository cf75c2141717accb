#include "harness/utf8.h"

#include "tests/catch.h"

using assay::clean_utf8;

TEST_CASE("invalid UTF-8 is replaced byte by byte and valid text is kept") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(clean_utf8("naïve 中文 🙂") == "naïve 中文 🙂");
  CHECK(clean_utf8("a\xFFz") == "a" + replacement + "z");
  CHECK(clean_utf8("\xC0\xAF") == replacement + replacement);
  CHECK(clean_utf8("\xED\xA0\x80") == replacement + replacement + replacement);
  CHECK(clean_utf8("\xF4\x90\x80\x80").size() == 4 * replacement.size());
  CHECK(clean_utf8("ab\xE4\xB8") == "ab" + replacement + replacement);
  CHECK(clean_utf8(std::string("a\0b", 3)) == std::string("a\0b", 3));
}

TEST_CASE("a cut never splits a character") {
  CHECK(clean_utf8("ab中", 4) == "ab");
  CHECK(clean_utf8("ab中", 5) == "ab中");
}

TEST_CASE("a message is one line of printable text") {
  CHECK(assay::one_line("  a\n\tb\x1b[31m \n") == "a b [31m");
  CHECK(assay::one_line("a\xFF"
                        "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(assay::one_line(std::string(5000, 'x')).size() == 300);
}
