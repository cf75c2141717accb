// config.json and generation_config.json of the DeepSeek-V2/V3 family, read into model.h's structs.
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "backends/engine/model.h"

namespace assay::engine {

// `object` as config.json has it; `where` starts every message. Throws UserError, one line that
// names the field, where one is missing, has another type, lies out of bounds, asks for something
// that this engine does not compute, or is unknown: an unknown field may change what the model
// computes (V3.2's index_topk does). Known fields that change nothing are passed over.
Config parse_config(const nlohmann::json& object, const std::string& where);

// FOLDER/config.json; where FOLDER/generation_config.json exists, its end-of-text tokens come
// first.
Config read_config(const std::filesystem::path& folder);

// FOLDER/generation_config.json; empty where there is none. do_sample false is temperature 0.
GenerationDefaults read_generation_defaults(const std::filesystem::path& folder);

}  // namespace assay::engine
