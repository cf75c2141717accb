#include "backends/engine/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/engine/json_file.h"
#include "harness/error.h"

namespace assay::engine {

using nlohmann::json;
using Path = std::filesystem::path;

static_assert(std::endian::native == std::endian::little, "safetensors data is used in place");

namespace {

constexpr std::uint64_t header_bytes_max = 100'000'000;  // as the format's own library has it
constexpr std::size_t index_bytes_max = 100'000'000;
constexpr std::size_t rank_max = 8;
constexpr std::size_t shards_max = 4096;

std::optional<std::uint64_t> bits_of(std::string_view dtype) {
  static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 15> known = {{
      {"BOOL", 8},
      {"U8", 8},
      {"I8", 8},
      {"F8_E4M3", 8},
      {"F8_E5M2", 8},
      {"F8_E8M0", 8},
      {"I16", 16},
      {"U16", 16},
      {"F16", 16},
      {"BF16", 16},
      {"I32", 32},
      {"U32", 32},
      {"F32", 32},
      {"I64", 64},
      {"F64", 64},
  }};
  for (const auto& [name, bits] : known) {
    if (name == dtype) {
      return bits;
    }
  }
  return std::nullopt;
}

// One entry of a header, against the data's size. Throws UserError.
class EntryReader {
 public:
  EntryReader(const std::byte* data, std::uint64_t size, const Path& path)
      : data_(data), size_(size), path_(path) {}

  StoredTensor read(const std::string& name, const json& entry) const {
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets") || entry.size() != 3) {
      fail(name, "must have exactly dtype, shape and data_offsets");
    }
    StoredTensor tensor;
    tensor.size = byte_count(name, entry, tensor);
    const json& offsets = entry["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned()) {
      fail(name, "data_offsets must be two whole numbers");
    }
    const auto begin = offsets[0].get<std::uint64_t>();
    const auto end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > size_) {
      fail(name,
           fmt::format("bytes {} to {} lie outside of the {} bytes of data", begin, end, size_));
    }
    if (end - begin != tensor.size) {
      fail(name,
           fmt::format("{} bytes of data where dtype and shape need {}", end - begin, tensor.size));
    }
    tensor.data = data_ + begin;
    return tensor;
  }

  const Path& path() const { return path_; }

  [[noreturn]] void fail(const std::string& name, const std::string& what) const {
    throw UserError(fmt::format("{}: tensor {}: {}", path_.string(), shown(name), what));
  }

 private:
  // Fills in dtype and shape. Never more than size_, so that no product overflows.
  std::uint64_t byte_count(const std::string& name, const json& entry, StoredTensor& tensor) const {
    const json& dtype = entry["dtype"];
    const auto bits =
        dtype.is_string() ? bits_of(dtype.get_ref<const std::string&>()) : std::nullopt;
    if (!bits) {
      fail(name,
           "unknown dtype " + (dtype.is_string() ? shown(dtype.get<std::string>()) : "(no text)"));
    }
    tensor.dtype = dtype;
    const json& shape = entry["shape"];
    if (!shape.is_array() || shape.size() > rank_max) {
      fail(name, fmt::format("shape must be a list of at most {} whole numbers", rank_max));
    }
    std::uint64_t count = *bits / 8;
    bool nothing = false;
    for (const json& length : shape) {
      if (!length.is_number_unsigned() || length.get<std::uint64_t>() > INT64_MAX) {
        fail(name, "shape must be a list of whole numbers");
      }
      const auto n = length.get<std::uint64_t>();
      tensor.shape.push_back(static_cast<std::int64_t>(n));
      nothing = nothing || n == 0;
      if (n > 0 && count > UINT64_MAX / n) {
        fail(name, "shape needs more bytes than can be counted");
      }
      count *= std::max<std::uint64_t>(n, 1);
    }
    return nothing ? 0 : count;
  }

  const std::byte* data_;
  std::uint64_t size_;
  const Path& path_;
};

// Every byte of the data must belong to exactly one tensor, as the format demands.
void check_layout(const StoredTensors& tensors, const std::byte* data, std::uint64_t size,
                  const EntryReader& reader) {
  std::vector<StoredTensors::const_iterator> order;
  order.reserve(tensors.size());
  for (auto it = tensors.begin(); it != tensors.end(); ++it) {
    order.push_back(it);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::pair(a->second.data, a->second.size) < std::pair(b->second.data, b->second.size);
  });
  const std::byte* next = data;
  for (const auto& it : order) {
    if (it->second.data < next) {
      reader.fail(it->first, "its data overlaps another tensor's");
    }
    if (it->second.data > next) {
      reader.fail(it->first, fmt::format("{} bytes before its data belong to no tensor",
                                         it->second.data - next));
    }
    next += it->second.size;
  }
  if (next != data + size) {
    throw UserError(fmt::format("{}: the last {} bytes belong to no tensor", reader.path().string(),
                                data + size - next));
  }
}

}  // namespace

