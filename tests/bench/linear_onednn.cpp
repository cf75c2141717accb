// The linear layer on tiles beside oneDNN's matmul, taking turns in one run: bf16 rows and weights,
// f32 results, weights packed before by either side and too many to lie in a cache. Built where
// CMake finds oneDNN 3 (-Ddnnl_DIR=.../lib/cmake/dnnl; on PyPI: onednn-devel-cpu-gomp).
//
//   bench_linear_onednn [ROUNDS]
//
// The shapes are DeepSeek-V2-Lite's: an expert's with the rows it gets of prompts of 512 and 2048
// tokens, the dense layer's and those of attention. One line of JSON for each: the medians of all
// rounds in TFLOP/s, with the peak of the tile unit and its loop over tiles in L2 from the same
// rounds, and the largest difference between the two results.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <dnnl.hpp>
#include <fmt/core.h>

#include "tests/bench/machine_limits.h"

namespace {

using namespace assay;

// Of both sides: oneDNN takes as many as there are.
const int threads = static_cast<int>(std::thread::hardware_concurrency());
constexpr double weight_bytes_min = 128e6;  // of one shape: more than the caches hold
constexpr double flop_min = 4e10;           // of one timing

struct Shape {
  const char* what;
  int rows;
  int outputs;
  int inputs;

  double flop() const { return 2.0 * rows * outputs * inputs; }
  int matrices() const { return static_cast<int>(weight_bytes_min / (2.0 * outputs * inputs)) + 1; }
  int passes() const { return static_cast<int>(flop_min / (flop() * matrices())) + 1; }
};

constexpr Shape shapes[] = {{"an expert's gate or up, prompt of 512", 48, 1408, 2048},
                            {"an expert's gate or up, prompt of 2048", 192, 1408, 2048},
                            {"an expert's down, prompt of 2048", 192, 2048, 1408},
                            {"the dense layer's gate or up, prompt of 2048", 2048, 10944, 2048},
                            {"attention's output, prompt of 2048", 2048, 2048, 2048}};

float weight_at(std::size_t i) {
  return 0.01F * static_cast<float>(i % 13) - 0.05F;
}
float input_at(int row, int k) {
  return 0.1F * static_cast<float>((row * 7 + k) % 11) - 0.5F;
}

std::vector<std::uint16_t> weights_of(const Shape& s) {
  std::vector<std::uint16_t> weights(static_cast<std::size_t>(s.outputs) *
                                     static_cast<std::size_t>(s.inputs));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = kernels::to_bf16(weight_at(i));
  }
  return weights;
}

class Ours {
 public:
  Ours(const Shape& s, const std::vector<std::uint16_t>& weights)
      : shape_(s), y_(static_cast<std::size_t>(s.rows) * static_cast<std::size_t>(s.outputs)) {
    const kernels::Tensor plain{
        .dtype = kernels::Dtype::bf16, .data = weights.data(), .rows = s.outputs, .cols = s.inputs};
    for (int i = 0; i < s.matrices(); ++i) {
      weights_.push_back(kernels::pack(kernels::whole(plain)));
    }
    x_.reset(s.rows, s.inputs, kernels::Activations::bf16, {.values = false, .tiles = true});
    std::vector<float> row(static_cast<std::size_t>(s.inputs));
    for (int r = 0; r < s.rows; ++r) {
      for (int k = 0; k < s.inputs; ++k) {
        row[static_cast<std::size_t>(k)] = input_at(r, k);
      }
      x_.set(r, row.data());
    }
  }

  void operator()() {
    const kernels::Ops& ops = kernels::ops(kernels::Unit::amx);
    const int panels = weights_[0].view.panels;
    const int share = panels / threads / 2 * 2;
    bench::best_time_s(threads, 1, [&](int t) {
      const kernels::FlushDenormals flush;
      for (int pass = 0; pass < shape_.passes(); ++pass) {
        for (const kernels::PackedMatrix& w : weights_) {
          ops.linear({.w = w.view,
                      .x = x_.view(),
                      .y = y_.data(),
                      .y_stride = shape_.outputs,
                      .row_begin = 0,
                      .row_end = shape_.rows,
                      .panel_begin = t * share,
                      .panel_end = t + 1 == threads ? panels : (t + 1) * share});
        }
      }
    });
  }

  const std::vector<float>& result() const { return y_; }

 private:
  Shape shape_;
  std::vector<kernels::PackedMatrix> weights_;
  kernels::PackedRows x_;
  std::vector<float> y_;
};

