#include "backends/openai/options.h"

#include <map>
#include <string>

#include "harness/error.h"
#include "tests/catch.h"

using assay::ModelSpec;
using assay::OpenAiOptions;

namespace {

using Variables = std::map<std::string, std::string>;

OpenAiOptions options_of(const ModelSpec& spec, const Variables& variables = {}) {
  return assay::openai_options(spec, [&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

ModelSpec model(const std::string& text, const std::string& base_url = "") {
  ModelSpec spec = assay::parse_model(text);
  spec.base_url = base_url;
  return spec;
}

ModelSpec with(const std::string& key, const std::string& value) {
  ModelSpec spec = model("openai:m", "http://127.0.0.1:1/v1");
  spec.options = {{key, value}};
  return spec;
}

}  // namespace

TEST_CASE("a missing key is a mistake that names the variable, for a host that needs one") {
  CHECK_THROWS_WITH(options_of(model("deepseek:deepseek-reasoner")),
                    Catch::Contains("DEEPSEEK_API_KEY"));
  CHECK_THROWS_WITH(options_of(model("openai:gpt-4o"), {{"OPENAI_API_KEY", ""}}),
                    Catch::Contains("OPENAI_API_KEY"));
  CHECK(options_of(model("openai:m", "http://127.0.0.1:8000/v1")).key.empty());
  CHECK(options_of(model("openai:m", "http://gpu-box:8000/v1")).key.empty());
  CHECK(options_of(model("vllm:m")).key.empty());
}

TEST_CASE("a key is sent to its own host, to this machine, and over TLS, but not in the clear") {
  const Variables key = {{"OPENAI_API_KEY", "sk-1"}};
  CHECK(options_of(model("openai:m"), key).key_header == "Authorization: Bearer sk-1");
  CHECK(options_of(model("openai:m", "http://localhost:8000/v1"), key).key == "sk-1");
  CHECK(options_of(model("openai:m", "https://elsewhere.example/v1"), key).key == "sk-1");
  CHECK(options_of(model("openai:m", "http://elsewhere.example/v1"), key).key.empty());
  ModelSpec named = model("openai:m", "http://elsewhere.example/v1");
  named.options = {{"api_key_env", "MY_KEY"}};
  CHECK(options_of(named, {{"MY_KEY", "k"}}).key == "k");
  CHECK_THROWS_WITH(options_of(named, key), Catch::Contains("MY_KEY"));
  CHECK(options_of(model("azure:m", "https://r.openai.azure.com/openai/v1"),
                   {{"AZURE_OPENAI_API_KEY", "z"}})
            .key_header == "api-key: z");
}

TEST_CASE("a key cannot smuggle in a header") {
  CHECK_THROWS_AS(options_of(model("openai:m"), {{"OPENAI_API_KEY", "a\r\nX: y"}}),
                  assay::UserError);
}

TEST_CASE("a base URL is http or https and holds nothing secret") {
  for (const char* url : {"ftp://a/v1", "file:///etc/passwd", "http://u:p@host/v1", "::", "http://",
                          "http://host/v1?key=s", "http://host/v1#x", "localhost:8000/v1"}) {
    INFO(url);
    CHECK_THROWS_WITH(options_of(model("openai:m", url)), Catch::StartsWith("--base-url"));
  }
  CHECK(options_of(model("openai:m", "http://127.0.0.1:1/v1//")).base_url ==
        "http://127.0.0.1:1/v1");
  CHECK_THROWS_WITH(options_of(model("azure:m")), Catch::Contains("--base-url"));
}

TEST_CASE("a model must be named") {
  CHECK_THROWS_AS(options_of(model("openai:", "http://127.0.0.1:1/v1")), assay::UserError);
}

TEST_CASE("OpenAI's reasoning models take max_completion_tokens") {
  for (const char* name : {"o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5-nano"}) {
    INFO(name);
    const auto options =
        options_of(model("openai:" + std::string(name)), {{"OPENAI_API_KEY", "k"}});
    CHECK(options.max_tokens_field == "max_completion_tokens");
    CHECK(options.bare_reasoner);
  }
  for (const char* name : {"gpt-4o", "omni", "o", "olmo-2"}) {
    INFO(name);
    CHECK_FALSE(
        options_of(model("openai:" + std::string(name)), {{"OPENAI_API_KEY", "k"}}).bare_reasoner);
  }
}

TEST_CASE("threads are added where there are many transfers") {
  ModelSpec spec = model("openai:m", "http://127.0.0.1:1/v1");
  spec.in_flight_max = 1;
  CHECK(options_of(spec).shards == 1);
  spec.in_flight_max = 10'000;
  CHECK(options_of(spec).shards == 9);
}

TEST_CASE("backend options are read and checked") {
  CHECK(options_of(with("stall_timeout_s", "3.5")).stall_timeout_s == 3.5);
  CHECK(options_of(with("response_bytes_max", "1000")).response_bytes_max == 1000);
  CHECK(options_of(with("http", "1.1")).http == assay::HttpVersion::http_1_1);
  CHECK_FALSE(options_of(with("think", "keep")).split_think);
  CHECK_FALSE(options_of(with("stream_options", "off")).stream_options);
  CHECK(options_of(with("extra", R"({ "reasoning_effort" : "high" })")).extra ==
        R"({"reasoning_effort":"high"})");
  CHECK_THROWS_WITH(options_of(with("colour", "red")),
                    Catch::Contains("'colour'") && Catch::Contains("stall_timeout_s"));
  for (const auto& [key, value] : {std::pair{"stall_timeout_s", "x"},
                                   {"stall_timeout_s", "-1"},
                                   {"back_off_s", "nan"},
                                   {"shards", "0"},
                                   {"http", "3"},
                                   {"think", "maybe"},
                                   {"stream_options", "perhaps"},
                                   {"extra", "[]"},
                                   {"extra", "{"},
                                   {"extra", R"({"temperature":1})"}}) {
    INFO(key << "=" << value);
    CHECK_THROWS_WITH(options_of(with(key, value)),
                      Catch::StartsWith("--backend-option " + std::string(key)));
  }
}

TEST_CASE("more open files than the system allows is a mistake that names the flag") {
  CHECK_NOTHROW(assay::allow_open_files(64));
  CHECK_THROWS_WITH(assay::allow_open_files(size_t{1} << 40), Catch::StartsWith("--in-flight"));
}
