#include "suites/math/expression/clean.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "harness/utf8.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

using Table = std::unordered_map<std::string_view, std::string_view>;

using Entry = std::pair<std::string_view, std::string_view>;

// Letters carry a blank behind them, so that "πr" does not become the command \pir.
constexpr Entry characters[] = {{"−", "-"},
                                {"–", "-"},
                                {"—", "-"},
                                {"‐", "-"},
                                {"‑", "-"},
                                {"‒", "-"},
                                {"﹣", "-"},
                                {"×", "\\times "},
                                {"✕", "\\times "},
                                {"⨯", "\\times "},
                                {"·", "\\cdot "},
                                {"⋅", "\\cdot "},
                                {"∙", "\\cdot "},
                                {"•", "\\cdot "},
                                {"∗", "*"},
                                {"÷", "\\div "},
                                {"⁄", "/"},
                                {"∕", "/"},
                                {"±", "\\pm "},
                                {"∓", "\\mp "},
                                {"√", "\\surd "},
                                {"∛", "\\cuberoot "},
                                {"∜", "\\fourthroot "},
                                {"°", "^\\circ "},
                                {"º", "^\\circ "},
                                {"˚", "^\\circ "},
                                {"℃", "^\\circ C"},
                                {"∞", "\\infty "},
                                {"∪", "\\cup "},
                                {"∩", "\\cap "},
                                {"∈", "\\in "},
                                {"∉", "\\notin "},
                                {"∅", "\\emptyset "},
                                {"∖", "\\setminus "},
                                {"⌀", "\\emptyset "},
                                {"≤", "\\le "},
                                {"⩽", "\\le "},
                                {"≦", "\\le "},
                                {"≥", "\\ge "},
                                {"⩾", "\\ge "},
                                {"≧", "\\ge "},
                                {"≠", "\\ne "},
                                {"≈", "\\approx "},
                                {"≃", "\\approx "},
                                {"≅", "\\approx "},
                                {"∼", "\\approx "},
                                {"≡", "\\equiv "},
                                {"→", "\\to "},
                                {"⇒", "\\Rightarrow "},
                                {"∣", "|"},
                                {"｜", "|"},
                                {"‖", "|"},
                                {"⟨", "\\langle "},
                                {"⟩", "\\rangle "},
                                {"〈", "\\langle "},
                                {"〉", "\\rangle "},
                                {"⌊", "\\lfloor "},
                                {"⌋", "\\rfloor "},
                                {"⌈", "\\lceil "},
                                {"⌉", "\\rceil "},
                                {"∑", "\\sum "},
                                {"∏", "\\prod "},
                                {"∫", "\\int "},
                                {"∠", "\\angle "},
                                {"△", "\\triangle "},
                                {"∧", "\\land "},
                                {"∨", "\\lor "},
                                {"ℝ", "\\mathbb{R}"},
                                {"ℤ", "\\mathbb{Z}"},
                                {"ℕ", "\\mathbb{N}"},
                                {"ℚ", "\\mathbb{Q}"},
                                {"ℂ", "\\mathbb{C}"},
                                {"′", "'"},
                                {"’", "'"},
                                {"‘", "'"},
                                {"″", "''"},
                                {"“", "\""},
                                {"”", "\""},
                                {"，", ", "},
                                {"、", ", "},
                                {"；", "; "},
                                {"。", ". "},
                                {"．", "."},
                                {"…", "\\ldots "},
                                {"⋯", "\\ldots "},
                                {"∶", ":"},
                                {"¢", " cents"},
                                {"￥", "\\yen "},
                                {"¥", "\\yen "},
                                {"€", "\\euro "},
                                {"£", "\\pounds "},
                                {"₹", "\\rupee "},
                                {"％", "%"},
                                {"‰", "\\permille "},
                                {"½", "\\frac{1}{2}"},
                                {"⅓", "\\frac{1}{3}"},
                                {"⅔", "\\frac{2}{3}"},
                                {"¼", "\\frac{1}{4}"},
                                {"¾", "\\frac{3}{4}"},
                                {"⅕", "\\frac{1}{5}"},
                                {"⅖", "\\frac{2}{5}"},
                                {"⅗", "\\frac{3}{5}"},
                                {"⅘", "\\frac{4}{5}"},
                                {"⅙", "\\frac{1}{6}"},
                                {"⅚", "\\frac{5}{6}"},
                                {"⅛", "\\frac{1}{8}"},
                                {"⅜", "\\frac{3}{8}"},
                                {"⅝", "\\frac{5}{8}"},
                                {"⅞", "\\frac{7}{8}"},
                                {"α", "\\alpha "},
                                {"β", "\\beta "},
                                {"γ", "\\gamma "},
                                {"δ", "\\delta "},
                                {"ε", "\\epsilon "},
                                {"ζ", "\\zeta "},
                                {"η", "\\eta "},
                                {"θ", "\\theta "},
                                {"ϑ", "\\theta "},
                                {"κ", "\\kappa "},
                                {"λ", "\\lambda "},
                                {"μ", "\\mu "},
                                {"µ", "\\mu "},
                                {"ν", "\\nu "},
                                {"ξ", "\\xi "},
                                {"π", "\\pi "},
                                {"ρ", "\\rho "},
                                {"σ", "\\sigma "},
                                {"τ", "\\tau "},
                                {"φ", "\\phi "},
                                {"ϕ", "\\phi "},
                                {"χ", "\\chi "},
                                {"ψ", "\\psi "},
                                {"ω", "\\omega "},
                                {"Γ", "\\Gamma "},
                                {"Δ", "\\Delta "},
                                {"Θ", "\\Theta "},
                                {"Λ", "\\Lambda "},
                                {"Σ", "\\Sigma "},
                                {"Φ", "\\Phi "},
                                {"Ψ", "\\Psi "},
                                {"Ω", "\\Omega "},
                                {"∂", "\\partial "},
                                {"ℏ", "\\hbar "},
                                {"∘", "\\circ "},
                                {"⊥", "\\perp "},
                                {"∥", "\\parallel "},
                                {"【", "["},
                                {"】", "]"},
                                {"《", ""},
                                {"》", ""},
                                {"\xC2\xA0", " "},
                                {"\xE3\x80\x80", " "},
                                {"\xE2\x80\x83", " "},
                                {"\xE2\x80\x82", " "},
                                {"\xE2\x80\x89", " "},
                                {"\xE2\x80\x88", " "},
                                {"\xE2\x80\xAF", " "},
                                {"\xE2\x80\x8B", ""},
                                {"\xEF\xBB\xBF", ""},
                                {"\xE2\x81\xA2", ""},
                                {"\xE2\x81\xA1", ""},
                                {"根号", "\\surd "},
                                {"负无穷", "-\\infty "},
                                {"正无穷", "\\infty "},
                                {"无穷大", "\\infty "},
                                {"圆周率", "\\pi "}};

