// What an answer costs by a list of prices: data/prices.csv, and a user's own file over it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/response.h"

namespace assay {

struct Price {
  double input_usd = 0;                    // per 1M prompt tokens
  std::optional<double> cached_input_usd;  // per 1M of those served from the host's cache
  double output_usd = 0;                   // per 1M answer tokens, reasoning included
  std::string valid;                       // when it held, as the source says it
  std::string source;
  std::string note;
};

// A file of prices has a row per model, with the header
//   provider,model,input,cached_input,output,valid,source,note
// all prices in USD per 1M tokens; cached_input may be empty. Values with commas stand in quotes.
class PriceList {
 public:
  PriceList() = default;

  // Adds a file's rows; a model that is known already gets the new price. Throws UserError that
  // names file and line where the file is missing or a row is not of the form above.
  void add(const std::filesystem::path& file);

  // Null where the model has no price.
  const Price* find(std::string_view provider, std::string_view model) const;

  // USD. Empty, never 0, where the model has no price or the host did not count tokens. Cached
  // prompt tokens of a model without a price for them are charged as others: an upper bound.
  std::optional<double> cost_usd(std::string_view provider, std::string_view model,
                                 const Usage& usage) const;

 private:
  std::map<std::string, Price> prices_;  // by "provider:model"
};

}  // namespace assay
