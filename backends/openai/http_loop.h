// Many HTTP posts at once on one thread: libcurl's multi interface driven by epoll.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/openai/options.h"

namespace assay {

// Receives the body of one transfer as it arrives, on the loop's thread.
class HttpSink {
 public:
  virtual ~HttpSink() = default;
  // False: enough; the transfer then ends as HttpEnd::stopped.
  virtual bool body(std::string_view bytes) = 0;
};

enum class HttpEnd {
  complete,    // a whole response arrived, of whatever status
  stopped,     // the sink had enough
  broken,      // no connection, or cut off: another try may help
  impossible,  // a certificate, a URL or a protocol that another try will not mend
};

struct HttpResult {
  HttpSink* sink = nullptr;
  HttpEnd end = HttpEnd::complete;
  std::string error;  // one line, unless complete or stopped
};

struct HttpSettings {
  std::vector<std::string> urls;     // `start` chooses one by its index
  std::vector<std::string> headers;  // whole lines, sent with every request
  double connect_timeout_s = 30;
  size_t transfers_max = 64;  // what pools are sized by
  HttpVersion http = HttpVersion::automatic;
};

// Thread rule: everything from one thread, except wake.
class HttpLoop {
 public:
  explicit HttpLoop(const HttpSettings& settings);
  ~HttpLoop();
  HttpLoop(const HttpLoop&) = delete;
  HttpLoop& operator=(const HttpLoop&) = delete;

  // REQUIRES: `body` and `sink` outlive the transfer.
  void start(size_t url, std::string_view body, HttpSink& sink);

  // Ends a transfer of `sink` without a result; its connection is closed.
  void abandon(const HttpSink& sink);

  // Waits until something happened or the time is over, and acts on what happened.
  void wait(double seconds);

  // The next transfer that ended, in the order in which they did.
  std::optional<HttpResult> next();

  // Makes a wait that is under way, or the next one, return. Any thread.
  void wake();

  // False until the host's name was first resolved: to start many transfers before that would have
  // curl start a thread for each of them.
  bool name_known() const;

  // Of the transfer of `sink`, while it runs or until the next call of next.
  int status(const HttpSink& sink) const;
  bool event_stream(const HttpSink& sink) const;
  std::string header(const HttpSink& sink, const char* name) const;  // empty: not sent

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay
