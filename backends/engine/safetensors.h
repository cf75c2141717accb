// Tensors of a folder in the safetensors format, memory-mapped: one file, or shards with an index.
// Format: https://github.com/huggingface/safetensors#format (read 2025): 8 bytes of header length,
// a JSON header {name: {dtype, shape, data_offsets}}, then the data without gaps or overlaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::engine {

// One file, readable as bytes for as long as the object lives. Thread rule: const after
// construction. The file must not be truncated while it is mapped.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);  // throws UserError
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  MappedFile& operator=(MappedFile&&) = delete;

  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

struct StoredTensor {
  std::string dtype;  // as the format spells it: "BF16"
  std::vector<std::int64_t> shape;
  const std::byte* data = nullptr;  // into the file's bytes, not aligned
  std::size_t size = 0;             // in bytes: what shape and dtype say
  std::size_t file = 0;             // index into Checkpoint::files()
};

using StoredTensors = std::map<std::string, StoredTensor, std::less<>>;

// The tensors of one file's bytes, which must stay where they are. Throws UserError, one line that
// starts with `path` and names the tensor, unless the header is well-formed and every byte of data
// belongs to exactly one tensor.
StoredTensors parse_safetensors(const std::byte* bytes, std::size_t size,
                                const std::filesystem::path& path);

// What a checkpoint's folder holds. Thread rule: const after construction.
class Checkpoint {
 public:
  // Reads model.safetensors.index.json and the shards it names, or model.safetensors alone. Throws
  // UserError where an entry of the index is missing, is no plain file name of the folder, or
  // disagrees with the shard.
  explicit Checkpoint(const std::filesystem::path& folder);

  const StoredTensors& tensors() const { return tensors_; }

  // The file a tensor comes from, for messages.
  const std::filesystem::path& path_of(const StoredTensor& tensor) const {
    return paths_[tensor.file];
  }

 private:
  void add_file(const std::filesystem::path& path);
  void add_shards(const std::filesystem::path& folder, const std::filesystem::path& index_path);

  std::vector<std::filesystem::path> paths_;
  std::vector<MappedFile> files_;
  StoredTensors tensors_;
};

}  // namespace assay::engine
