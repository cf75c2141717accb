// A server for tests that sends exactly the bytes it is told to, a piece at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace assay {

// Reads one request (head and body) on each connection, sends the pieces, and closes.
class RawServer {
 public:
  explicit RawServer(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), length);
    listen(listener_, 64);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string base_url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
  int connections() const { return connections_; }

 private:
  void run() {
    while (!stopping_) {
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) {
        continue;
      }
      ++connections_;
      read_request(client);
      for (const std::string& piece : pieces_) {
        if (send(client, piece.data(), piece.size(), MSG_NOSIGNAL) < 0) {
          break;
        }
        // So that the pieces arrive as such: there is no other way to cut a stream of bytes.
        std::this_thread::sleep_for(std::chrono::milliseconds(pieces_.size() > 1 ? 1 : 0));
      }
      close(client);
    }
  }

  static void read_request(int client) {
    std::string request;
    char bytes[4096];
    size_t wanted = std::string::npos;
    while (request.size() < wanted) {
      const ssize_t count = recv(client, bytes, sizeof bytes, 0);
      if (count <= 0) {
        return;
      }
      request.append(bytes, static_cast<size_t>(count));
      const size_t head = request.find("\r\n\r\n");
      const size_t length = request.find("Content-Length: ");
      if (head != std::string::npos) {
        wanted = head + 4 + (length < head ? std::stoul(request.substr(length + 16)) : size_t{0});
      }
    }
  }

  std::vector<std::string> pieces_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace assay
