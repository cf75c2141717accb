#include "backends/engine/gguf.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backends/engine/json_file.h"
#include "backends/engine/safetensors.h"
#include "harness/error.h"

namespace assay::engine {

namespace {

constexpr std::uint64_t tokens_max = 1 << 22;
constexpr int nesting_max = 4;

// Types of values, as the format numbers them.
enum class Type : std::uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  boolean,
  text,
  list,
  u64,
  i64,
  f64
};

// Kinds of tokens, as llama.cpp numbers them.
constexpr std::int32_t control_token = 3;
constexpr std::int32_t user_token = 4;

// The patterns of llama.cpp's pre-tokenizers by name (llama.cpp, src/llama-vocab.cpp at c392e50).
// The letters of deepseek-llm are cased letters of an older Unicode with some blocks missing.
std::vector<std::string> patterns_named(std::string_view name) {
  const std::string cjk = R"([一-龥ࠀ-一가-\x{D7FF}]+)";
  if (name == "gpt-2") {
    return {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S))"
            R"(|\s+)"};
  }
  if (name == "deepseek-coder") {
    return {R"([\r\n])", R"(\s?\p{L}+)", R"(\s?\p{P}+)", cjk, R"(\p{N})"};
  }
  if (name == "deepseek-v3") {
    return {R"(\p{N}{1,3})", "[一-龥぀-ゟ゠-ヿ]+",
            R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|)"
            R"([^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|)"
            R"(\s+(?!\S)|\s+)"};
  }
  if (name == "deepseek-llm") {
    return {
        R"([\r\n])",
        R"(\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶ\x{377}ͻ-ͽͿΆΈ-ΊΌΎ-\x{3A1}Σ-ϵϷ-ҁҊ-ԯԱ-Ֆ)"
        R"(\x{10A0}-\x{10C5}\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}\x{1CBD}-\x{1CBF})"
        R"(\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}\x{1E00}-\x{1F15}\x{1F18}-\x{1F1D})"
        R"(\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}\x{1F5D})"
        R"(\x{1F5F}-\x{1F7D}\x{1F80}-\x{1FB4}\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4})"
        R"(\x{1FC6}-\x{1FCC}\x{1FD0}-\x{1FD3}\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}\x{1FF2}-\x{1FF4})"
        R"(\x{1FF6}-\x{1FFC}\x{2102}\x{2107}\x{210A}-\x{2113}\x{2115}\x{2119}-\x{211D}\x{2124})"
        R"(\x{2126}\x{2128}\x{212A}-\x{212D}\x{212F}-\x{2134}\x{2139}\x{213C}-\x{213F})"
        R"(\x{2145}-\x{2149}\x{214E}\x{2183}-\x{2184}\x{2C00}-\x{2C7B}\x{2C7E}-\x{2CE4})"
        R"(\x{2CEB}-\x{2CEE}\x{2CF2}-\x{2CF3}\x{A640}-\x{A66D}\x{A680}-\x{A69B}\x{A722}-\x{A76F})"
        R"(\x{A771}-\x{A787}\x{A78B}-\x{A78E}\x{AB70}-\x{ABBF}\x{FB00}-\x{FB06}\x{FB13}-\x{FB17})"
        R"(\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{10400}-\x{1044F}\x{104B0}-\x{104D3})"
        R"(\x{104D8}-\x{104FB}\x{10C80}-\x{10CB2}\x{10CC0}-\x{10CF2}\x{118A0}-\x{118DF})"
        R"(\x{1E900}-\x{1E943}]+)",
        R"(\s?[!-/:-~！-／：-～‘-‟　-。]+)",
        R"(\s+$)",
        cjk,
        R"(\p{N}+)"};
  }
  return {};
}

// Reads the file from the front; every step checks that the bytes are there.
class MetadataReader {
 public:
  MetadataReader(const std::byte* bytes, std::size_t size, std::string where)
      : bytes_(bytes), size_(size), where_(std::move(where)) {}

  [[noreturn]] void fail(const std::string& what) const { throw UserError(where_ + ": " + what); }

  template <typename T>
  T number() {
    static_assert(std::is_arithmetic_v<T>);
    T value{};
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }

  std::string_view text() {
    const auto length = number<std::uint64_t>();
    return {reinterpret_cast<const char*>(take(length)), static_cast<std::size_t>(length)};
  }

  // The length of a list of the given type, of which every element takes at least `least` bytes.
  std::size_t list(Type wanted, const char* name, std::size_t least) {
    if (number<std::uint32_t>() != static_cast<std::uint32_t>(Type::list) ||
        number<std::uint32_t>() != static_cast<std::uint32_t>(wanted)) {
      fail(fmt::format("{} has another type than expected", name));
    }
    const auto count = number<std::uint64_t>();
    if (count > tokens_max || count > (size_ - at_) / least) {
      fail(fmt::format("{} is longer than the file or than {} entries", name, tokens_max));
    }
    return static_cast<std::size_t>(count);
  }

  std::string_view text_value(const char* name) {
    if (number<std::uint32_t>() != static_cast<std::uint32_t>(Type::text)) {
      fail(fmt::format("{} must be a text", name));
    }
    return text();
  }

  void pass_value(int depth = 0) { pass(number<std::uint32_t>(), depth); }

