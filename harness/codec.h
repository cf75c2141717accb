// Values as JSON text and back: what the results file, cache keys and JSONL commands share. The
// same value gives the same text every time, so that texts can be hashed and compared.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/prompt.h"
#include "harness/response.h"
#include "harness/suite.h"

namespace assay {

std::string_view to_text(Role role);
std::string_view to_text(Finish finish);
std::string_view to_text(Failure failure);

// Each throws std::invalid_argument that quotes a text it does not know.
Role parse_role(std::string_view text);
Finish parse_finish(std::string_view text);
Failure parse_failure(std::string_view text);

std::string to_json(const Sampling& sampling);
std::string to_json(const std::map<std::string, std::string>& tags);
std::string to_json(const std::vector<Reading>& readings);
std::string to_json(const std::vector<TokenLogprob>& logprobs);

// What is sent: messages, text or tokens; without sampling.
std::string body_json(const Prompt& prompt);

// The reverse of the above. Each throws std::invalid_argument with one line on text that is not of
// its form.
Sampling parse_sampling(std::string_view json);
std::map<std::string, std::string> parse_tags(std::string_view json);
std::vector<Reading> parse_readings(std::string_view json);
std::vector<TokenLogprob> parse_logprobs(std::string_view json);
Prompt parse_body(std::string_view json);

// `text` with every byte that is not part of valid UTF-8 replaced by U+FFFD, cut at a character's
// end to at most `bytes_max` bytes. Model output goes through here before it is stored or printed.
std::string clean_utf8(std::string_view text, std::size_t bytes_max = std::string_view::npos);

}  // namespace assay
