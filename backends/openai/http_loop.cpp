#include "backends/openai/http_loop.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cmath>
#include <mutex>
#include <new>
#include <stdexcept>
#include <unordered_map>

#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace assay {

namespace {

constexpr long receive_buffer_bytes = 16384;
constexpr long dns_cache_s = 3600;
constexpr int events_max = 256;

// CURL and CURLM are both void to the compiler, so each needs a type of its own here.
struct EasyFree {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiFree {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Transfer {
  std::unique_ptr<CURL, EasyFree> easy;
  HttpSink* sink = nullptr;  // nullptr: idle
  size_t url = static_cast<size_t>(-1);
  bool stopped = false;
  std::array<char, CURL_ERROR_SIZE> error{};
};

size_t receive(char* bytes, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.sink->body(std::string_view(bytes, size * count))) {
    transfer.stopped = true;
    return 0;
  }
  return size * count;
}

HttpEnd end_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return HttpEnd::complete;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
      return HttpEnd::impossible;
    default:
      return HttpEnd::broken;
  }
}

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_ALL) != 0) {
      throw std::bad_alloc();
    }
  });
}

int file_or_throw(int file) {
  if (file < 0) {
    throw std::runtime_error("the system gives no more file descriptors");
  }
  return file;
}

}  // namespace

struct HttpLoop::State {
  int epoll = -1;
  int alarm = -1;      // an eventfd: what wake writes to
  long timer_ms = -1;  // what curl wants to be called after; -1: nothing
  bool name_known = false;
  size_t running = 0;
  HttpSettings settings;
  std::unique_ptr<curl_slist, ListFree> headers;
  std::vector<std::unique_ptr<CURLU, UrlFree>> urls;
  std::vector<std::unique_ptr<Transfer>> transfers;  // all that were ever made
  std::vector<Transfer*> idle;
  std::unordered_map<const HttpSink*, Transfer*> active;
  std::unique_ptr<CURLM, MultiFree> multi;
  Transfer* ended = nullptr;  // its facts are kept until the next one is asked for

  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void* known) {
    auto& state = *static_cast<State*>(user);
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(state.epoll, EPOLL_CTL_DEL, socket, nullptr);
      return 0;
    }
    epoll_event event{};
    event.data.fd = socket;
    event.events =
        ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    if (known == nullptr) {
      curl_multi_assign(state.multi.get(), socket, &state);
      epoll_ctl(state.epoll, EPOLL_CTL_ADD, socket, &event);
    } else {
      epoll_ctl(state.epoll, EPOLL_CTL_MOD, socket, &event);
    }
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* user) {
    static_cast<State*>(user)->timer_ms = milliseconds;
    return 0;
  }

  static int on_connect(void* user, curl_socket_t, curlsocktype) {
    static_cast<State*>(user)->name_known = true;
    return CURL_SOCKOPT_OK;
  }

  Transfer& idle_transfer();
  void set_up(Transfer& transfer);
  void give_back(Transfer& transfer);
};

void HttpLoop::State::set_up(Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, receive_buffer_bytes);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, std::lround(settings.connect_timeout_s * 1000));
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, dns_cache_s);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_connect);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, this);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "assay");
  // A redirect could carry the key elsewhere.
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  const long version = settings.http == HttpVersion::http_1_1 ? CURL_HTTP_VERSION_1_1
                       : settings.http == HttpVersion::http_2 ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
                                                              : CURL_HTTP_VERSION_2TLS;
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
  if (settings.http != HttpVersion::http_1_1 && settings.urls[0].starts_with("https")) {
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);  // share one HTTP/2 connection, if it is one
  }
}

Transfer& HttpLoop::State::idle_transfer() {
  if (!idle.empty()) {
    Transfer& transfer = *idle.back();
    idle.pop_back();
    return transfer;
  }
  auto made = std::make_unique<Transfer>();
  made->easy.reset(curl_easy_init());
  if (!made->easy) {
    throw std::bad_alloc();
  }
  set_up(*made);
  transfers.push_back(std::move(made));
  return *transfers.back();
}

void HttpLoop::State::give_back(Transfer& transfer) {
  curl_multi_remove_handle(multi.get(), transfer.easy.get());
  active.erase(transfer.sink);
  transfer.sink = nullptr;
  idle.push_back(&transfer);
}