MappedFile::MappedFile(const Path& path) {
  const auto fail = [&path](const std::string& why) {
    throw UserError(path.string() + ": cannot read: " + why);
  };
  // O_NONBLOCK: opening a pipe must not wait for somebody to write to it.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    fail(std::generic_category().message(errno));
  }
  struct stat status {};
  const bool regular = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
  void* mapped = nullptr;
  int error = 0;
  if (size_ > 0) {
    mapped = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    error = mapped == MAP_FAILED ? errno : 0;
  }
  close(file);
  if (!regular || size_ == 0 || error != 0) {
    fail(!regular     ? "no regular file"
         : size_ == 0 ? "empty"
                      : std::generic_category().message(error));
  }
  data_ = static_cast<const std::byte*>(mapped);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    munmap(const_cast<std::byte*>(data_), size_);
  }
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

StoredTensors parse_safetensors(const std::byte* bytes, std::size_t size, const Path& path) {
  std::uint64_t length = 0;
  if (size < sizeof length) {
    throw UserError(path.string() + ": too short for a safetensors file");
  }
  std::memcpy(&length, bytes, sizeof length);
  if (length > header_bytes_max || length > size - sizeof length) {
    throw UserError(
        fmt::format("{}: a header of {} bytes in a file of {}: truncated, or no safetensors file",
                    path.string(), length, size));
  }
  const auto* text = reinterpret_cast<const char*>(bytes) + sizeof length;
  const json header = parse_json({text, static_cast<std::size_t>(length)}, path);
  if (!header.is_object()) {
    throw UserError(path.string() + ": the header must be one JSON object");
  }
  const std::byte* data = bytes + sizeof length + length;
  const std::uint64_t data_size = size - sizeof length - length;
  const EntryReader reader(data, data_size, path);
  StoredTensors tensors;
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") {
      tensors.emplace(name, reader.read(name, entry));
    }
  }
  check_layout(tensors, data, data_size, reader);
  return tensors;
}

Checkpoint::Checkpoint(const Path& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    throw UserError(folder.string() + ": no folder with a model in it");
  }
  const Path index = folder / "model.safetensors.index.json";
  const Path single = folder / "model.safetensors";
  if (std::filesystem::exists(std::filesystem::symlink_status(index, error))) {
    add_shards(folder, index);
  } else if (std::filesystem::exists(std::filesystem::symlink_status(single, error))) {
    add_file(single);
  } else {
    throw UserError(folder.string() +
                    ": has neither model.safetensors nor model.safetensors.index.json");
  }
}

void Checkpoint::add_file(const Path& path) {
  files_.emplace_back(path);
  paths_.push_back(path);
  for (auto& [name, tensor] : parse_safetensors(files_.back().data(), files_.back().size(), path)) {
    StoredTensor placed = tensor;
    placed.file = files_.size() - 1;
    const auto [it, fresh] = tensors_.emplace(name, std::move(placed));
    if (!fresh) {
      throw UserError(fmt::format("{}: tensor {}: is in {} as well", path.string(), shown(name),
                                  path_of(it->second).filename().string()));
    }
  }
}

void Checkpoint::add_shards(const Path& folder, const Path& index_path) {
  const json index = read_json_object(index_path, index_bytes_max);
  const auto map = index.find("weight_map");
  if (map == index.end() || !map->is_object() || map->empty()) {
    throw UserError(index_path.string() +
                    ": weight_map must be an object of tensor names and files");
  }
  std::map<std::string, std::size_t> shards;  // file name to its place in files_
  for (const auto& [tensor, file] : map->items()) {
    const std::string name = file.is_string() ? file.get<std::string>() : "";
    if (!name.ends_with(".safetensors") || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos) {
      throw UserError(
          fmt::format("{}: {} must be in a .safetensors file of the same folder, not in {}",
                      index_path.string(), shown(tensor), shown(name)));
    }
    shards.emplace(name, 0);
  }
  if (shards.size() > shards_max) {
    throw UserError(fmt::format("{}: more than {} files", index_path.string(), shards_max));
  }
  for (auto& [name, place] : shards) {
    place = files_.size();
    add_file(folder / name);
  }
  for (const auto& [tensor, file] : map->items()) {
    const auto found = tensors_.find(tensor);
    if (found == tensors_.end() || found->second.file != shards[file.get<std::string>()]) {
      throw UserError(fmt::format("{}: tensor {} is not in {}", index_path.string(), shown(tensor),
                                  shown(file.get<std::string>())));
    }
  }
  for (const auto& [name, tensor] : tensors_) {
    if (!map->contains(name)) {
      throw UserError(
          fmt::format("{}: tensor {}: is not in the index", path_of(tensor).string(), shown(name)));
    }
  }
}

}  // namespace assay::engine
