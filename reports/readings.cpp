#include "reports/readings.h"

#include <string>

#include <nlohmann/json.hpp>

namespace assay {

namespace {

using Json = nlohmann::json;

// Events of the parser. Only "convention" and "value" of the objects in the outermost array count.
class Readings : public nlohmann::json_sax<Json> {
 public:
  using Visit = std::function<void(std::string_view, std::optional<double>)>;
  explicit Readings(const Visit& visit) : visit_(visit) {}

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t value) override {
    return number(static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override {
    return number(value);
  }
  bool string(string_t& value) override {
    if (depth_ == 1 && key_ == "convention") {
      convention_.swap(value);
    }
    return true;
  }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*count*/) override {
    if (++depth_ == 1) {
      convention_.clear();
      value_.reset();
    }
    return true;
  }
  bool key(string_t& name) override {
    key_.swap(name);
    return true;
  }
  bool end_object() override {
    if (depth_-- == 1 && !convention_.empty()) {
      visit_(convention_, value_);
    }
    return true;
  }
  bool start_array(std::size_t /*count*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  bool number(double value) {
    if (depth_ == 1 && key_ == "value") {
      value_ = value;
    }
    return true;
  }

  const Visit& visit_;
  std::string key_;
  std::string convention_;
  std::optional<double> value_;
  int depth_ = 0;
};

}  // namespace

void for_each_reading(
    std::string_view json,
    const std::function<void(std::string_view convention, std::optional<double> value)>& visit) {
  if (json.size() <= 2) {
    return;  // "" and "[]"
  }
  Readings readings(visit);
  Json::sax_parse(json.begin(), json.end(), &readings);
}

}  // namespace assay
