// What is put to a model: the text in one of three forms, and how the answer is drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay {

enum class Role { system, user, assistant };

struct Message {
  Role role = Role::user;
  std::string content;
  bool operator==(const Message&) const = default;
};

struct Sampling {
  double temperature = 0;  // 0: greedy
  double top_p = 1;        // 1: off
  int top_k = 0;           // 0: off
  int max_tokens = 2048;   // of the answer, reasoning included
  std::vector<std::string> stop;
  std::optional<std::uint64_t> seed;  // of sample 0; sample i is drawn with seed + i
  int top_logprobs = -1;  // -1: no log-probabilities; 0: of the chosen tokens; n: and of the n best
  bool operator==(const Sampling&) const = default;
};

// Exactly one of `messages`, `text` and `tokens` is used: the first of them that is not empty.
struct Prompt {
  std::vector<Message> messages;  // a chat
  std::string text;               // plain continuation
  std::vector<int> tokens;        // plain continuation of token ids
  Sampling sampling;
  int sample_index = 0;  // which of the k samples of a question this is; part of every cache key
};

}  // namespace assay
