#include "backends/engine/unicode.h"

#include "tests/catch.h"

using namespace assay::engine;

TEST_CASE("general categories are those of Unicode 16") {
  const auto is = [](char32_t code, const char* name) {
    return (category_of(code) & *categories_named(name)) != 0;
  };
  CHECK(is(U'a', "Ll"));
  CHECK(is(U'a', "L"));
  CHECK(is(U'a', "Letter"));
  CHECK(is(U'7', "Nd"));
  CHECK(is(U'½', "No"));
  CHECK(is(U'中', "Lo"));
  CHECK(is(0x301, "Mn"));
  CHECK(is(U'+', "Sm"));
  CHECK(is(U'_', "Pc"));
  CHECK(is(0x1C89, "Lu"));  // new in 16
  CHECK(is(0x10FFFF, "Cn"));
  CHECK(is(0, "Cc"));
  CHECK(category_of(broken_byte + 0x80) == 0);
  CHECK_FALSE(categories_named("Greek"));
}

TEST_CASE("UTF-8 is read back as it was written, and broken bytes one by one") {
  for (char32_t code = 0; code < 0x110000; code += code < 0x900 ? 1 : 37) {
    if (code >= 0xD800 && code < 0xE000) {
      continue;
    }
    std::string text;
    append_utf8(text, code);
    const Decoded decoded = decode_utf8(text, 0);
    REQUIRE(decoded.code == code);
    REQUIRE(decoded.length == static_cast<int>(text.size()));
    REQUIRE(utf8_length(code) == decoded.length);
  }
  // Overlong, surrogate, beyond Unicode, lone continuation, cut short.
  for (const char* text : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE4\xB8"}) {
    CHECK(decode_utf8(text, 0).code == broken_byte + static_cast<unsigned char>(text[0]));
    CHECK(decode_utf8(text, 0).length == 1);
  }
}

TEST_CASE("broken text is repaired with one replacement for each cut character") {
  CHECK(with_replacements("aé中😀") == "aé中😀");
  CHECK(with_replacements("\xE4\xB8") == "\xEF\xBF\xBD");
  CHECK(with_replacements("\xF0\x9F\x98z") == "\xEF\xBF\xBDz");
  CHECK(with_replacements("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(unfinished_tail("abc") == 0);
  CHECK(unfinished_tail("ab\xE4") == 1);
  CHECK(unfinished_tail("a\xE4\xB8") == 2);
  CHECK(unfinished_tail("\xF0\x9F\x98") == 3);
  CHECK(unfinished_tail("中") == 0);
  CHECK(unfinished_tail("\x80\x80") == 0);
  CHECK(unfinished_tail("\xC0") == 0);
}
