// Blocks of values that share bytes: see storage.h.
//
// Values are visited in the order of the nodes. Each begins as a block of its own; a Reshape joins
// its input's block; a Concat takes its inputs' blocks in, each moved to its place in the output. A
// Concat over the channels of several pixels pulls its inputs' pixels apart, so nothing in them may
// need to be contiguous: network ports, reshaped values, and what a node reads as a whole.
#include "plan/storage.h"

#include <algorithm>
#include <set>

#include "support/check.h"

namespace thimble::plan {
namespace {

class Resolver {
 public:
  Resolver(const ir::Graph &graph, const Options &options) : graph_(graph), options_(options) {
    const std::size_t values = graph.values().size();
    contiguous_.assign(values, false);
    storage_.layouts.resize(values);
    storage_.parts.resize(values);
    storage_.is_view.assign(graph.nodes().size(), false);
  }

  Result<Storage> run() {
    if (Diagnostics errors = find_unsupported(); !errors.empty()) return errors;
    find_contiguous();
    for (const ir::Port &port : graph_.inputs()) add_tensor(port.value, -1);
    for (int node = 0; node < static_cast<int>(graph_.nodes().size()); ++node) add_node(node);
    if (!errors_.empty()) return errors_;
    find_ringable();
    return std::move(storage_);
  }

 private:
  static std::optional<ops::View> view_of(const ir::Graph &graph, const ir::Node &node) {
    const ops::Operator &op = ops::operator_of(node);
    return op.view ? op.view(graph, node) : std::nullopt;
  }

  Diagnostics find_unsupported() const {
    Diagnostics errors;
    for (const ir::Node &node : graph_.nodes()) {
      Diagnostic error;
      if (node.outputs.size() != 1) {
        error = model_error("has " + std::to_string(node.outputs.size()) + " outputs",
                            "the memory plan knows operators with one");
      } else if (ops::operator_of(node).modes == nullptr && !view_of(graph_, node)) {
        error = model_error("cannot be planned", "it has no way to be run row by row");
      } else {
        continue;
      }
      error.node = node.name;
      error.op = node.op;
      errors.push_back(std::move(error));
    }
    return errors;
  }

  void find_contiguous() {
    for (const ir::Port &port : graph_.inputs()) contiguous_[port.value] = true;
    for (const ir::Port &port : graph_.outputs()) contiguous_[port.value] = true;
    for (const ir::Node &node : graph_.nodes()) {
      if (const auto view = view_of(graph_, node)) {
        if (view->kind != ops::View::Kind::kReshape) continue;
        contiguous_[node.inputs[0]] = contiguous_[node.outputs[0]] = true;
        continue;
      }
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        if (ops::reads_whole_rows(graph_, node, i)) contiguous_[node.inputs[i]] = true;
    }
  }

  void add_node(int index) {
    const ir::Node &node = graph_.node(index);
    const auto view = view_of(graph_, node);
    if (view && view->kind == ops::View::Kind::kReshape) {
      add_reshape(node);
    } else if (view && can_merge(node, *view)) {
      add_concat(node, *view);
    } else {
      if (ops::operator_of(node).modes == nullptr) report_unmergeable(node);
      add_tensor(node.outputs[0], index);
      return;
    }
    storage_.is_view[index] = true;
  }

  void report_unmergeable(const ir::Node &node) {
    Diagnostic error = model_error("an input cannot lie inside the output",
                                   "it is read or handed over in another form elsewhere",
                                   "put a Copy before this input");
    error.node = node.name;
    error.op = node.op;
    errors_.push_back(std::move(error));
  }

  void add_tensor(ir::ValueId value, int producer) {
    const ir::Type &type = graph_.value(value).type;
    Tensor tensor;
    tensor.value = value;
    tensor.rows = type.shape.rows;
    tensor.cols = type.shape.cols;
    tensor.row_bytes = type.row_bytes();
    tensor.pixel_bytes = type.pixel_bytes();
    tensor.element_bytes = ir::element_bytes(type.dtype);
    tensor.producer = producer;
    tensor.streamed_in = producer < 0 && options_.stream_in;
    tensor.wanted.assign(tensor.rows, false);
    Part part;
    part.tensor = static_cast<int>(storage_.tensors.size());
    for (int row = 0; row < tensor.rows; ++row) part.rows.push_back({row, row + 1});
    storage_.parts[value] = {part};
    storage_.tensors.push_back(std::move(tensor));
    add_block(value);
  }

  int add_block(ir::ValueId value) {
    const ir::Type &type = graph_.value(value).type;
    const int block = static_cast<int>(storage_.blocks.size());
    storage_.blocks.push_back(
        {{value}, type.shape.rows, type.row_bytes(), ir::element_bytes(type.dtype), false});
    storage_.layouts[value] = {block, 0, type.row_bytes(), type.pixel_bytes()};
    return block;
  }