const Table& character_table() {
  static const Table table(std::begin(characters), std::end(characters));
  return table;
}

const Table& raised() {
  static const Table table = {{"⁰", "0"}, {"¹", "1"}, {"²", "2"}, {"³", "3"}, {"⁴", "4"},
                              {"⁵", "5"}, {"⁶", "6"}, {"⁷", "7"}, {"⁸", "8"}, {"⁹", "9"},
                              {"⁺", "+"}, {"⁻", "-"}, {"ⁿ", "n"}, {"ˣ", "x"}, {"ⁱ", "i"},
                              {"ᵏ", "k"}, {"ᵐ", "m"}, {"ᵗ", "t"}, {"⁽", "("}, {"⁾", ")"}};
  return table;
}

const Table& lowered() {
  static const Table table = {{"₀", "0"}, {"₁", "1"}, {"₂", "2"}, {"₃", "3"}, {"₄", "4"},
                              {"₅", "5"}, {"₆", "6"}, {"₇", "7"}, {"₈", "8"}, {"₉", "9"},
                              {"₊", "+"}, {"₋", "-"}, {"ₙ", "n"}, {"ₖ", "k"}, {"ᵢ", "i"},
                              {"ⱼ", "j"}, {"ₘ", "m"}, {"ₓ", "x"}, {"ₐ", "a"}};
  return table;
}

std::size_t utf8_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

// A run of raised (or lowered) characters becomes one group. Returns what it consumed.
std::size_t append_run(std::string_view rest, const Table& table, char mark, std::string& out) {
  std::string run;
  std::size_t used = 0;
  while (used < rest.size()) {
    const std::size_t n = utf8_length(static_cast<unsigned char>(rest[used]));
    const auto found = table.find(rest.substr(used, n));
    if (found == table.end()) break;
    run += found->second;
    used += n;
  }
  if (used > 0) {
    out += mark;
    out += '{' + run + '}';
  }
  return used;
}

