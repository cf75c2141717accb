// The vocabulary of a GGUF file (version 2 or 3): https://github.com/ggml-org/ggml, docs/gguf.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "backends/engine/tokenizer.h"

namespace assay::engine {

// Reads the metadata of a byte-level vocabulary (tokenizer.ggml.model "gpt2") whose pre-tokenizer
// is one of the family's or GPT-2's. Throws UserError, one line that starts with `where`: for what
// is no GGUF file, is truncated, or names another kind of vocabulary.
TokenizerSpec read_gguf_vocabulary(const std::byte* bytes, std::size_t size,
                                   const std::string& where);

std::unique_ptr<Tokenizer> load_gguf_tokenizer(const std::filesystem::path& path);

}  // namespace assay::engine
