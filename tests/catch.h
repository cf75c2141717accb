// The one place that names Catch2's header, so that moving to version 3 is a one-line change.
#pragma once

#include <catch2/catch.hpp>
