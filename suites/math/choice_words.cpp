#include "suites/math/choice_words.h"

#include <algorithm>
#include <array>

#include "suites/math/first_bytes.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

using role::Roles;

constexpr Roles named = role::naming | role::pointing;
constexpr Roles chosen = role::choosing | role::pointing;
constexpr Roles right = role::right | role::pointing;
constexpr Roles is = role::pointing | role::verb;
constexpr Roles leads = role::pointing | role::starts;

constexpr size_t word_bytes_max = 16;

constexpr std::array word_list = {
    RoleWord{"a", role::pointing},
    RoleWord{"accurate", right},
    RoleWord{"alone", role::pointing},
    RoleWord{"also", role::pointing},
    RoleWord{"among", role::pointing},
    RoleWord{"and", role::joint_and | role::starts},
    RoleWord{"answer", chosen},
    RoleWord{"antwort", chosen},
    RoleWord{"appropriate", right},
    RoleWord{"are", is | role::plural},
    RoleWord{"as", leads},
    RoleWord{"assume", role::doubt},
    RoleWord{"assuming", role::doubt},
    RoleWord{"be", is},
    RoleWord{"because", role::starts},
    RoleWord{"best", right},
    RoleWord{"both", role::pointing | role::plural},
    RoleWord{"but", leads},
    RoleWord{"cannot", role::negation | role::verb},
    RoleWord{"change", role::pointing},
    RoleWord{"changed", role::pointing},
    RoleWord{"changing", role::pointing},
    RoleWord{"check", role::doubt},
    RoleWord{"choice", named},
    RoleWord{"choices", named},
    RoleWord{"choose", chosen},
    RoleWord{"chose", chosen},
    RoleWord{"clearly", role::pointing},
    RoleWord{"conclude", role::pointing},
    RoleWord{"conclusion", role::pointing},
    RoleWord{"consequently", leads},
    RoleWord{"consider", role::doubt},
    RoleWord{"contradiction", role::wrong},
    RoleWord{"correct", right},
    RoleWord{"correcta", right},
    RoleWord{"correction", chosen | role::withdrawal},
    RoleWord{"correspond", role::pointing},
    RoleWord{"corresponding", role::pointing},
    RoleWord{"corresponds", role::pointing},
    RoleWord{"could", role::doubt | role::verb},
    RoleWord{"der", role::pointing},
    RoleWord{"die", role::pointing},
    RoleWord{"distractor", role::wrong},
    RoleWord{"does", role::verb},
    RoleWord{"eliminate", role::wrong},
    RoleWord{"eliminated", role::wrong},
    RoleWord{"es", is},
    RoleWord{"est", is},
    RoleWord{"examine", role::doubt},
    RoleWord{"except", role::negation | role::starts},
    RoleWord{"exclude", role::wrong},
    RoleWord{"excluded", role::wrong},
    RoleWord{"excluding", role::wrong},
    RoleWord{"fails", role::wrong | role::verb},
    RoleWord{"false", role::wrong},
    RoleWord{"final", role::pointing},
    RoleWord{"finally", role::pointing},
    RoleWord{"fits", right | role::verb},
    RoleWord{"for", role::pointing},
    RoleWord{"go", chosen},
    RoleWord{"going", chosen},
    RoleWord{"guess", role::pointing},
    RoleWord{"has", is},
    RoleWord{"have", role::pointing},
    RoleWord{"hence", leads},
    RoleWord{"here", role::pointing},
    RoleWord{"hmm", role::withdrawal},
    RoleWord{"holds", right | role::verb},
    RoleWord{"i", role::pointing},
    RoleWord{"i'd", role::pointing},
    RoleWord{"i'll", role::pointing},
    RoleWord{"i'm", role::pointing},
    RoleWord{"if", role::doubt},
    RoleWord{"impossible", role::wrong},
    RoleWord{"in", role::pointing},
    RoleWord{"incorrect", role::wrong},
    RoleWord{"indeed", role::pointing},
    RoleWord{"instead", role::negation | role::starts},
    RoleWord{"invalid", role::wrong},
    RoleWord{"is", is | role::present},
    RoleWord{"ist", is},
    RoleWord{"it", role::pointing},
    RoleWord{"it's", is},
    RoleWord{"its", role::pointing},
    RoleWord{"la", role::pointing},
    RoleWord{"leaves", leads},
    RoleWord{"leaving", leads},
    RoleWord{"left", role::pointing},
    RoleWord{"let", role::doubt},
    RoleWord{"let's", role::doubt},
    RoleWord{"letter", named},
    RoleWord{"likely", right},
    RoleWord{"looks", role::doubt | role::verb},
    RoleWord{"match", role::pointing},
    RoleWord{"matches", role::pointing},
    RoleWord{"matching", role::pointing},
    RoleWord{"may", role::doubt | role::verb},
    RoleWord{"maybe", role::doubt},
    RoleWord{"means", role::pointing},
    RoleWord{"might", role::doubt | role::verb},
    RoleWord{"mistaken", role::wrong},
    RoleWord{"most", role::pointing},
    RoleWord{"must", is},
    RoleWord{"my", role::pointing},
    RoleWord{"neither", role::negation},
    RoleWord{"never", role::negation},
    RoleWord{"no", role::negation | role::withdrawal},
    RoleWord{"nor", role::negation | role::starts},
    RoleWord{"not", role::negation},
    RoleWord{"now", role::pointing},
    RoleWord{"of", role::pointing},
    RoleWord{"only", role::pointing},
    RoleWord{"oops", role::withdrawal},
    RoleWord{"option", named},
    RoleWord{"options", named},
    RoleWord{"or", role::joint_or | role::starts},
    RoleWord{"otherwise", role::doubt},
    RoleWord{"our", role::pointing},
    RoleWord{"overall", role::pointing},
    RoleWord{"perhaps", role::doubt},
    RoleWord{"pick", chosen},
    RoleWord{"picked", chosen},
    RoleWord{"plausible", role::doubt},
    RoleWord{"possible", role::doubt},
    RoleWord{"probable", right},
    RoleWord{"proper", right},
    RoleWord{"rather", role::negation | role::starts},
    RoleWord{"reject", role::wrong},
    RoleWord{"rejected", role::wrong},
    RoleWord{"remains", right | role::verb},
    RoleWord{"resposta", chosen},
    RoleWord{"respuesta", chosen},
    RoleWord{"richtige", right},
    RoleWord{"right", right},
    RoleWord{"rule", role::wrong},
    RoleWord{"ruled", role::wrong},
    RoleWord{"ruling", role::wrong},
    RoleWord{"satisfies", right | role::verb},
    RoleWord{"say", role::pointing},
    RoleWord{"seems", role::doubt | role::verb},
    RoleWord{"select", chosen},
    RoleWord{"selected", chosen},
    RoleWord{"should", is},
    RoleWord{"since", role::starts},
    RoleWord{"so", leads},
    RoleWord{"some", role::doubt},
    RoleWord{"statement", named},
    RoleWord{"statements", named},
    RoleWord{"suppose", role::doubt},
    RoleWord{"supposing", role::doubt},
    RoleWord{"tempting", role::doubt},
    RoleWord{"that", role::pointing | role::starts_late},
    RoleWord{"that's", is},
    RoleWord{"the", role::pointing},
    RoleWord{"then", leads},
    RoleWord{"therefore", leads},
    RoleWord{"these", role::pointing},
    RoleWord{"think", role::pointing},
    RoleWord{"this", role::pointing},
    RoleWord{"thought", role::doubt},
    RoleWord{"thus", leads},
    RoleWord{"to", role::pointing},
    RoleWord{"true", right},
    RoleWord{"try", role::doubt},
    RoleWord{"unlikely", role::wrong},
    RoleWord{"us", role::pointing},
    RoleWord{"valid", right},
    RoleWord{"wait", role::withdrawal},
    RoleWord{"was", is},
    RoleWord{"we", role::pointing},
    RoleWord{"we'd", role::pointing},
    RoleWord{"were", role::doubt | role::plural},
    RoleWord{"where", role::starts_late},
    RoleWord{"whereas", role::starts},
    RoleWord{"whether", role::doubt},
    RoleWord{"which", role::pointing | role::starts_late},
    RoleWord{"while", role::starts},
    RoleWord{"will", is},
    RoleWord{"with", role::pointing},
    RoleWord{"works", right | role::verb},
    RoleWord{"would", is},
    RoleWord{"wrong", role::wrong},
    RoleWord{"yes", right},
};
constexpr ByFirstByte words(word_list, &RoleWord::text);

