#include "backends/mock/faults.h"

#include "harness/error.h"
#include "tests/catch.h"

using assay::FaultRates;
using assay::set_fault_rate;

TEST_CASE("fault rates are set by name, and together are at most 1") {
  FaultRates rates;
  set_fault_rate(rates, "rate_limited=0.25");
  set_fault_rate(rates, "endless=0.5");
  CHECK(rates.rate_limited == 0.25);
  CHECK(rates.endless == 0.5);
  CHECK_THROWS_WITH(set_fault_rate(rates, "malformed=0.5"), Catch::Contains("more than 1"));
  for (const char* bad :
       {"", "endless", "endless=", "endless=x", "endless=-1", "endless=0.5x", "fire=0.1"}) {
    FaultRates fresh;
    CHECK_THROWS_AS(set_fault_rate(fresh, bad), assay::UserError);
  }
}
