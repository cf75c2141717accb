// A Hugging Face folder of the DeepSeek-V2/V3 family, loaded: config.json, generation_config.json
// and the weights.
#pragma once

#include <filesystem>

#include "backends/engine/model.h"

namespace assay::engine {

// Maps the weights and checks every one; nothing is copied but the scales that the file does not
// align. Throws UserError, one line that names the file and the field or tensor, where one is
// missing, extra, of the wrong type or shape, or where a vector or an FP8 scale is not finite. The
// draft layers that V3 carries after its own (model.layers.61 ...) are passed over, as transformers
// does, and so are stored rotary frequencies. Tied embeddings use the input's, whatever lm_head
// holds.
Model load_model(const std::filesystem::path& folder);

}  // namespace assay::engine