 private:
  void pass(std::uint32_t type, int depth) {
    static constexpr std::array<std::uint8_t, 13> sizes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    if (type >= sizes.size() || depth > nesting_max) {
      fail(fmt::format("a value of unknown type {}", type));
    }
    if (type == static_cast<std::uint32_t>(Type::text)) {
      text();
    } else if (type == static_cast<std::uint32_t>(Type::list)) {
      const auto inner = number<std::uint32_t>();
      const auto count = number<std::uint64_t>();
      if (count > size_ - at_) {  // every element takes a byte at least
        fail("a list that is longer than the file");
      }
      for (std::uint64_t i = 0; i < count; ++i) {
        pass(inner, depth + 1);
      }
    } else {
      take(sizes[type]);
    }
  }

  const std::byte* take(std::uint64_t count) {
    if (count > size_ - at_) {
      fail(fmt::format("truncated: {} bytes are missing at byte {}", count - (size_ - at_), at_));
    }
    const std::byte* start = bytes_ + at_;
    at_ += static_cast<std::size_t>(count);
    return start;
  }

  const std::byte* bytes_;
  std::size_t size_;
  std::size_t at_ = 0;
  std::string where_;
};

struct Vocabulary {
  std::string model;
  std::string pre;
  std::vector<std::string> tokens;
  std::vector<std::string> merges;
  std::vector<std::int32_t> kinds;
};

std::vector<std::string> read_texts(MetadataReader& reader, const char* name) {
  std::vector<std::string> texts(reader.list(Type::text, name, 8));
  for (std::string& text : texts) {
    text = reader.text();
  }
  return texts;
}

Vocabulary read_vocabulary(MetadataReader& reader) {
  constexpr std::uint32_t magic = 0x46554747;  // "GGUF"
  if (reader.number<std::uint32_t>() != magic) {
    reader.fail("no GGUF file");
  }
  if (const auto version = reader.number<std::uint32_t>(); version != 2 && version != 3) {
    reader.fail(fmt::format("GGUF version {} is not supported", version));
  }
  reader.number<std::uint64_t>();  // tensors: not looked at
  const auto count = reader.number<std::uint64_t>();
  Vocabulary vocabulary;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view key = reader.text();
    if (key == "tokenizer.ggml.model") {
      vocabulary.model = reader.text_value("tokenizer.ggml.model");
    } else if (key == "tokenizer.ggml.pre") {
      vocabulary.pre = reader.text_value("tokenizer.ggml.pre");
    } else if (key == "tokenizer.ggml.tokens") {
      vocabulary.tokens = read_texts(reader, "tokenizer.ggml.tokens");
    } else if (key == "tokenizer.ggml.merges") {
      vocabulary.merges = read_texts(reader, "tokenizer.ggml.merges");
    } else if (key == "tokenizer.ggml.token_type") {
      vocabulary.kinds.resize(reader.list(Type::i32, "tokenizer.ggml.token_type", 4));
      for (std::int32_t& kind : vocabulary.kinds) {
        kind = reader.number<std::int32_t>();
      }
    } else {
      reader.pass_value();
    }
  }
  return vocabulary;
}

}  // namespace

TokenizerSpec read_gguf_vocabulary(const std::byte* bytes, std::size_t size,
                                   const std::string& where) {
  MetadataReader reader(bytes, size, where);
  Vocabulary vocabulary = read_vocabulary(reader);
  if (vocabulary.model != "gpt2" || vocabulary.tokens.empty()) {
    reader.fail(fmt::format("holds a vocabulary of kind {}; only gpt2 (byte-level) is supported",
                            shown(vocabulary.model)));
  }
  TokenizerSpec spec;
  for (const std::string& pattern : patterns_named(vocabulary.pre)) {
    spec.splits.push_back({.pattern = pattern});
  }
  if (spec.splits.empty()) {
    reader.fail(fmt::format("pre-tokenizer {} is not supported", shown(vocabulary.pre)));
  }
  std::unordered_map<std::string_view, int> ids;
  for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
    ids.emplace(vocabulary.tokens[i], static_cast<int>(i));
    const std::int32_t kind = i < vocabulary.kinds.size() ? vocabulary.kinds[i] : 1;
    if ((kind == control_token || kind == user_token) && !vocabulary.tokens[i].empty()) {
      spec.added.push_back({.id = static_cast<int>(i),
                            .content = vocabulary.tokens[i],
                            .special = kind == control_token});
    }
  }
  for (const std::string& merge : vocabulary.merges) {
    const std::size_t blank = merge.empty() ? std::string::npos : merge.find(' ', 1);
    const std::string left = merge.substr(0, blank);
    const std::string right = blank == std::string::npos ? "" : merge.substr(blank + 1);
    const auto known = [&](const std::string& piece) {
      const auto found = ids.find(piece);
      if (found == ids.end()) {
        reader.fail(
            fmt::format("merge {}: {} is not in the vocabulary", shown(merge), shown(piece)));
      }
      return found->second;
    };
    spec.merges.emplace_back(known(left), known(right));
    spec.merged.push_back(known(left + right));
  }
  spec.pieces = std::move(vocabulary.tokens);
  return spec;
}

std::unique_ptr<Tokenizer> load_gguf_tokenizer(const std::filesystem::path& path) {
  const MappedFile file(path);
  return std::make_unique<Tokenizer>(read_gguf_vocabulary(file.data(), file.size(), path.string()),
                                     path.string());
}

}  // namespace assay::engine
