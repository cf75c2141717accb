// A table of words, asked at each word of a text: which of them begin with this byte?
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace assay::math {

// Built when the program is compiled. Words that begin alike stay in the order of the table.
template <class Entry, std::size_t Size>
class ByFirstByte {
 public:
  // `text` is the word of an entry; none is empty.
  constexpr ByFirstByte(const std::array<Entry, Size>& entries, std::string_view Entry::*text)
      : entries_(entries) {
    const auto first = [&](std::size_t i) {
      return static_cast<unsigned char>((entries_[i].*text).front());
    };
    for (std::size_t i = 1; i < Size; ++i) {
      for (std::size_t k = i; k > 0 && first(k) < first(k - 1); --k) {
        std::swap(entries_[k], entries_[k - 1]);
      }
    }
    for (std::size_t i = 0; i < Size; ++i) {
      for (std::size_t above = first(i) + 1U; above < begins_.size(); ++above) {
        ++begins_[above];
      }
    }
  }

  constexpr std::span<const Entry> beginning_with(char byte) const {
    const std::size_t first = static_cast<unsigned char>(byte);
    return std::span(entries_).subspan(begins_[first], begins_[first + 1] - begins_[first]);
  }

 private:
  std::array<Entry, Size> entries_;
  std::array<unsigned short, 257> begins_{};  // by byte, how many words begin with a smaller one
};

}  // namespace assay::math
