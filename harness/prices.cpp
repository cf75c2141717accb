#include "harness/prices.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/core.h>

// The reading thread that the package starts otherwise is more than a file of this size needs.
#define CSV_IO_NO_THREAD
#if defined(__GNUC__) && !defined(__clang__)
// It cuts long file names on purpose, and g++ reports that where it is inlined, in this file.
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <libfccp/csv.h>

#include "harness/error.h"

namespace assay {

namespace {

constexpr double tokens_per_price = 1e6;

double parse_usd(const std::string& text, const std::string& where) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
      value < 0) {
    throw UserError(fmt::format("{}: '{}' is not a price in USD per 1M tokens", where, text));
  }
  return value;
}

}  // namespace

void PriceList::add(const std::filesystem::path& file) {
  try {
    io::CSVReader<8, io::trim_chars<' '>, io::double_quote_escape<',', '"'>> rows(file.string());
    rows.read_header(io::ignore_no_column, "provider", "model", "input", "cached_input", "output",
                     "valid", "source", "note");
    std::string provider;
    std::string model;
    std::string input;
    std::string cached_input;
    std::string output;
    Price price;
    while (rows.read_row(provider, model, input, cached_input, output, price.valid, price.source,
                         price.note)) {
      const std::string where = fmt::format("{}:{}", file.string(), rows.get_file_line());
      price.input_usd = parse_usd(input, where);
      price.output_usd = parse_usd(output, where);
      price.cached_input_usd.reset();
      if (!cached_input.empty()) {
        price.cached_input_usd = parse_usd(cached_input, where);
      }
      if (provider.empty() || model.empty()) {
        throw UserError(fmt::format("{}: a price needs a provider and a model", where));
      }
      prices_.insert_or_assign(fmt::format("{}:{}", provider, model), price);
    }
  } catch (const io::error::base& error) {
    error.format_error_message();
    throw UserError(fmt::format("{}: {}", file.string(), error.error_message_buffer));
  }
}

const Price* PriceList::find(std::string_view provider, std::string_view model) const {
  const auto found = prices_.find(fmt::format("{}:{}", provider, model));
  return found == prices_.end() ? nullptr : &found->second;
}

std::optional<double> PriceList::cost_usd(std::string_view provider, std::string_view model,
                                          const Usage& usage) const {
  const Price* price = find(provider, model);
  if (price == nullptr || !usage.prompt_tokens || !usage.completion_tokens) {
    return std::nullopt;
  }
  const double prompt = std::max(0, *usage.prompt_tokens);
  const double cached = std::clamp<double>(usage.cached_tokens.value_or(0), 0, prompt);
  const double output = std::max(0, *usage.completion_tokens);
  return ((prompt - cached) * price->input_usd +
          cached * price->cached_input_usd.value_or(price->input_usd) +
          output * price->output_usd) /
         tokens_per_price;
}

}  // namespace assay
