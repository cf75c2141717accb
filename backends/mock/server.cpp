#include "backends/mock/server.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <ostream>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/core.h>

#include "harness/error.h"

namespace assay {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::uint64_t request_bytes_max = std::uint64_t{64} << 20;
constexpr size_t bodies_remembered_max = 1'000'000;

asio::steady_timer::duration to_duration(double seconds) {
  return std::chrono::duration_cast<asio::steady_timer::duration>(
      std::chrono::duration<double>(seconds));
}

// What all connections share; touched only on the server's thread, but for the counts.
struct Shared {
  explicit Shared(const MockServerOptions& opts) : options(opts), book(opts.answers) {}

  const MockServerOptions options;
  const AnswerBook book;
  std::unordered_map<std::uint64_t, int> attempts;  // by the body's hash
  std::atomic<std::uint64_t> requests{0}, faults{0}, connections{0};

  Script answer(const MockRequest& request) {
    requests.fetch_add(1, std::memory_order_relaxed);
    Fault fault = Fault::none;
    if (request.post) {
      if (attempts.size() >= bodies_remembered_max) {
        attempts.clear();
      }
      const std::uint64_t hash = stable_hash(request.body, 0);
      fault = fault_for(options, hash, attempts[hash]++);
    }
    faults.fetch_add(fault == Fault::none ? 0 : 1, std::memory_order_relaxed);
    return script_for(options, book, request, fault);
  }
};

// One connection: reads a request, plays its script, reads the next.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared& shared)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), shared_(shared) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(request_bytes_max);
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, size_t) {
                       if (!error) {
                         self->begin();
                       }
                     });
  }

  void close() {
    error_code ignored;
    timer_.cancel(ignored);
    socket_.close(ignored);
  }

 private:
  void begin() {
    auto& message = parser_->get();
    const auto authorization = message[http::field::authorization];
    script_ = shared_.answer({.target = std::string(message.target()),
                              .body = std::move(message.body()),
                              .authorization = std::string(authorization),
                              .post = message.method() == http::verb::post});
    if (!message.keep_alive()) {
      script_.after = After::close;
    }
    step_ = 0;
    times_ = 0;
    play();
  }

  void play() {
    if (step_ == script_.steps.size()) {
      script_.after == After::close ? close() : read();
      return;
    }
    const Step& step = script_.steps[step_];
    if (step.wait_s <= 0) {
      send();
      return;
    }
    timer_.expires_after(to_duration(step.wait_s));
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) {
        self->send();
      }
    });
  }

  void send() {
    asio::async_write(socket_, asio::buffer(script_.steps[step_].bytes),
                      [self = shared_from_this()](error_code error, size_t) {
                        if (error) {
                          return self->close();
                        }
                        if (++self->times_ >= self->script_.steps[self->step_].times) {
                          self->times_ = 0;
                          ++self->step_;
                        }
                        self->play();
                      });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  Shared& shared_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Script script_;
  size_t step_ = 0;
  std::uint64_t times_ = 0;
};

}  // namespace

constexpr std::chrono::milliseconds accept_pause{20};

struct MockServer::State {
  explicit State(const MockServerOptions& options) : shared(options) {}

  Shared shared;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer pause{io};
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions;
  int port = 0;
  std::thread thread;

  void listen() {
    const MockServerOptions& options = shared.options;
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) {
      throw UserError(fmt::format("--address: '{}' is no IP address", options.address));
    }
    if (options.port < 0 || options.port > 65535) {
      throw UserError(fmt::format("--port: {} is not from 0 to 65535", options.port));
    }
    const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options.port));
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
      acceptor.set_option(asio::socket_base::reuse_address(true), error);
      acceptor.bind(endpoint, error);
    }
    if (!error) {
      acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
      throw UserError(fmt::format("--port: cannot listen on {}:{}: {}", options.address,
                                  options.port, error.message()));
    }
    port = acceptor.local_endpoint().port();
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      // stop() may have run after this connection was accepted and before it got here.
      if (!acceptor.is_open()) {
        return;
      }
      if (error) {  // no descriptors left, say: that passes, and asking at once would be a busy
                    // loop
        pause.expires_after(accept_pause);
        pause.async_wait([this](error_code) { accept(); });
        return;
      }
      socket.set_option(tcp::no_delay(true), error);
      shared.connections.fetch_add(1, std::memory_order_relaxed);
      auto session = std::make_shared<Session>(std::move(socket), shared);
      remember(session);
      session->read();
      accept();
    });
  }

  // Dead entries are dropped when the map has doubled, so that it stays as small as what it knows.
  void remember(const std::shared_ptr<Session>& session) {
    if (sessions.size() >= sweep_at) {
      std::erase_if(sessions, [](const auto& entry) { return entry.second.expired(); });
      sweep_at = sessions.size() * 2 + 64;
    }
    sessions[session.get()] = session;
  }
  size_t sweep_at = 64;
};

MockServer::MockServer(const MockServerOptions& options)
    : state_(std::make_unique<State>(options)) {
  state_->listen();
  state_->accept();
  state_->thread = std::thread([state = state_.get()] { state->io.run(); });
}

MockServer::~MockServer() {
  stop();
}

int MockServer::port() const {
  return state_->port;
}

std::string MockServer::base_url() const {
  const std::string& address = state_->shared.options.address;
  const bool v6 = address.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}/v1", v6 ? "[" : "", address, v6 ? "]" : "", state_->port);
}

MockServerStats MockServer::stats() const {
  const Shared& shared = state_->shared;
  return {.requests = shared.requests, .faults = shared.faults, .connections = shared.connections};
}

void MockServer::stop() {
  if (!state_->thread.joinable()) {
    return;
  }
  asio::post(state_->io, [state = state_.get()] {
    error_code ignored;
    state->acceptor.close(ignored);
    state->pause.cancel();
    for (const auto& [address, session] : state->sessions) {
      if (const auto alive = session.lock()) {
        alive->close();
      }
    }
  });
  state_->thread.join();
}

int serve(const MockServerOptions& options, std::ostream& out) {
  asio::io_context io(1);
  // Before the server's thread starts, so that no signal finds the program unprepared.
  asio::signal_set signals(io, SIGINT, SIGTERM);
  MockServer server(options);
  out << fmt::format("a mock API server listens on {}\n", server.base_url()) << std::flush;
  asio::steady_timer lifetime(io);
  signals.async_wait([&](error_code, int) { lifetime.cancel(); });
  if (options.lifetime_s > 0) {
    lifetime.expires_after(to_duration(options.lifetime_s));
    lifetime.async_wait([&](error_code) {
      error_code ignored;
      signals.cancel(ignored);
    });
  }
  io.run();
  server.stop();
  const MockServerStats stats = server.stats();
  out << fmt::format("{} requests on {} connections, {} of them answered with a fault\n",
                     stats.requests, stats.connections, stats.faults);
  return 0;
}

}  // namespace assay
