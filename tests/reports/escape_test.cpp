#include "reports/escape.h"

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

TEST_CASE("control characters become visible and cannot command a terminal") {
  CHECK(visible_text("a\x1B[31mb\x07") == "a␛[31mb␇");
  CHECK(visible_text("line\r\nnext\ttab") == "line\nnext\ttab");
  CHECK(visible_text("over\rwritten") == "over␍written");
  CHECK(visible_text(std::string_view("a\0b", 3)) == "a␀b");
  CHECK(visible_text("\x7F") == "␡");
  CHECK(visible_text("\xC2\x9B"
                     "31m") == "<U+009B>31m");
}

TEST_CASE("characters that turn text around are named") {
  CHECK(visible_text("a\xE2\x80\xAE"
                     "b") == "a<U+202E>b");
  CHECK(visible_text("\xE2\x81\xA6") == "<U+2066>");
  CHECK(visible_text("\xE2\x80\x94 \xE2\x81\xBA") == "— ⁺");
}

TEST_CASE("bytes that are no UTF-8 are replaced, and cuts fall between characters") {
  CHECK(visible_text("a\xFF\xC3") == "a\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(bounded_text("ääää", 5) == "ää … [cut: 5 of 8 bytes]");
  CHECK(bounded_text("short", 5) == "short");
}

TEST_CASE("JSON inside a script cannot end the script") {
  CHECK(script_json("[\"</script><!--&\xE2\x80\xA8\xE2\x80\xA9\"]") ==
        R"(["\u003c/script\u003e\u003c!--\u0026\u2028\u2029"])");
}

TEST_CASE("a spreadsheet takes no cell for a formula") {
  CHECK(csv_text("=1+1") == "'=1+1");
  CHECK(csv_text("+1") == "'+1");
  CHECK(csv_text("-1") == "'-1");
  CHECK(csv_text("@SUM(A1)") == "'@SUM(A1)");
  CHECK(csv_text("\"=1\"") == "\"'\"\"=1\"\"\"");
  CHECK(csv_text(" =1") == "' =1");
  CHECK(csv_text("\t=1") == "\"'\t=1\"");
  CHECK(csv_text("1-1") == "1-1");
}

TEST_CASE("cells with commas, quotes and lines are quoted") {
  CHECK(csv_text("a,b") == "\"a,b\"");
  CHECK(csv_text("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(csv_text("two\nlines") == "\"two\nlines\"");
  CHECK(csv_text("plain") == "plain");
}

TEST_CASE("a Markdown cell stays one cell and plain text") {
  CHECK(markdown_text("a|b\nc") == "a\\|b c");
  CHECK(markdown_text("<script>") == "\\<script\\>");
  CHECK(markdown_text("[x](javascript:1)") == "\\[x\\](javascript:1)");
  CHECK(markdown_text("**bold** `code`") == "\\*\\*bold\\*\\* \\`code\\`");
}