// Of those that begin alike the longer one first.
constexpr std::array wide_word_list = {
    RoleWord{"，", role::comma},
    RoleWord{"、", role::joint_and},
    RoleWord{"；", role::comma},
    RoleWord{"：", role::colon},
    RoleWord{"。", role::stop},
    RoleWord{"．", role::stop},
    RoleWord{"！", role::stop},
    RoleWord{"？", role::question},
    RoleWord{"…", role::stop},
    RoleWord{"（", role::starts},
    RoleWord{"）", role::starts},
    RoleWord{"【", role::starts},
    RoleWord{"】", role::colon},
    RoleWord{"答案", chosen},
    RoleWord{"答", chosen},
    RoleWord{"选项", named},
    RoleWord{"选择", chosen},
    RoleWord{"选", chosen},
    RoleWord{"項", named},
    RoleWord{"项", named},
    RoleWord{"不", role::negation},
    RoleWord{"非", role::negation},
    RoleWord{"没有", role::negation},
    RoleWord{"排除", role::wrong},
    RoleWord{"错误", role::wrong},
    RoleWord{"错", role::wrong},
    RoleWord{"有误", role::wrong},
    RoleWord{"正确", right},
    RoleWord{"正解", chosen},
    RoleWord{"符合", right},
    RoleWord{"满足", right},
    RoleWord{"成立", right},
    RoleWord{"对", right},
    RoleWord{"假设", role::doubt},
    RoleWord{"如果", role::doubt},
    RoleWord{"若", role::doubt},
    RoleWord{"或", role::joint_or},
    RoleWord{"和", role::joint_and},
    RoleWord{"与", role::joint_and},
    RoleWord{"及", role::joint_and},
    RoleWord{"而", role::starts},
    RoleWord{"但", role::starts},
    RoleWord{"所以", leads},
    RoleWord{"因此", leads},
    RoleWord{"综上", leads},
    RoleWord{"故", leads},
    RoleWord{"则", leads},
    RoleWord{"即", leads},
    RoleWord{"只有", role::pointing},
    RoleWord{"下列", role::pointing},
    RoleWord{"说法", role::pointing},
    RoleWord{"本题", role::pointing},
    RoleWord{"题意", role::pointing},
    RoleWord{"应该", role::pointing},
    RoleWord{"应", role::pointing},
    RoleWord{"我", role::pointing},
    RoleWord{"的", role::pointing},
    RoleWord{"是", is},
    RoleWord{"为", is},
    RoleWord{"は", is},
    RoleWord{"です", is},
    RoleWord{"답", chosen},
    RoleWord{"Ответ", chosen},
    RoleWord{"éponse", chosen},  // in réponse
    RoleWord{"→", leads},
    RoleWord{"⇒", leads},
    RoleWord{"✓", right},
    RoleWord{"✔", right},
    RoleWord{"✅", right},
    RoleWord{"√", right},
    RoleWord{"✗", role::wrong},
    RoleWord{"✘", role::wrong},
    RoleWord{"❌", role::wrong},
    RoleWord{"×", role::wrong},
};
constexpr ByFirstByte wide_words(wide_word_list, &RoleWord::text);