  void add_reshape(const ir::Node &node) {
    const ir::ValueId from = node.inputs[0], to = node.outputs[0];
    const ir::Type &type = graph_.value(to).type;
    const ir::Type &from_type = graph_.value(from).type;
    const Layout &layout = storage_.layouts[from];
    storage_.layouts[to] = {layout.block, layout.offset, type.row_bytes(), type.pixel_bytes()};
    storage_.blocks[layout.block].values.push_back(to);
    for (const Part &part : storage_.parts[from]) {
      Part view = part;
      view.same_pixels = part.same_pixels && type.shape == from_type.shape;
      view.rows.clear();
      for (std::int64_t row = 0; row < type.shape.rows; ++row) {
        const std::int64_t lo = row * type.row_bytes(), hi = lo + type.row_bytes();
        const std::int64_t from_row = from_type.row_bytes();
        view.rows.push_back(rows_of_part(part, {static_cast<int>(lo / from_row),
                                                static_cast<int>((hi + from_row - 1) / from_row)}));
      }
      storage_.parts[to].push_back(std::move(view));
    }
  }

  // Can every input lie inside the output?
  bool can_merge(const ir::Node &node, const ops::View &view) const {
    const ir::Shape &shape = graph_.value(node.outputs[0]).type.shape;
    const bool pulled_apart =
        view.kind == ops::View::Kind::kConcatChannels && shape.rows * shape.cols > 1;
    std::set<int> blocks;
    for (ir::ValueId input : node.inputs) {
      const int block = storage_.layouts[input].block;
      if (!blocks.insert(block).second || !fills_its_block(input)) return false;
      if (!pulled_apart) continue;
      for (ir::ValueId value : storage_.blocks[block].values) {
        const ir::Shape &inside = graph_.value(value).type.shape;
        if (contiguous_[value] || inside.rows != shape.rows || inside.cols != shape.cols)
          return false;
      }
    }
    return true;
  }

  bool fills_its_block(ir::ValueId value) const {
    const Layout &layout = storage_.layouts[value];
    const Block &block = storage_.blocks[layout.block];
    const ir::Type &type = graph_.value(value).type;
    return layout.offset == 0 && layout.row_pitch == type.row_bytes() &&
           layout.pixel_pitch == type.pixel_bytes() && type.bytes() == block.rows * block.row_pitch;
  }

  void add_concat(const ir::Node &node, const ops::View &view) {
    const ir::ValueId output = node.outputs[0];
    const ir::Type &type = graph_.value(output).type;
    const int block = add_block(output);
    const bool by_rows = view.kind == ops::View::Kind::kConcatRows;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const std::int64_t offset =
          view.offsets[i] * (by_rows ? type.row_bytes() : ir::element_bytes(type.dtype));
      move_block(storage_.layouts[node.inputs[i]].block, block, offset,
                 by_rows || type.shape.rows * type.shape.cols == 1);
      for (const Part &part : storage_.parts[node.inputs[i]])
        storage_.parts[output].push_back(by_rows
                                             ? shifted_rows(part, view.offsets[i], type.shape.rows)
                                             : shifted_channels(part, view.offsets[i]));
    }
  }

  // Puts the values of a block into another one, pitches kept or taken from the new one.
  void move_block(int from, int to, std::int64_t offset, bool keep_pitches) {
    for (ir::ValueId value : storage_.blocks[from].values) {
      Layout &layout = storage_.layouts[value];
      layout.block = to;
      layout.offset += offset;
      if (!keep_pitches) {
        layout.row_pitch = storage_.layouts[storage_.blocks[to].values[0]].row_pitch;
        layout.pixel_pitch = storage_.layouts[storage_.blocks[to].values[0]].pixel_pitch;
      }
      storage_.blocks[to].values.push_back(value);
    }
    storage_.blocks[to].alignment =
        std::max(storage_.blocks[to].alignment, storage_.blocks[from].alignment);
    storage_.blocks[from] = {};
  }

  static Part shifted_rows(const Part &part, int shift, int rows) {
    Part shifted = part;
    shifted.rows.assign(rows, {});
    std::copy(part.rows.begin(), part.rows.end(), shifted.rows.begin() + shift);
    return shifted;
  }

  static Part shifted_channels(Part part, int channels) {
    part.channel_offset += channels;
    return part;
  }

  void find_ringable() {
    for (Block &block : storage_.blocks) {
      block.ringable =
          std::all_of(block.values.begin(), block.values.end(), [&](ir::ValueId value) {
            const Layout &layout = storage_.layouts[value];
            return layout.row_pitch == block.row_pitch && layout.offset < block.row_pitch &&
                   graph_.value(value).type.shape.rows == block.rows;
          });
    }
  }

  const ir::Graph &graph_;
  const Options &options_;
  std::vector<bool> contiguous_;  // by ValueId: pixels and rows must touch
  Storage storage_;
  Diagnostics errors_;
};

}  // namespace

Range rows_of_part(const Part &part, Range range) {
  Range hull;
  for (int row = range.lo; row < range.hi; ++row) {
    const Range &rows = part.rows[row];
    if (rows.lo >= rows.hi) continue;
    hull =
        hull.lo == hull.hi ? rows : Range{std::min(hull.lo, rows.lo), std::max(hull.hi, rows.hi)};
  }
  return hull;
}

Result<Storage> resolve_views(const ir::Graph &graph, const Options &options) {
  return Resolver(graph, options).run();
}

}  // namespace thimble::plan
