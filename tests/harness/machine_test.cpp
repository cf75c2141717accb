#include "harness/machine.h"

#include <array>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/catch.h"

TEST_CASE("a machine is described the same every time, and its host is not named") {
  const std::string text = assay::describe_machine();
  CHECK(text == assay::describe_machine());
  const auto machine = nlohmann::json::parse(text);
  CHECK(machine.at("logical_cores") >= 1);
  CHECK(machine.at("memory_mib") > 100);
  CHECK_FALSE(machine.at("system").get<std::string>().empty());
  CHECK(machine.at("accelerators").is_array());
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  for (const auto& [key, value] : machine.items()) {
    CHECK(value != host.data());
  }
}