HttpLoop::HttpLoop(const HttpSettings& settings) : state_(std::make_unique<State>()) {
  initialise_curl();
  State& state = *state_;
  state.settings = settings;
  for (const std::string& line : settings.headers) {
    state.headers.reset(curl_slist_append(state.headers.release(), line.c_str()));
  }
  for (const std::string& text : settings.urls) {
    state.urls.emplace_back(curl_url());
    if (curl_url_set(state.urls.back().get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
      throw std::invalid_argument("not a URL: " + text);
    }
  }
  state.epoll = file_or_throw(epoll_create1(EPOLL_CLOEXEC));
  state.alarm = file_or_throw(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = state.alarm;
  epoll_ctl(state.epoll, EPOLL_CTL_ADD, state.alarm, &event);
  state.multi.reset(curl_multi_init());
  CURLM* multi = state.multi.get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, State::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, &state);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, State::on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, &state);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(settings.transfers_max));
  state.active.reserve(settings.transfers_max);
}

HttpLoop::~HttpLoop() {
  State& state = *state_;
  for (const auto& transfer : state.transfers) {
    if (transfer->sink != nullptr) {
      curl_multi_remove_handle(state.multi.get(), transfer->easy.get());
    }
  }
  state.transfers.clear();
  state.multi.reset();
  close(state.alarm);
  close(state.epoll);
}

void HttpLoop::start(size_t url, std::string_view body, HttpSink& sink) {
  State& state = *state_;
  Transfer& transfer = state.idle_transfer();
  CURL* easy = transfer.easy.get();
  if (transfer.url != url) {
    curl_easy_setopt(easy, CURLOPT_CURLU, state.urls[url].get());
    transfer.url = url;
  }
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  transfer.sink = &sink;
  transfer.stopped = false;
  transfer.error[0] = '\0';
  state.active.emplace(&sink, &transfer);
  curl_multi_add_handle(state.multi.get(), easy);
}

void HttpLoop::abandon(const HttpSink& sink) {
  if (const auto found = state_->active.find(&sink); found != state_->active.end()) {
    state_->give_back(*found->second);
  }
}

void HttpLoop::wait(double seconds) {
  State& state = *state_;
  std::array<epoll_event, events_max> events;  // NOLINT: filled by the kernel
  int timeout_ms = static_cast<int>(std::ceil(std::clamp(seconds, 0.0, 3600.0) * 1000));
  if (state.timer_ms >= 0) {
    timeout_ms = static_cast<int>(std::min<long>(timeout_ms, state.timer_ms));
  }
  int running = 0;
  const bool due_now = state.timer_ms == 0;
  const int count = epoll_wait(state.epoll, events.data(), events_max, timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.fd == state.alarm) {
      std::uint64_t times = 0;
      [[maybe_unused]] const ssize_t bytes = read(state.alarm, &times, sizeof times);
      continue;
    }
    const int what = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                     ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                     ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(state.multi.get(), event.data.fd, what, &running);
  }
  // Curl's own clock decides what is due; asking it too early or too often does no harm.
  if (due_now || (count == 0 && state.timer_ms >= 0)) {
    state.timer_ms = -1;
    curl_multi_socket_action(state.multi.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

std::optional<HttpResult> HttpLoop::next() {
  State& state = *state_;
  if (state.ended != nullptr) {
    state.give_back(*state.ended);
    state.ended = nullptr;
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(state.multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) {
      continue;
    }
    const CURLcode code = message->data.result;
    void* user = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
    auto& transfer = *static_cast<Transfer*>(user);
    state.name_known = true;  // or known to be unknown: there is nothing more to wait for
    state.ended = &transfer;
    HttpResult result{.sink = transfer.sink,
                      .end = transfer.stopped ? HttpEnd::stopped : end_of(code)};
    if (result.end == HttpEnd::broken || result.end == HttpEnd::impossible) {
      result.error = transfer.error[0] != '\0' ? transfer.error.data() : curl_easy_strerror(code);
    }
    return result;
  }
  return std::nullopt;
}

void HttpLoop::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t bytes = write(state_->alarm, &one, sizeof one);
}

bool HttpLoop::name_known() const {
  return state_->name_known;
}

int HttpLoop::status(const HttpSink& sink) const {
  long code = 0;
  if (const auto found = state_->active.find(&sink); found != state_->active.end()) {
    curl_easy_getinfo(found->second->easy.get(), CURLINFO_RESPONSE_CODE, &code);
  }
  return static_cast<int>(code);
}

bool HttpLoop::event_stream(const HttpSink& sink) const {
  const char* type = nullptr;
  if (const auto found = state_->active.find(&sink); found != state_->active.end()) {
    curl_easy_getinfo(found->second->easy.get(), CURLINFO_CONTENT_TYPE, &type);
  }
  return type != nullptr && curl_strnequal(type, "text/event-stream", 17) != 0;
}

std::string HttpLoop::header(const HttpSink& sink, const char* name) const {
  const auto found = state_->active.find(&sink);
  curl_header* header = nullptr;
  if (found == state_->active.end() || curl_easy_header(found->second->easy.get(), name, 0,
                                                        CURLH_HEADER, -1, &header) != CURLHE_OK) {
    return {};
  }
  return header->value;
}

}  // namespace assay
