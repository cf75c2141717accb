#include "backends/engine/stage.h"

#include <algorithm>

namespace assay::engine {

using kernels::Activations;
using kernels::Dtype;

namespace {

// Work, in multiply-adds at memory speed, below which cutting costs more than it brings.
constexpr double task_bytes_min = 128.0 * 1024;
constexpr int tasks_per_thread = 8;

bool uses_planes(Dtype dtype, Activations wanted) {
  return form_for(dtype, wanted) != Activations::f32;
}

}  // namespace

void StageRows::Needs::add(const kernels::PackedMatrix& matrix, Activations wanted) {
  if (!matrix.empty()) {
    (uses_planes(matrix.view.dtype, wanted) ? planes : raw) = true;
  }
}

void StageRows::reset(int rows, int cols, Needs needs, const Form& form) {
  needs_ = needs;
  if (needs.planes) {
    planes_.reset(rows, cols, form.activations, form.sides);
  }
  if (needs.raw) {
    raw_.reset(rows, cols, Activations::f32, {});
  }
}

void StageRows::set(int row, const float* values, kernels::Sides sides) {
  if (needs_.planes) {
    planes_.set(row, values, sides);
  }
  if (needs_.raw) {
    raw_.set(row, values);
  }
}

void StageRows::copy(int row, const StageRows& other, int from, kernels::Sides sides) {
  if (needs_.planes) {
    planes_.copy(row, other.planes_, from, sides);
  }
  if (needs_.raw) {
    raw_.copy(row, other.raw_, from);
  }
}

kernels::RowsView StageRows::view(Dtype weight) const {
  const bool raw = !needs_.planes || !uses_planes(weight, planes_.form());
  return raw ? raw_.view() : planes_.view();
}

void run_linear(const std::vector<LinearJob>& jobs, const kernels::Ops& ops,
                kernels::Workers& workers, StageCost& cost) {
  double work = 0;  // weight bytes, more where many rows share them
  const auto work_of = [](const LinearJob& job) {
    return static_cast<double>(job.w->bytes()) * (1 + job.rows / 8.0);
  };
  for (const LinearJob& job : jobs) {
    if (job.rows > 0) {
      work += work_of(job);
      cost.bytes += static_cast<double>(job.w->bytes());
      cost.flop += 2.0 * job.rows * job.w->view.rows * job.w->view.cols;
    }
  }
  const double task_work = std::max(task_bytes_min, work / (workers.threads() * tasks_per_thread));
  std::vector<kernels::Linear> tasks;
  for (const LinearJob& job : jobs) {
    if (job.rows == 0) {
      continue;
    }
    const kernels::PackedView& w = job.w->view;
    const double per_panel = work_of(job) / w.panels;
    // An even number, so that the tile unit finds its panels in pairs.
    const int step = std::max(1, static_cast<int>(task_work / per_panel / 2)) * 2;
    for (int panel = 0; panel < w.panels; panel += step) {
      tasks.push_back({.w = w,
                       .x = skip_rows(job.x->view(w.dtype), job.first_row),
                       .y = job.y,
                       .y_stride = job.y_stride,
                       .row_begin = 0,
                       .row_end = job.rows,
                       .panel_begin = panel,
                       .panel_end = std::min(panel + step, w.panels)});
    }
  }
  if (work < 2 * task_bytes_min) {  // waking others would take longer
    workers.run(1, [&](int) {
      for (const kernels::Linear& task : tasks) {
        ops.linear(task);
      }
    });
    return;
  }
  workers.run(static_cast<int>(tasks.size()),
              [&](int i) { ops.linear(tasks[static_cast<std::size_t>(i)]); });
}

}  // namespace assay::engine