class Theirs {
 public:
  Theirs(const Shape& s, std::vector<std::uint16_t> weights)
      : shape_(s),
        x_data_(static_cast<std::size_t>(s.rows) * static_cast<std::size_t>(s.inputs)),
        y_data_(static_cast<std::size_t>(s.rows) * static_cast<std::size_t>(s.outputs)) {
    using Type = dnnl::memory::data_type;
    using Tag = dnnl::memory::format_tag;
    for (int r = 0; r < s.rows; ++r) {
      for (int k = 0; k < s.inputs; ++k) {
        x_data_[static_cast<std::size_t>(r) * static_cast<std::size_t>(s.inputs) +
                static_cast<std::size_t>(k)] = kernels::to_bf16(input_at(r, k));
      }
    }
    const dnnl::memory::desc x({s.rows, s.inputs}, Type::bf16, Tag::ab);
    const dnnl::memory::desc any({s.inputs, s.outputs}, Type::bf16, Tag::any);
    const dnnl::memory::desc y({s.rows, s.outputs}, Type::f32, Tag::ab);
    const dnnl::matmul::primitive_desc plan(engine_, x, any, y);
    name_ = plan.impl_info_str();
    matmul_ = dnnl::matmul(plan);
    x_ = dnnl::memory(x, engine_, x_data_.data());
    y_ = dnnl::memory(y, engine_, y_data_.data());
    dnnl::memory plain({{s.inputs, s.outputs}, Type::bf16, Tag::ba}, engine_, weights.data());
    for (int i = 0; i < s.matrices(); ++i) {
      weights_.emplace_back(plan.weights_desc(), engine_);
      dnnl::reorder(plain, weights_.back()).execute(stream_, plain, weights_.back());
    }
    stream_.wait();
  }

  void operator()() {
    for (int pass = 0; pass < shape_.passes(); ++pass) {
      for (const dnnl::memory& w : weights_) {
        matmul_.execute(stream_, {{DNNL_ARG_SRC, x_}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, y_}});
      }
    }
    stream_.wait();
  }

  const std::vector<float>& result() const { return y_data_; }
  const std::string& name() const { return name_; }

 private:
  Shape shape_;
  std::vector<std::uint16_t> x_data_;
  std::vector<float> y_data_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  dnnl::matmul matmul_;
  dnnl::memory x_;
  dnnl::memory y_;
  std::vector<dnnl::memory> weights_;
  std::string name_;
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

template <class Work>
double tflops(const Shape& s, Work& work) {
  const double start = bench::now_s();
  work();
  return s.flop() * s.matrices() * s.passes() / (bench::now_s() - start) / 1e12;
}

void compare(const Shape& s, int rounds) {
  const std::vector<std::uint16_t> weights = weights_of(s);
  Ours ours(s, weights);
  Theirs theirs(s, weights);
  ours();
  theirs();
  double apart = 0;
  for (std::size_t i = 0; i < ours.result().size(); ++i) {
    apart = std::max<double>(apart, std::fabs(ours.result()[i] - theirs.result()[i]));
  }
  std::vector<double> rates[4];
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    rates[0].push_back(tflops(s, ours));
    rates[1].push_back(tflops(s, theirs));
    rates[2].push_back(bench::peak_flops(kernels::Unit::amx, threads) / 1e12);
    rates[3].push_back(bench::tile_loop_flops(threads) / 1e12);
    ratios.push_back(rates[0].back() / rates[1].back());
  }
  fmt::print(
      "{{\"what\": \"{}\", \"rows\": {}, \"outputs\": {}, \"inputs\": {}, \"rounds\": {}, "
      "\"ours\": {:.3f}, \"onednn\": {:.3f}, \"ratio\": {:.2f}, \"peak\": {:.3f}, "
      "\"tile_loop_in_l2\": {:.3f}, \"apart\": {:.2g}, \"onednn_form\": \"{}\"}}\n",
      s.what, s.rows, s.outputs, s.inputs, rounds, median(rates[0]), median(rates[1]),
      median(ratios), median(rates[2]), median(rates[3]), apart, theirs.name());
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  if (!kernels::supported(kernels::Unit::amx)) {
    fmt::print(stderr, "bench_linear_onednn: this processor has no tile unit\n");
    return 1;
  }
  const dnnl_version_t* version = dnnl::version();
  fmt::print("{{\"peer\": \"oneDNN {}.{}.{}\", \"threads\": {}}}\n", version->major, version->minor,
             version->patch, threads);
  for (const Shape& shape : shapes) {
    compare(shape, count > 1 ? std::atoi(arguments[1]) : 15);
  }
}
