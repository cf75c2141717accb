#include "harness/machine.h"

#include <array>
#include <fstream>
#include <sstream>

#include <dlfcn.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/version.h"

namespace assay {

namespace {

using Json = nlohmann::json;

constexpr std::size_t name_bytes_max = 128;

// The value of the first line "key : value" of a file of that form.
std::string value_of(const char* file, const std::string& key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t at = line.find(separator);
    if (at != std::string::npos && line.compare(0, key.size(), key) == 0) {
      const std::size_t begin = line.find_first_not_of(" \t\"", at + 1);
      const std::size_t end = line.find_last_not_of(" \t\"");
      return begin == std::string::npos ? "" : line.substr(begin, end - begin + 1);
    }
  }
  return "";
}

Json instruction_sets() {
  std::istringstream flags(value_of("/proc/cpuinfo", "flags", ':'));
  Json found = Json::array();
  for (std::string flag; flags >> flag;) {
    static constexpr std::array wanted = {"avx2",        "fma",         "f16c",     "avx512f",
                                          "avx512_bf16", "avx512_fp16", "amx_tile", "amx_bf16",
                                          "amx_int8",    "asimd",       "sve"};
    for (const char* name : wanted) {
      if (flag == name) {
        found.push_back(flag);
      }
    }
  }
  return found;
}

// The few calls of NVIDIA's management library that are needed, looked up at run time: the program
// neither needs the library nor its header. Declarations as in the NVML API reference.
class Nvml {
 public:
  Nvml() : library_(dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL)) {
    if (library_ != nullptr) {
      const auto init = function<int()>("nvmlInit_v2");
      ready_ = init != nullptr && init() == 0;
    }
  }
  ~Nvml() {
    if (ready_) {
      const auto shut_down = function<int()>("nvmlShutdown");
      if (shut_down != nullptr) {
        shut_down();
      }
    }
    if (library_ != nullptr) {
      dlclose(library_);
    }
  }
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  Json accelerators() const {
    Json all = Json::array();
    const auto count_of = function<int(unsigned*)>("nvmlDeviceGetCount_v2");
    const auto device_at = function<int(unsigned, void**)>("nvmlDeviceGetHandleByIndex_v2");
    const auto name_of = function<int(void*, char*, unsigned)>("nvmlDeviceGetName");
    const auto memory_of = function<int(void*, Memory*)>("nvmlDeviceGetMemoryInfo");
    const auto driver = function<int(char*, unsigned)>("nvmlSystemGetDriverVersion");
    if (!ready_ || !count_of || !device_at || !name_of || !memory_of || !driver) {
      return all;
    }
    std::array<char, name_bytes_max> version{};
    driver(version.data(), version.size());
    unsigned count = 0;
    count_of(&count);
    for (unsigned i = 0; i < count; ++i) {
      void* device = nullptr;
      std::array<char, name_bytes_max> name{};
      Memory memory;
      if (device_at(i, &device) == 0 && name_of(device, name.data(), name.size()) == 0 &&
          memory_of(device, &memory) == 0) {
        all.push_back({{"name", name.data()},
                       {"memory_mib", memory.total >> 20U},
                       {"driver", version.data()}});
      }
    }
    return all;
  }

 private:
  struct Memory {
    unsigned long long total = 0;
    unsigned long long free = 0;
    unsigned long long used = 0;
  };

  template <class Signature>
  Signature* function(const char* name) const {
    return library_ == nullptr ? nullptr : reinterpret_cast<Signature*>(dlsym(library_, name));
  }

  void* library_;
  bool ready_ = false;
};

}  // namespace

std::string describe_machine() {
  utsname system{};
  uname(&system);
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGE_SIZE);
  const Json machine = {{"processor", value_of("/proc/cpuinfo", "model name", ':')},
                        {"architecture", system.machine},
                        {"logical_cores", sysconf(_SC_NPROCESSORS_ONLN)},
                        {"instruction_sets", instruction_sets()},
                        {"memory_mib", pages / 1024 * page_bytes / 1024},
                        {"accelerators", Nvml().accelerators()},
                        {"kernel", fmt::format("{} {}", system.sysname, system.release)},
                        {"system", value_of("/etc/os-release", "PRETTY_NAME", '=')},
                        {"compiler", compiler_version()}};
  return machine.dump();
}

}  // namespace assay
