// `assay mock`: a server that speaks OpenAI's chat API without a model, for tests and for
// calibration.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>

#include "backends/mock/script.h"

namespace assay {

struct MockServerStats {
  std::uint64_t requests = 0;
  std::uint64_t faults = 0;
  std::uint64_t connections = 0;
};

// Serves on a thread of its own from construction to destruction.
class MockServer {
 public:
  // Throws UserError where the address or port cannot be had, or the file of answers is bad.
  explicit MockServer(const MockServerOptions& options);
  ~MockServer();
  MockServer(const MockServer&) = delete;
  MockServer& operator=(const MockServer&) = delete;

  int port() const;
  std::string base_url() const;  // "http://127.0.0.1:1234/v1"
  MockServerStats stats() const;
  void stop();  // closes every connection; may be called again

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Serves until SIGINT, SIGTERM or the end of its lifetime, and returns the exit status. Prints
// where it listens. Throws UserError as MockServer does.
int serve(const MockServerOptions& options, std::ostream& out);

}  // namespace assay
