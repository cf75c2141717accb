// The words and signs that say something of a letter beside them, in several languages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::math {

// What a word or sign may mean beside a letter; one word may mean several of them.
namespace role {
using Roles = std::uint32_t;
constexpr Roles letters = 1;
constexpr Roles pointing = 1 << 1;      // "so it is": leads to a letter and says nothing else
constexpr Roles naming = 1 << 2;        // "option": the letter beside it is one
constexpr Roles choosing = 1 << 3;      // "answer", "choose": what it points to is chosen
constexpr Roles right = 1 << 4;         // "correct", "works"
constexpr Roles wrong = 1 << 5;         // "incorrect", "eliminate"
constexpr Roles negation = 1 << 6;      // "not", "instead"
constexpr Roles doubt = 1 << 7;         // "if", "might": the clause claims nothing
constexpr Roles withdrawal = 1 << 8;    // "wait": what was said before is taken back
constexpr Roles joint_and = 1 << 9;     // joins two letters to one answer
constexpr Roles joint_or = 1 << 10;     // the same, of which just one is meant
constexpr Roles comma = 1 << 11;        // ends a clause, or joins two letters
constexpr Roles colon = 1 << 12;        // announces, or ends a label
constexpr Roles starts = 1 << 13;       // "but", "so": a new clause begins with it
constexpr Roles starts_late = 1 << 14;  // "that": the same behind a letter
constexpr Roles stop = 1 << 15;         // ends a sentence
constexpr Roles question = 1 << 16;     // ends one that claims nothing
constexpr Roles line = 1 << 17;         // ends a line
constexpr Roles verb = 1 << 18;         // "is": the letter in front of it is a subject
constexpr Roles sign = 1 << 19;         // "=": the letter beside it is a variable
constexpr Roles ordinal = 1 << 20;      // "second", which makes a letter of "option" behind it
constexpr Roles ascii = 1 << 21;        // a word in Latin letters
constexpr Roles plural = 1 << 22;       // "are", "both"
constexpr Roles present = 1 << 23;      // "is", which the pronoun I never has for its verb
constexpr Roles ends_clause = comma | stop | question | line;
constexpr Roles ends_sentence = stop | question | line;
}  // namespace role

struct RoleWord {
  std::string_view text;
  role::Roles roles = 0;
};

// Of a word in lower case.
role::Roles roles_of_word(std::string_view word);

// Of the command of that name; null where it says nothing.
const RoleWord* role_command(std::string_view name);

// The word or sign beyond ASCII that begins `text`; null where none does.
const RoleWord* leading_role_word(std::string_view text);

// Of "first" to "tenth", from 0 on; `options` - 1 of "last"; npos for other words.
size_t ordinal_place(std::string_view word, size_t options);

// The bytes of the command that begins `text`, where it only dresses what follows it ("\text");
// else 0.
size_t markup_bytes(std::string_view text);

}  // namespace assay::math
