#include "suites/code/code_block.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

namespace assay {

namespace {

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

// Calls visit(line, begin, end) for each line; `end` is where the next line begins.
template <class F>
void for_each_line(std::string_view text, const F& visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t line_end = std::min(text.find('\n', begin), text.size());
    const std::size_t next = std::min(line_end + 1, text.size());
    visit(text.substr(begin, line_end - begin), begin, next);
    begin = next;
  }
}

std::string between_last_two(std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> fences;
  for_each_line(text, [&](std::string_view line, std::size_t begin, std::size_t next) {
    if (line.find("```") != std::string_view::npos) {
      fences.emplace_back(begin, next);
    }
  });
  if (fences.size() < 2) {
    return "";
  }
  const std::size_t begin = fences[fences.size() - 2].second;
  return std::string(text.substr(begin, fences.back().first - begin));
}

}  // namespace

const std::vector<std::string_view> python_labels = {"python", "py", "python3"};
const std::vector<std::string_view> cpp_labels = {"cpp", "c++", "cc", "cxx", "c"};

std::vector<CodeBlock> code_blocks(std::string_view text) {
  std::vector<CodeBlock> blocks;
  std::optional<std::size_t> open;  // where the open block's code begins
  std::string_view fence;
  for_each_line(text, [&](std::string_view line, std::size_t begin, std::size_t next) {
    const std::string_view content = without_blanks(line);
    if (content.substr(0, 3) != "```") {
      return;
    }
    const std::size_t ticks = std::min(content.find_first_not_of('`'), content.size());
    const std::string_view rest = without_blanks(content.substr(ticks));
    if (!open) {
      if (rest.find('`') != std::string_view::npos) {
        return;  // code within a line, not a fence
      }
      fence = content.substr(0, ticks);
      blocks.push_back({lower(rest.substr(0, rest.find(' '))), ""});
      open = next;
    } else if (rest.empty() && ticks >= fence.size()) {
      blocks.back().code = text.substr(*open, begin - *open);
      open.reset();
    }
  });
  if (open) {
    blocks.back().code = text.substr(*open);
  }
  return blocks;
}

std::string pick_code(std::string_view text, Pick pick,
                      const std::vector<std::string_view>& languages) {
  if (pick == Pick::as_is) {
    return std::string(text);
  }
  if (pick == Pick::until_fence) {
    return std::string(text.substr(0, text.find("```")));
  }
  if (pick == Pick::between_last_two) {
    return between_last_two(text);
  }
  const std::vector<CodeBlock> blocks = code_blocks(text);
  const auto is_of_language = [&](const CodeBlock& block) {
    return std::find(languages.begin(), languages.end(), block.language) != languages.end();
  };
  const CodeBlock* chosen = nullptr;
  const bool any = std::any_of(blocks.begin(), blocks.end(), is_of_language);
  for (const CodeBlock& block : blocks) {
    if (any && !is_of_language(block)) {
      continue;
    }
    if (chosen == nullptr || pick == Pick::last_block) {
      chosen = &block;
    }
  }
  return chosen == nullptr ? std::string(text) : chosen->code;
}

std::string after_signature(std::string_view code) {
  const std::size_t colon = code.find(":\n    ");
  return std::string(colon == std::string_view::npos ? code : code.substr(colon + 2));
}

bool defines_python(std::string_view code, std::string_view name) {
  bool found = false;
  for_each_line(code, [&](std::string_view line, std::size_t, std::size_t) {
    for (const std::string_view word : {"def ", "async def ", "class "}) {
      if (line.substr(0, word.size()) == word && line.substr(word.size(), name.size()) == name) {
        const std::string_view rest = line.substr(word.size() + name.size());
        found = found || rest.empty() || rest[0] == '(' || rest[0] == ' ' || rest[0] == ':';
      }
    }
    // An assignment, such as a lambda, defines it as well.
    found = found || (line.substr(0, name.size()) == name &&
                      without_blanks(line.substr(name.size())).substr(0, 1) == "=");
  });
  return found;
}

std::string before_definition(std::string_view prompt, std::string_view name) {
  const std::string start = fmt::format("def {}(", name);
  if (prompt.substr(0, start.size()) == start) {
    return "";
  }
  const std::size_t at = prompt.find("\n" + start);
  return at == std::string_view::npos ? "" : std::string(prompt.substr(0, at + 1));
}

}  // namespace assay
