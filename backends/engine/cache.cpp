#include "backends/engine/cache.h"

#include <algorithm>
#include <cassert>
#include <new>

namespace assay::engine {

namespace {

constexpr std::size_t alignment = 64;

// Zeros that cost nothing before they are touched; the pages of a large cache mostly never are.
void* zeros(std::size_t values) {
  void* storage = std::calloc(values + 2 * alignment / sizeof(float), sizeof(float));
  if (storage == nullptr) {
    throw std::bad_alloc();
  }
  return storage;
}

float* aligned(void* storage) {
  std::size_t room = 2 * alignment;
  return static_cast<float*>(std::align(alignment, alignment, storage, room));
}

std::vector<int> tokens_of_page(std::span<const int> prompt, std::size_t page) {
  const auto part = prompt.subspan(page * page_positions, page_positions);
  return {part.begin(), part.end()};
}

}  // namespace

LatentCache::LatentCache(const Options& options)
    : options_(options),
      storage_(zeros(options.page_values * static_cast<std::size_t>(options.pages_max))),
      memory_(aligned(storage_.get())),
      pages_(static_cast<std::size_t>(options.pages_max)) {
  for (int id = options.pages_max - 1; id >= 0; --id) {
    free_.push_back(id);
  }
}

float* LatentCache::memory_of(int id) {
  return memory_ + options_.page_values * static_cast<std::size_t>(id);
}

bool LatentCache::evictable(int id) const {
  const Page& page = pages_[static_cast<std::size_t>(id)];
  return page.leases == 0 && page.children == 0;
}

void LatentCache::hold(int id) {
  Page& page = pages_[static_cast<std::size_t>(id)];
  evictable_.erase({page.last_used, id});
  in_use_ += page.leases == 0 ? 1 : 0;
  ++page.leases;
}

void LatentCache::drop(int id) {
  Page& page = pages_[static_cast<std::size_t>(id)];
  --page.leases;
  in_use_ -= page.leases == 0 ? 1 : 0;
  page.last_used = ++clock_;
  if (page.leases > 0) {
    return;
  }
  if (page.tokens.empty() || !page.complete) {
    forget(id);
  } else if (evictable(id)) {
    evictable_.insert({page.last_used, id});
  }
}

// Back to the free pages. REQUIRES: evictable(id).
void LatentCache::forget(int id) {
  Page& page = pages_[static_cast<std::size_t>(id)];
  evictable_.erase({page.last_used, id});
  if (!page.tokens.empty()) {
    memory_of_prompts_.erase({page.parent, page.tokens});
    if (page.parent >= 0) {
      Page& parent = pages_[static_cast<std::size_t>(page.parent)];
      --parent.children;
      if (evictable(page.parent)) {
        evictable_.insert({parent.last_used, page.parent});
      }
    }
  }
  page = {};
  free_.push_back(id);
}

bool LatentCache::make_room(int pages) {
  while (static_cast<int>(free_.size()) < pages && !evictable_.empty()) {
    forget(evictable_.begin()->second);
  }
  return static_cast<int>(free_.size()) >= pages;
}

std::optional<LatentCache::Lease> LatentCache::acquire(std::span<const int> prompt,
                                                       std::int64_t positions,
                                                       std::int64_t cached_max) {
  assert(pages_for(positions) <= options_.pages_max);
  Lease lease;
  const std::size_t full_pages = options_.share_prefixes ? prompt.size() / page_positions : 0;
  int parent = -1;
  std::size_t next = 0;
  for (; next < full_pages; ++next) {
    const auto found = memory_of_prompts_.find({parent, tokens_of_page(prompt, next)});
    const bool usable = static_cast<std::int64_t>(next + 1) * page_positions <= cached_max;
    if (found == memory_of_prompts_.end() || !usable) {
      break;
    }
    if (!pages_[static_cast<std::size_t>(found->second)].complete) {
      return std::nullopt;  // another lease is at it
    }
    parent = found->second;
    lease.ids.push_back(parent);
  }
  for (const int id : lease.ids) {
    hold(id);
  }
  const int wanted = pages_for(positions) - static_cast<int>(lease.ids.size());
  if (!make_room(wanted)) {
    for (auto id = lease.ids.rbegin(); id != lease.ids.rend(); ++id) {
      drop(*id);
    }
    return std::nullopt;
  }
  lease.cached = static_cast<int>(lease.ids.size()) * page_positions;
  bool remembers = true;  // until a page of these tokens turns out to be there already
  for (int i = 0; i < wanted; ++i, ++next) {
    const int id = free_.back();
    free_.pop_back();
    hold(id);
    lease.ids.push_back(id);
    remembers = remembers && next < full_pages &&
                !memory_of_prompts_.contains({parent, tokens_of_page(prompt, next)});
    if (remembers) {
      Page& page = pages_[static_cast<std::size_t>(id)];
      page.parent = parent;
      page.tokens = tokens_of_page(prompt, next);
      memory_of_prompts_.emplace(Key{parent, page.tokens}, id);
      if (parent >= 0) {
        ++pages_[static_cast<std::size_t>(parent)].children;
      }
      parent = id;
    }
  }
  for (const int id : lease.ids) {
    lease.pages.push_back(memory_of(id));
  }
  return lease;
}

void LatentCache::completed(const Lease& lease, std::int64_t positions) {
  const auto whole = static_cast<std::size_t>(positions / page_positions);
  for (std::size_t i = 0; i < std::min(whole, lease.ids.size()); ++i) {
    pages_[static_cast<std::size_t>(lease.ids[i])].complete = true;
  }
}

void LatentCache::release(const Lease& lease) {
  // Last page first, so that a page's children are gone before it.
  for (auto id = lease.ids.rbegin(); id != lease.ids.rend(); ++id) {
    drop(*id);
  }
}

}  // namespace assay::engine
