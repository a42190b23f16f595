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
  Resolver(const ir::Graph &graph, const Behaviours &behaviours, const Options &options)
      : graph_(graph), behaviours_(behaviours), options_(options) {
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
    if (options_.borrow_input) lend_inputs();
    for (int node = 0; node < static_cast<int>(graph_.nodes().size()); ++node) add_node(node);
    find_lent_outputs();
    if (!errors_.empty()) return errors_;
    find_ringable();
    return std::move(storage_);
  }

 private:
  Diagnostics find_unsupported() const {
    Diagnostics errors;
    for (std::size_t i = 0; i < graph_.nodes().size(); ++i) {
      const ir::Node &node = graph_.nodes()[i];
      Diagnostic error;
      if (node.outputs.size() != 1) {
        error = model_error("has " + std::to_string(node.outputs.size()) + " outputs",
                            "the memory plan knows operators with one");
      } else if (behaviours_[i].modes.empty() && !behaviours_[i].view) {
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
    for (std::size_t n = 0; n < graph_.nodes().size(); ++n) {
      const ir::Node &node = graph_.nodes()[n];
      if (const auto &view = behaviours_[n].view) {
        if (view->kind != ops::View::Kind::kReshape) continue;
        contiguous_[node.inputs[0]] = contiguous_[node.outputs[0]] = true;
        continue;
      }
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        if (ops::reads_whole_rows(behaviours_[n].modes, i)) contiguous_[node.inputs[i]] = true;
    }
  }

  void lend_inputs() {
    for (std::size_t port = 0; port < graph_.inputs().size(); ++port) {
      const ir::ValueId value = graph_.inputs()[port].value;
      storage_.tensors[storage_.parts[value][0].tensor].borrowed = true;
      storage_.blocks[storage_.layouts[value].block].port = static_cast<int>(port);
    }
  }

  bool is_lent(ir::ValueId value) const {
    return storage_.blocks[storage_.layouts[value].block].port >= 0;
  }

  // An output lies in the arena.
  void find_lent_outputs() {
    for (const ir::Port &port : graph_.outputs())
      if (is_lent(port.value))
        errors_.push_back(model_error(
            "output '" + graph_.value(port.value).name + "' is an input that stays with the caller",
            "nothing writes it, and it is not in the arena", "put a Copy before this output"));
  }

  void add_node(int index) {
    const ir::Node &node = graph_.node(index);
    const auto &view = behaviours_[index].view;
    if (view && view->kind == ops::View::Kind::kReshape) {
      add_reshape(node);
    } else if (view && view->kind == ops::View::Kind::kColumns) {
      add_columns(node, view->offsets[0]);
    } else if (view && can_merge(node, *view)) {
      add_concat(node, *view);
    } else {
      if (behaviours_[index].modes.empty()) report_unmergeable(node);
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

  void add_columns(const ir::Node &node, int begin) {
    const ir::ValueId from = node.inputs[0], to = node.outputs[0];
    storage_.layouts[to] = storage_.layouts[from];
    storage_.layouts[to].offset += begin * storage_.layouts[from].pixel_pitch;
    storage_.blocks[storage_.layouts[from].block].values.push_back(to);
    for (Part part : storage_.parts[from]) {
      part.column_offset += begin;
      part.all_columns &= graph_.value(to).type.shape == graph_.value(from).type.shape;
      storage_.parts[to].push_back(std::move(part));
    }
  }

  // Can every input lie inside the output?
  bool can_merge(const ir::Node &node, const ops::View &view) const {
    const ir::Shape &shape = graph_.value(node.outputs[0]).type.shape;
    const bool pulled_apart =
        (view.kind == ops::View::Kind::kConcatChannels && shape.rows * shape.cols > 1) ||
        (view.kind == ops::View::Kind::kConcatColumns && shape.rows > 1);
    const bool by_columns = view.kind == ops::View::Kind::kConcatColumns;
    std::set<int> blocks;
    for (ir::ValueId input : node.inputs) {
      const int block = storage_.layouts[input].block;
      if (!blocks.insert(block).second || !fills_its_block(input) || is_lent(input)) return false;
      if (!pulled_apart) continue;
      for (ir::ValueId value : storage_.blocks[block].values) {
        const ir::Shape &inside = graph_.value(value).type.shape;
        if (contiguous_[value] || inside.rows != shape.rows ||
            (inside.cols != shape.cols && !by_columns))
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
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const ir::ValueId input = node.inputs[i];
      const int at = view.offsets[i];
      switch (view.kind) {
        case ops::View::Kind::kConcatRows:
          move_block(storage_.layouts[input].block, block, at * type.row_bytes(), true);
          for (const Part &part : storage_.parts[input])
            storage_.parts[output].push_back(shifted_rows(part, at, type.shape.rows));
          break;
        case ops::View::Kind::kConcatColumns:
          move_block(storage_.layouts[input].block, block, at * type.pixel_bytes(), false);
          for (const Part &part : storage_.parts[input])
            storage_.parts[output].push_back(of_other_pixels(part));
          break;
        default:
          move_block(storage_.layouts[input].block, block, at * ir::element_bytes(type.dtype),
                     type.shape.rows * type.shape.cols == 1);
          for (const Part &part : storage_.parts[input])
            storage_.parts[output].push_back(shifted_channels(part, at));
      }
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

  static Part of_other_pixels(Part part) {
    part.same_pixels = false;
    return part;
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
  const Behaviours &behaviours_;
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

Result<Storage> resolve_views(const ir::Graph &graph, const Behaviours &behaviours,
                              const Options &options) {
  return Resolver(graph, behaviours, options).run();
}

}  // namespace thimble::plan
