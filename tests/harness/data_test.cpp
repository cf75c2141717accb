#include "harness/data.h"

#include <fstream>
#include <set>
#include <sstream>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes
namespace fs = std::filesystem;

namespace {

// A manifest of one data file whose content is "abc".
struct Folders {
  ScratchFolder root;
  fs::path file = root.write("letters.txt", "abc");
  Folders() {
    fs::create_directory(root.path() / "bundled");
    root.write("bundled/manifest.json",
               R"({"datasets":[{"name":"letters","title":"t","file":"l.txt",
      "format":"txt","records":1,"bytes":3,"licence":"MIT","source":"https://example.org/r",
      "path":"p/l.txt","commit":"c0ffee",
      "sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]})");
  }
  void write(const std::string& text) const { root.write("letters.txt", text); }
  DataFolder folder() const { return {root.path() / "bundled", root.path() / "installed"}; }
};

}  // namespace

TEST_CASE("a file is installed only when it is the one that the manifest describes") {
  const Folders folders;
  const DataFolder data = folders.folder();
  CHECK_THROWS_WITH(data.find("letters"),
                    Catch::Contains("not installed; get p/l.txt of https://example.org/r"));
  folders.write("abd");
  CHECK_THROWS_WITH(data.add("letters", folders.file), Catch::Contains("has sha256"));
  folders.write("abcd");
  CHECK_THROWS_WITH(data.add("letters", folders.file),
                    Catch::Contains("has 4 bytes, letters has 3"));
  CHECK_THROWS_AS(data.add("letters", folders.root.path() / "none"), UserError);
  CHECK_THROWS_WITH(data.add("numbers", folders.file), Catch::Contains("there are: letters"));
  CHECK_THROWS_AS(data.find("letters"), UserError);
  folders.write("abc");
  const fs::path place = data.add("letters", folders.file);
  CHECK(data.find("letters") == place);
}

TEST_CASE("a file that was damaged after it was installed is found out") {
  const Folders folders;
  const DataFolder data = folders.folder();
  const fs::path place = data.add("letters", folders.file);
  std::ostringstream out;
  CHECK(data.verify(out));
  std::ofstream(place) << "abx";
  CHECK_THROWS_WITH(data.find("letters"), Catch::Contains("install it again"));
  CHECK_FALSE(data.verify(out));
}

TEST_CASE("the list says what is missing and where to get it") {
  const Folders folders;
  std::ostringstream out;
  folders.folder().list(out);
  CHECK_THAT(out.str(),
             Catch::Contains("missing") && Catch::Contains("assay data add letters FILE"));
}

TEST_CASE("the project's own manifest is complete and names no file twice") {
  const DataFolder data(fs::path(ASSAY_SOURCE_DIR) / "data", "/nonexistent");
  CHECK(data.datasets().size() >= 20);
  std::set<std::string> names;
  for (const Dataset& dataset : data.datasets()) {
    INFO(dataset.name);
    CHECK(names.insert(dataset.name).second);
    CHECK(dataset.sha256.size() == 64);
    CHECK(dataset.source.starts_with("https://"));
  }
}
