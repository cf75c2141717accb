#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "suites/math/expression/clean.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

using Word = std::pair<std::string_view, std::int64_t>;

constexpr std::array<Word, 30> small_words = {
    {{"zero", 0},     {"one", 1},      {"two", 2},        {"three", 3},     {"four", 4},
     {"five", 5},     {"six", 6},      {"seven", 7},      {"eight", 8},     {"nine", 9},
     {"ten", 10},     {"eleven", 11},  {"twelve", 12},    {"thirteen", 13}, {"fourteen", 14},
     {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19},
     {"twenty", 20},  {"thirty", 30},  {"forty", 40},     {"fifty", 50},    {"sixty", 60},
     {"seventy", 70}, {"eighty", 80},  {"ninety", 90},    {"fourty", 40},   {"naught", 0}}};
constexpr std::array<Word, 5> large_words = {{{"hundred", 100},
                                              {"thousand", 1000},
                                              {"million", 1'000'000},
                                              {"billion", 1'000'000'000},
                                              {"trillion", 1'000'000'000'000}}};
constexpr std::array<Word, 16> part_words = {{{"half", 2},
                                              {"halves", 2},
                                              {"third", 3},
                                              {"thirds", 3},
                                              {"quarter", 4},
                                              {"quarters", 4},
                                              {"fourth", 4},
                                              {"fourths", 4},
                                              {"fifth", 5},
                                              {"fifths", 5},
                                              {"sixth", 6},
                                              {"sixths", 6},
                                              {"eighth", 8},
                                              {"eighths", 8},
                                              {"tenth", 10},
                                              {"tenths", 10}}};

template <std::size_t N>
std::optional<std::int64_t> look_up(const std::array<Word, N>& table, std::string_view word) {
  for (const auto& [name, value] : table) {
    if (name == word) return value;
  }
  return std::nullopt;
}

struct Piece {
  std::string text;  // a word in lower case, or what stood between words
  std::size_t from = 0;
  std::size_t to = 0;
};

std::vector<Piece> words_of(std::string_view text) {
  std::vector<Piece> words;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_ascii_letter(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    const bool command = i > 0 && text[i - 1] == '\\';
    if (!command) words.push_back({lower(text.substr(i, end - i)), i, end});
    i = end;
  }
  return words;
}

bool joined(std::string_view text, const Piece& a, const Piece& b) {
  const std::string_view gap = text.substr(a.to, b.from - a.to);
  return gap == " " || gap == "-" || gap == " - ";
}

struct Spelled {
  std::string digits;
  std::size_t words = 0;
};

// "two hundred and five", "three quarters", "two and a half", "six point five", from `first` on.
Spelled read_number(std::string_view text, const std::vector<Piece>& words, std::size_t first) {
  std::int64_t total = 0;
  std::int64_t group = 0;
  std::size_t at = first;
  std::size_t used = 0;
  bool tens = false;
  for (; at < words.size(); ++at) {
    if (at > first && !joined(text, words[at - 1], words[at])) break;
    if (const auto value = look_up(small_words, words[at].text)) {
      const bool first_of_group = group % 100 == 0;
      if (!first_of_group && !(tens && *value < 10 && *value > 0)) break;
      group += *value;
      tens = *value >= 20;
    } else if (const auto scale = look_up(large_words, words[at].text)) {
      if (at == first) return {};
      if (*scale == 100) {
        group *= 100;
      } else {
        total += group * *scale;
        group = 0;
      }
      tens = false;
      if (total > 1'000'000'000'000'000) return {};
    } else if (words[at].text == "and" && at > first && (group % 100 == 0) && group + total > 0 &&
               at + 1 < words.size() && look_up(small_words, words[at + 1].text) &&
               joined(text, words[at], words[at + 1])) {
      continue;
    } else {
      break;
    }
    used = at - first + 1;
  }
  if (used == 0) return {};
  Spelled spelled{std::to_string(total + group), used};
  at = first + used;
  const auto follows = [&](std::size_t i) {
    return i < words.size() && joined(text, words[i - 1], words[i]);
  };
  if (follows(at) && words[at].text == "point") {
    std::string places;
    while (follows(at + 1 + places.size())) {
      const auto digit = look_up(small_words, words[at + 1 + places.size()].text);
      if (!digit || *digit > 9) break;
      places += static_cast<char>('0' + *digit);
    }
    if (!places.empty()) return {spelled.digits + "." + places, used + 1 + places.size()};
  }
  if (follows(at)) {
    if (const auto part = look_up(part_words, words[at].text)) {
      return {spelled.digits + "/" + std::to_string(*part), used + 1};
    }
  }
  if (follows(at) && follows(at + 1) && follows(at + 2) && words[at].text == "and" &&
      (words[at + 1].text == "a" || words[at + 1].text == "one")) {
    if (const auto part = look_up(part_words, words[at + 2].text)) {
      return {spelled.digits + " 1/" + std::to_string(*part), used + 3};
    }
  }
  return spelled;
}

constexpr std::array<Word, 15> chinese_digits = {{{"零", 0},
                                                  {"〇", 0},
                                                  {"一", 1},
                                                  {"二", 2},
                                                  {"两", 2},
                                                  {"三", 3},
                                                  {"四", 4},
                                                  {"五", 5},
                                                  {"六", 6},
                                                  {"七", 7},
                                                  {"八", 8},
                                                  {"九", 9},
                                                  {"壹", 1},
                                                  {"贰", 2},
                                                  {"叁", 3}}};
constexpr std::array<Word, 3> chinese_scales = {{{"十", 10}, {"百", 100}, {"千", 1000}}};
constexpr std::array<Word, 2> chinese_groups = {{{"万", 10000}, {"亿", 100'000'000}}};

// One Chinese numeral at the start; returns how many bytes it took (0: none).
std::size_t read_chinese(std::string_view text, std::string& digits) {
  std::int64_t total = 0;
  std::int64_t group = 0;
  std::int64_t digit = -1;
  std::size_t used = 0;
  std::string plain;  // "一九六九": digits one after another
  bool scaled = false;
  while (used + 3 <= text.size()) {
    const std::string_view one = text.substr(used, 3);
    if (const auto d = look_up(chinese_digits, one)) {
      plain += static_cast<char>('0' + *d);
      digit = *d;
    } else if (const auto s = look_up(chinese_scales, one); s && (used > 0 || *s == 10)) {
      group += (digit < 0 ? 1 : digit) * *s;
      digit = -1;
      scaled = true;
    } else if (const auto g = look_up(chinese_groups, one); g && used > 0) {
      total = (total + group + (digit < 0 ? 0 : digit)) * *g;
      group = 0;
      digit = -1;
      scaled = true;
    } else {
      break;
    }
    used += 3;
    if (used > 60 || total > 1'000'000'000'000'000) return 0;
  }
  if (used == 0) return 0;
  digits = scaled ? std::to_string(total + group + (digit < 0 ? 0 : digit)) : plain;
  constexpr std::string_view point = "点";
  if (text.substr(used).starts_with(point)) {
    std::string places;
    std::size_t at = used + point.size();
    while (at + 3 <= text.size()) {
      const auto d = look_up(chinese_digits, text.substr(at, 3));
      if (!d) break;
      places += static_cast<char>('0' + *d);
      at += 3;
    }
    if (!places.empty()) {
      digits += "." + places;
      used = at;
    }
  }
  return used;
}

// Digits with a Chinese scale behind them: 3万, 1.5亿.
std::string_view scale_behind(std::string_view rest) {
  if (rest.starts_with("万亿")) return "万亿";
  if (rest.starts_with("亿")) return "亿";
  if (rest.starts_with("万")) return "万";
  return {};
}

std::size_t read_numeral(std::string_view rest, std::string& digits) {
  std::size_t used = 0;
  while (used < rest.size() && (is_ascii_digit(rest[used]) || (rest[used] == '.' && used > 0))) {
    ++used;
  }
  if (used == 0) return read_chinese(rest, digits);
  digits = rest.substr(0, used);
  const std::string_view scale = scale_behind(rest.substr(used));
  if (scale.empty()) return used;
  digits += scale == "万" ? "\\times 10^{4}" : scale == "亿" ? "\\times 10^{8}" : "\\times 10^{12}";
  return used + scale.size();
}

// 8点30分, 8时30分, 三点半: the length; `hours` becomes 8:30.
std::optional<std::size_t> read_time(std::string_view text, std::size_t used, std::string& hours) {
  constexpr std::size_t width = 3;
  const std::string_view mark = text.substr(used, width);
  if (mark != "点" && mark != "时") return std::nullopt;
  std::size_t at = used + width;
  if (mark == "点" && text.substr(at).starts_with("半")) {
    hours += ":30";
    return at + width;
  }
  std::string minutes;
  const std::size_t n = read_numeral(text.substr(at), minutes);
  const bool full =
      n > 0 && text.substr(at + n).starts_with("分") && !text.substr(at + n).starts_with("分之");
  if (n > 0 && !full) return std::nullopt;
  if (n == 0) minutes = "00";
  if (n == 0 && text.substr(at).starts_with("整")) at += width;
  const bool half_of_day = text.substr(at) == " am" || text.substr(at) == " pm";
  if (n == 0 && at < text.size() && !half_of_day) return std::nullopt;
  if (minutes.size() == 1) minutes = "0" + minutes;
  hours += ":" + minutes;
  return at + n + (full ? width : 0);
}

// 下午3:30 and 每小时60千米 in the order in which they are read.
std::string reordered(std::string_view text) {
  std::string plain(text);
  for (const std::string_view part : {"下午", "晚上", "上午", "早上", "凌晨"}) {
    if (!plain.starts_with(part)) continue;
    plain.erase(0, part.size());
    return plain + (part == "下午" || part == "晚上" ? " pm" : " am");
  }
  for (const std::string_view part : {"每小时", "每秒", "每分钟", "每天"}) {
    const auto at = plain.find(part);
    if (at == std::string::npos) continue;
    const std::string unit(part.substr(3));
    plain.erase(at, part.size());
    return plain + "/" + unit;
  }
  const auto per_hour = plain.find("/时");
  if (per_hour != std::string::npos) plain.replace(per_hour, 4, "/小时");
  return plain;
}

std::string spell_chinese(std::string_view written) {
  const std::string text_of_order = reordered(written);
  const std::string_view text = text_of_order;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    std::string first;
    std::string second;
    if (rest.starts_with("百分之")) {
      if (const auto n = read_numeral(rest.substr(9), first)) {
        out += first + "%";
        i += 9 + n;
        continue;
      }
    }
    if (rest.starts_with("负")) {
      out += '-';
      i += 3;
      continue;
    }
    // 星期一, 第二: names and ordinals.
    const bool named = out.ends_with("星期") || out.ends_with("周") || out.ends_with("第");
    const std::size_t n = named ? 0 : read_numeral(rest, first);
    if (named) {
      const std::size_t width = static_cast<unsigned char>(text[i]) >= 0xE0 ? 3 : 1;
      out += rest.substr(0, width);
      i += std::min(width, rest.size());
      continue;
    }
    if (n == 0) {
      // A run of numerals that is too long is passed over as a whole.
      do {
        const bool digit = look_up(chinese_digits, text.substr(i, 3)).has_value();
        const std::size_t width = digit ? 3 : 1;
        out += text.substr(i, width);
        i += width;
      } while (i < text.size() && look_up(chinese_digits, text.substr(i, 3)).has_value());
      continue;
    }
    std::size_t used = n;
    std::string whole;
    if (const auto time = read_time(rest, n, first)) {
      out += first;
      i += *time;
      continue;
    }
    if (rest.substr(used).starts_with("又")) {
      if (const auto m = read_numeral(rest.substr(used + 3), second)) {
        whole = std::exchange(first, second) + " ";
        used += 3 + m;
      }
    }
    if (rest.substr(used).starts_with("分之")) {
      if (const auto m = read_numeral(rest.substr(used + 6), second)) {
        first = second + "/" + first;
        used += 6 + m;
      }
    }
    out += whole + first;
    i += used;
  }
  return out;
}

bool has_chinese(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0xE4 && static_cast<unsigned char>(c) <= 0xE9) return true;
  }
  return text.find("〇") != std::string_view::npos;
}

}  // namespace

std::string spell_out(std::string_view text) {
  if (has_chinese(text)) return spell_chinese(text);
  const std::vector<Piece> words = words_of(text);
  std::string out;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    Spelled spelled = read_number(text, words, i);
    std::string before;
    if (spelled.words == 0) {
      const bool negative =
          (words[i].text == "minus" || words[i].text == "negative") && i + 1 < words.size();
      if (negative) {
        spelled = read_number(text, words, i + 1);
        if (spelled.words > 0) ++spelled.words;
        before = "-";
      } else if (words[i].text == "half") {
        spelled = {"1/2", 1};
      }
      if (spelled.words == 0) continue;
    }
    out += text.substr(copied, words[i].from - copied);
    out += before + spelled.digits;
    i += spelled.words - 1;
    copied = words[i].to;
  }
  if (copied == 0) return std::string(text);
  return out + std::string(text.substr(copied));
}

}  // namespace assay::math
