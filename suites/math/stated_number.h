// The number that a text gives as its answer, for word problems whose answers are plain numbers.
#pragma once

#include <string>
#include <string_view>

namespace assay {

struct StatedNumber {
  std::string number;  // "-1800.5": sign, digits, point; no separators. Empty: none found
  std::string how;     // what announced it: "last ####", "last \\boxed", "answer:", "last number"
};

// The last `#### n`, else the last \boxed{n}, else the last line that announces an answer and holds
// a number, else the last number of the text. Where the text breaks off (`cut_off`, or an operation
// stands unfinished at its end) a number that nothing announces is not an answer. Linear in the
// length of the text; any bytes will do.
StatedNumber stated_number(std::string_view text, bool cut_off);

// The number without what does not change its value: "007.50" is "7.5", "-0" is "0". Empty where
// `number` is not an optional sign, digits and an optional point with digits.
std::string normal_decimal(std::string_view number);

// Whether two decimals have the same value, exactly. False where one is no decimal.
bool same_decimal(std::string_view a, std::string_view b);

}  // namespace assay
