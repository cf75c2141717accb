#include "suites/code/cpp_signature.h"

#include <cctype>

namespace assay {

namespace {

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

// Where the first '{' that is never closed stands; npos: all are closed.
std::size_t open_brace(std::string_view code) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '{') {
      open.push_back(i);
    } else if (code[i] == '}' && !open.empty()) {
      open.pop_back();
    }
  }
  return open.empty() ? std::string_view::npos : open.front();
}

// Where the declaration that ends before `end` begins: after the last ';', '}' or directive.
std::size_t declaration_begin(std::string_view code, std::size_t end) {
  std::size_t begin = 0;
  for (std::size_t line = 0; line < end;) {
    const std::size_t line_end = std::min(code.find('\n', line), end);
    const std::size_t first = code.find_first_not_of(" \t", line);
    if (first < line_end && code[first] == '#') {
      begin = std::min(line_end + 1, end);
    }
    line = line_end + 1;
  }
  const std::size_t stop = code.substr(0, end).find_last_of(";}");
  return stop != std::string_view::npos && stop >= begin ? stop + 1 : begin;
}

// At commas outside of all brackets.
std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i == list.size() || (list[i] == ',' && depth == 0)) {
      parts.push_back(trimmed(list.substr(begin, i - begin)));
      begin = i + 1;
    } else if (list[i] == '<' || list[i] == '(' || list[i] == '{') {
      ++depth;
    } else if (list[i] == '>' || list[i] == ')' || list[i] == '}') {
      --depth;
    }
  }
  if (parts.size() == 1 && (parts[0].empty() || parts[0] == "void")) {
    parts.clear();
  }
  return parts;
}

// "const string &text = x" -> "const string &". Empty: not understood.
std::string type_of(const std::string& parameter) {
  std::string text = trimmed(parameter.substr(0, parameter.find('=')));
  if (text.find_first_of("[(") != std::string::npos) {
    return "";
  }
  std::size_t end = text.size();
  while (end > 0 && is_name(text[end - 1])) {
    --end;
  }
  const bool has_name = end > 0 && end < text.size();
  return has_name ? trimmed(std::string_view(text).substr(0, end)) : "";
}

std::optional<CppSignature> read(const std::string& text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open ||
      text.find("template") != std::string::npos || text.find("operator") != std::string::npos) {
    return std::nullopt;
  }
  const std::string head = trimmed(std::string_view(text).substr(0, open));
  std::size_t name = head.size();
  while (name > 0 && is_name(head[name - 1])) {
    --name;
  }
  CppSignature signature;
  signature.name = head.substr(name);
  signature.result = trimmed(std::string_view(head).substr(0, name));
  const bool plain_result =
      !signature.result.empty() && signature.result.find("auto") == std::string::npos;
  if (signature.name.empty() || !plain_result || signature.name == "main") {
    return std::nullopt;
  }
  signature.crosses = signature.result.find_first_of("*&") == std::string::npos;
  for (const std::string& parameter :
       split(std::string_view(text).substr(open + 1, close - open - 1))) {
    signature.parameters.push_back(type_of(parameter));
    if (signature.parameters.back().empty()) {
      return std::nullopt;
    }
    signature.crosses = signature.crosses && parameter.find('*') == std::string::npos;
  }
  return signature;
}

}  // namespace

std::string without_comments(std::string_view code) {
  std::string text(code);
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && i < text.size(); ++i) {
      if (text[i] != '\n') {
        text[i] = ' ';
      }
    }
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (code.compare(i, 2, "//") == 0) {
      const std::size_t end = std::min(code.find('\n', i), code.size());
      blank(i, end);
      i = end;
    } else if (code.compare(i, 2, "/*") == 0) {
      const std::size_t close = code.find("*/", i + 2);
      const std::size_t end = close == std::string_view::npos ? code.size() : close + 2;
      blank(i, end);
      i = end - 1;
    } else if (code[i] == '"' || (code[i] == '\'' && (i == 0 || !is_name(code[i - 1])))) {
      std::size_t end = i + 1;
      while (end < code.size() && code[end] != code[i] && code[end] != '\n') {
        end += code[end] == '\\' ? 2 : 1;
      }
      blank(i + 1, end);
      i = end;
    }
  }
  return text;
}

std::optional<CppSignature> cpp_signature(std::string_view prompt) {
  const std::string code = without_comments(prompt);
  std::size_t end = open_brace(code);
  if (end == std::string::npos) {
    // Nothing is left open: the last function's body, or the semicolon of a declaration.
    const std::size_t last = code.find_last_of("};");
    if (last == std::string::npos) {
      return std::nullopt;
    }
    int depth = code[last] == '}' ? 1 : 0;
    end = last;
    while (depth > 0 && end > 0) {
      --end;
      depth += code[end] == '}' ? 1 : code[end] == '{' ? -1 : 0;
    }
  }
  const std::size_t begin = declaration_begin(code, end);
  std::optional<CppSignature> signature =
      read(trimmed(std::string_view(code).substr(begin, end - begin)));
  if (signature) {
    signature->before = std::string(prompt.substr(0, begin));
  }
  return signature;
}

}  // namespace assay
