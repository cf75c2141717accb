#include "harness/digest.h"

#include <fstream>
#include <memory>
#include <vector>

#include <fmt/core.h>
#include <openssl/evp.h>

#include "harness/error.h"

namespace assay {

namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Context begin() {
  Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  // Fetched once: OpenSSL 3 looks EVP_sha256() up anew in every call, which costs more than hashing
  // a prompt.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_DigestInit_ex(context.get(), algorithm, nullptr);
  return context;
}

Digest finish(const Context& context) {
  Digest digest{};
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return digest;
}

std::string hex(const Digest& digest) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  const Context context = begin();
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  return finish(context);
}

std::string sha256_hex(std::string_view bytes) {
  return hex(sha256(bytes));
}

std::string sha256_hex_of_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) {
    throw UserError(fmt::format("{}: cannot be read", path.string()));
  }
  const Context context = begin();
  std::vector<char> buffer(std::size_t{1} << 16U);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  return hex(finish(context));
}

}  // namespace assay
