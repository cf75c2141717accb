#include "harness/digest.h"

#include <fstream>

#include "harness/error.h"
#include "tests/catch.h"

TEST_CASE("digests are those of FIPS 180-4's examples") {
  CHECK(assay::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(assay::sha256_hex("") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a file that is missing or a folder is refused by name") {
  CHECK_THROWS_AS(assay::sha256_hex_of_file("/nonexistent/x"), assay::UserError);
  CHECK_THROWS_AS(assay::sha256_hex_of_file("/tmp"), assay::UserError);
}
