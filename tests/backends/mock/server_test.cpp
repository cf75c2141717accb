#include "backends/mock/server.h"

#include <array>
#include <sstream>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

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

// A connection may have been accepted, and not yet handed over, when the server is told to stop.
TEST_CASE("a server stops while connections come in") {
  for (int round = 0; round < 300; ++round) {
    assay::MockServer server({});
    std::array<int, 8> clients{};
    for (int& client : clients) {
      client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(static_cast<std::uint16_t>(server.port()));
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      connect(client, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    }
    server.stop();
    for (const int client : clients) {
      close(client);
    }
  }
}

TEST_CASE("the command says where it listens and ends with its lifetime") {
  std::ostringstream out;
  CHECK(assay::serve({.lifetime_s = 0.05}, out) == 0);
  CHECK_THAT(out.str(), Catch::Contains("http://127.0.0.1:") && Catch::Contains("0 requests"));
}