std::size_t append_character(std::string_view rest, std::string& out) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  if (lead < 0x80) {
    out += rest[0];
    return 1;
  }
  if (rest.starts_with("\xCC\x85") && !out.empty() && is_ascii_digit(out.back())) {
    // A digit with a bar over it repeats.
    const std::string digit(1, out.back());
    out.pop_back();
    out += "\\overline{" + digit + '}';
    return 2;
  }
  if (auto n = append_run(rest, raised(), '^', out)) return n;
  if (auto n = append_run(rest, lowered(), '_', out)) return n;
  for (const std::size_t n : {std::size_t{9}, std::size_t{6}, utf8_length(lead)}) {
    if (n > rest.size()) continue;
    const auto found = character_table().find(rest.substr(0, n));
    if (found == character_table().end()) continue;
    out += found->second;
    return n;
  }
  const std::size_t n = std::min(utf8_length(lead), rest.size());
  const std::string_view one = rest.substr(0, n);
  // Full-width ASCII: U+FF01 .. U+FF5E.
  if (n == 3 && lead == 0xEF) {
    const unsigned code = 0xF000U | ((static_cast<unsigned char>(one[1]) & 0x3FU) << 6U) |
                          (static_cast<unsigned char>(one[2]) & 0x3FU);
    if (code >= 0xFF01 && code <= 0xFF5E) {
      out += static_cast<char>(code - 0xFF01 + '!');
      return n;
    }
  }
  out += one;
  return n;
}

void drop_commands(std::string& text) {
  static constexpr std::array<std::string_view, 40> sizes = {
      "displaystyle", "textstyle",   "scriptstyle", "left",   "right",    "bigl",   "bigr",
      "Bigl",         "Bigr",        "biggl",       "biggr",  "Biggl",    "Biggr",  "big",
      "Big",          "bigg",        "Bigg",        "limits", "nolimits", "middle", "hfill",
      "nonumber",     "notag",       "hline",       "rm",     "bf",       "tiny",   "small",
      "normalsize",   "large",       "Large",       "LARGE",  "huge",     "Huge",   "checkmark",
      "qed",          "blacksquare", "hfil",        "strut",  "space"};
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i++];
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    const std::string_view name = std::string_view(text).substr(i + 1, end - i - 1);
    if (name.empty()) {
      const char mark = text[i + 1];
      const bool blank = mark == ',' || mark == ';' || mark == ':' || mark == ' ' || mark == '>';
      if (blank) out += ' ';
      if (!blank && mark != '!') out += text.substr(i, 2);
      i += 2;
    } else if (end < text.size() && text[end] == '{' &&
               (name == "color" || name == "textcolor" || name == "tag" || name == "label")) {
      // The argument says how it looks, or what it is called.
      const std::size_t behind = matching_brace(text, end);
      i = behind == std::string_view::npos ? end : behind;
    } else if (std::find(sizes.begin(), sizes.end(), name) != sizes.end()) {
      // "\left." and "\right." stand for no bracket at all.
      if ((name == "left" || name == "right") && end < text.size() && text[end] == '.') ++end;
      out += ' ';
      i = end;
    } else {
      out += text.substr(i, end - i);
      i = end;
    }
  }
  text = std::move(out);
}

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const auto from = text.find_first_not_of(blank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  if (text.find(from) == std::string::npos) return;
  std::string out;
  out.reserve(text.size());
  std::size_t start = 0;
  while (true) {
    const auto at = text.find(from, start);
    out.append(text, start, at - start);
    if (at == std::string::npos) break;
    out += to;
    start = at + from.size();
  }
  text = std::move(out);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::size_t matching_brace(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

namespace {

// A command that was escaped twice on its way here ("\\frac"), outside of rows of a table.
void unescape_twice_escaped(std::string& text) {
  if (text.find("\\begin") != std::string::npos) return;
  for (std::size_t at = 0; (at = text.find("\\\\", at)) != std::string::npos; ++at) {
    if (at + 2 >= text.size()) return;
    const char next = text[at + 2];
    if (is_ascii_letter(next) || next == '(' || next == '{' || next == '}') text.erase(at, 1);
  }
}

constexpr Entry abbreviations[] = {{"a.m.", "am"},
                                   {"p.m.", "pm"},
                                   {" a.m", " am"},
                                   {" p.m", " pm"},
                                   {"Rs. ", "\\rupee "},
                                   {"Rs ", "\\rupee "},
                                   {"electron volt", "electronvolt"}};

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      out += text[i++];
    } else {
      i += append_character(text.substr(i), out);
    }
  }
  if (out.find('\\') != std::string::npos) {
    unescape_twice_escaped(out);
    for (const std::string_view thin : {",\\! ", ",\\!", "\\!,\\!"}) replace_all(out, thin, "{,}");
    drop_commands(out);
  }
  for (const auto& [dotted, plain] : abbreviations) replace_all(out, dotted, plain);
  replace_all(out, "{:}", ":");
  for (const std::string_view comma : {"{, }", "{ ,}", "{ , }", " {,}"})
    replace_all(out, comma, "{,}");
  return out;
}

}  // namespace assay::math