constexpr std::array commands = {RoleWord{"checkmark", right},  RoleWord{"Rightarrow", leads},
                                 RoleWord{"rightarrow", leads}, RoleWord{"implies", leads},
                                 RoleWord{"to", leads},         RoleWord{"therefore", leads},
                                 RoleWord{"xmark", role::wrong}};

constexpr std::array<std::string_view, 22> markup = {
    "text",   "textbf", "textit", "textrm", "textsf", "texttt", "mathrm", "mathbf",
    "mathsf", "mathit", "mathtt", "boxed",  "left",   "right",  "bigl",   "bigr",
    "big",    "Big",    "quad",   "qquad",  "bf",     "rm"};

constexpr std::array<std::string_view, 10> ordinals = {
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"};

}  // namespace

Roles roles_of_word(std::string_view word) {
  if (word.empty() || word.size() > word_bytes_max) {
    return 0;
  }
  if (word.ends_with("n't")) {
    return role::negation | role::verb;
  }
  for (const RoleWord& one : words.beginning_with(word.front())) {
    if (one.text == word) {
      return one.roles;
    }
  }
  return 0;
}

const RoleWord* role_command(std::string_view name) {
  const auto* const found = std::find_if(commands.begin(), commands.end(),
                                         [&](const RoleWord& one) { return one.text == name; });
  return found == commands.end() ? nullptr : found;
}

const RoleWord* leading_role_word(std::string_view text) {
  for (const RoleWord& one : wide_words.beginning_with(text.front())) {
    if (text.starts_with(one.text)) {
      return &one;
    }
  }
  return nullptr;
}

size_t ordinal_place(std::string_view word, size_t options) {
  const auto* const found = std::find(ordinals.begin(), ordinals.end(), word);
  if (found == ordinals.end()) {
    return word == "last" && options > 0 ? options - 1 : std::string_view::npos;
  }
  return static_cast<size_t>(found - ordinals.begin());
}

size_t markup_bytes(std::string_view text) {
  size_t end = 1;
  while (end < text.size() && is_ascii_letter(text[end])) {
    ++end;
  }
  return std::find(markup.begin(), markup.end(), text.substr(1, end - 1)) == markup.end() ? 0 : end;
}

}  // namespace assay::math
