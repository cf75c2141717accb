// A stage of a forward pass: linear layers side by side, cut into tasks for the workers.
#pragma once

#include <vector>

#include "kernels/ops.h"
#include "kernels/workers.h"

namespace assay::engine {

inline constexpr kernels::Sides both_sides{.values = true, .tiles = true};

// The rows that enter linear layers, in each of the forms that some layer needs.
class StageRows {
 public:
  struct Needs {
    bool planes = false;  // the form asked for
    bool raw = false;     // f32

    // Adds what this matrix reads where `wanted` is asked for.
    void add(const kernels::PackedMatrix& matrix, kernels::Activations wanted);
  };
  struct Form {
    kernels::Activations activations = kernels::Activations::f32;
    kernels::Sides sides;
  };

  // `sides` are those of the planes; f32 rows are always values.
  void reset(int rows, int cols, Needs needs, const Form& form);
  // From several threads, one row each; in the sides named, or in all there are.
  void set(int row, const float* values, kernels::Sides sides = both_sides);
  void copy(int row, const StageRows& other, int from, kernels::Sides sides = both_sides);
  kernels::RowsView view(kernels::Dtype weight) const;

 private:
  Needs needs_;
  kernels::PackedRows planes_;
  kernels::PackedRows raw_;
};

// y = x w for some rows of x.
struct LinearJob {
  const kernels::PackedMatrix* w = nullptr;
  const StageRows* x = nullptr;
  int first_row = 0;   // of x; a multiple of 16 where the rows are read as tiles
  int rows = 0;        // 0: nothing to do
  float* y = nullptr;  // of the first row
  std::int64_t y_stride = 0;
};

// What the jobs read and compute is added to *bytes and *flop.
struct StageCost {
  double bytes = 0;
  double flop = 0;
};
void run_linear(const std::vector<LinearJob>& jobs, const kernels::Ops& ops,
                kernels::Workers& workers, StageCost& cost);

}  // namespace assay::engine
