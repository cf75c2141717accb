#include "backends/mock/answers.h"

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using assay::ScratchFile;

TEST_CASE("a row can say that the host withholds its answer") {
  const ScratchFile file(
      "{\"contains\":\"a\",\"answer\":\"\",\"finish\":\"content_filter\"}\n"
      "{\"contains\":\"b\",\"answer\":\"x\",\"finish\":\"stop\"}\n");
  const assay::AnswerBook book({.file = file.path()});
  CHECK(book.lookup("a", 0).withheld);
  CHECK_FALSE(book.lookup("b", 0).withheld);
  const ScratchFile wrong("{\"answer\":\"x\",\"finish\":\"late\"}\n");
  CHECK_THROWS_WITH(assay::AnswerBook({.file = wrong.path()}), Catch::Contains(":1: 'finish'"));
}

TEST_CASE("a mock answers by the whole prompt, by a piece of it, or in turn") {
  const ScratchFile file(
      "{\"prompt\":\"2+2?\",\"answer\":\"4\",\"reasoning\":\"r\"}\n\n"
      "{\"contains\":\"hen\",\"answer\":\"eggs\"}\n{\"answer\":\"one\"}\n{\"answer\":\"two\"}\n");
  const assay::AnswerBook book({.file = file.path()});
  CHECK(book.lookup("2+2?", 0).text == "4");
  CHECK(book.lookup("2+2?", 0).reasoning == "r");
  CHECK(book.lookup("a hen lays", 0).text == "eggs");
  CHECK(book.lookup("else", 0).text == "one");
  CHECK(book.lookup("else", 0).text == "two");
  CHECK(book.lookup("else", 0).text == "one");
}

TEST_CASE("accuracy is a share that the seed decides") {
  const ScratchFile file("{\"contains\":\"q\",\"answer\":\"right\",\"wrong\":\"no\"}\n");
  const assay::AnswerBook book({.file = file.path(), .accuracy = 0.7, .seed = 3});
  int right = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string prompt = "q" + std::to_string(i);
    const std::string text = book.lookup(prompt, 0).text;
    CHECK((text == "right" || text == "no"));
    CHECK(text == book.lookup(prompt, 0).text);
    right += text == "right" ? 1 : 0;
  }
  CHECK(right > 640);
  CHECK(right < 760);
}

TEST_CASE("a bad file of answers is a mistake that names the line") {
  CHECK_THROWS_WITH(assay::AnswerBook({.file = "/nowhere.jsonl"}), Catch::Contains("/nowhere"));
  const ScratchFile broken("{\"answer\":\"a\"}\n{\"answer\":\n");
  CHECK_THROWS_WITH(assay::AnswerBook({.file = broken.path()}), Catch::Contains(":2:"));
  const ScratchFile wrong("{\"answer\":7}\n");
  CHECK_THROWS_WITH(assay::AnswerBook({.file = wrong.path()}), Catch::Contains(":1: 'answer'"));
}

TEST_CASE("without a file it says that it is a mock, or echoes") {
  CHECK_THAT(assay::AnswerBook({}).lookup("x", 0).text, Catch::Contains("mock"));
  CHECK(assay::AnswerBook({.echo = true}).lookup("x", 0).text == "x");
}

TEST_CASE("the hash is the same everywhere and depends on every bit of the seed") {
  CHECK(assay::stable_hash("a", 1) != assay::stable_hash("a", 0));
  CHECK(assay::stable_hash("a", 1) != assay::stable_hash("b", 1));
  CHECK(assay::unit_interval(~std::uint64_t{0}) < 1);
}
