#include "backends/mock/server.h"

#include <sstream>

#include "harness/error.h"
#include "tests/catch.h"

TEST_CASE("a port that is taken is a mistake that names the flag") {
  const assay::MockServer first({});
  CHECK(first.port() > 0);
  CHECK_THROWS_WITH(assay::MockServer({.port = first.port()}), Catch::StartsWith("--port"));
  CHECK_THROWS_WITH(assay::MockServer({.address = "nowhere"}), Catch::StartsWith("--address"));
  CHECK_THROWS_WITH(assay::MockServer({.port = 70000}), Catch::StartsWith("--port"));
}

TEST_CASE("a server may be stopped twice") {
  assay::MockServer server({});
  server.stop();
  server.stop();
  CHECK(server.stats().requests == 0);
}

TEST_CASE("the command says where it listens and ends with its lifetime") {
  std::ostringstream out;
  CHECK(assay::serve({.lifetime_s = 0.05}, out) == 0);
  CHECK_THAT(out.str(), Catch::Contains("http://127.0.0.1:") && Catch::Contains("0 requests"));
}
