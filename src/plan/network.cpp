// Tasks from Access: see network.h. Reads of views become reads of the tensors that the views
// consist of; a fused pair reads what its producer reads for the sink's window.
#include "plan/network.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::plan {
namespace {

// Of a read through `part`, column by column: what is left of a dying row while the output is
// written over it.
Dying dying_by_column(const ops::Mode &mode, const Part &part) {
  switch (mode.order) {
    case ops::WriteOrder::kAnywhere:
      return Dying::kWholeRow;
    case ops::WriteOrder::kPixel:
      return Dying::kFromNextColumn;
    case ops::WriteOrder::kElement:
      // Channel c of the value is another channel of the tensor: only pixels are in step.
      return part.channel_offset == 0 ? Dying::kElements : Dying::kFromOwnColumn;
  }
  return Dying::kWholeRow;
}

Dying dying_of(const ops::Mode &mode, const ops::Access &access, const Part &part) {
  if (access.kind != ops::AccessKind::kWindow || access.cols.empty() || !part.same_pixels)
    return Dying::kWholeRow;
  return dying_by_column(mode, part);
}

Range output_reads(const ops::Access &access, int row, int input_rows) {
  if (access.kind == ops::AccessKind::kWhole) return {0, input_rows};
  return access.rows[row];
}

// Windows of one row are of one pixel. Of larger ones the first row dies with the window: the new
// one takes its place. They cover the row to its end, so that the new row gets complete.
bool slides(const Read &read, const Tensor &tensor) {
  if (read.cols.empty() || read.cols.back().hi != tensor.cols) return false;
  int rows = 0, cols = 0;
  for (const Range &window : read.rows) rows = std::max(rows, window.hi - window.lo);
  for (const Range &window : read.cols) cols = std::max(cols, window.hi - window.lo);
  const auto is_empty = [](const Range &window) { return window.lo >= window.hi; };
  if (rows < 1 || (rows == 1 && cols > 1) ||
      std::any_of(read.rows.begin(), read.rows.end(), is_empty) ||
      std::any_of(read.cols.begin(), read.cols.end(), is_empty))
    return false;
  for (std::size_t y = 0; y + 1 < read.rows.size(); ++y)
    if (read.rows[y].hi - read.rows[y].lo == rows && read.rows[y + 1].lo == read.rows[y].lo)
      return false;
  return true;
}

// Reads of one node input by output row.
void add_row_reads(const Storage &storage, const ops::Mode &mode, const ops::Access &access,
                   ir::ValueId value, const ir::Shape &input, int output_rows,
                   std::vector<Read> &reads) {
  for (const Part &part : storage.parts[value]) {
    if (storage.tensors[part.tensor].borrowed) continue;  // always there
    Read read;
    read.tensor = part.tensor;
    for (int row = 0; row < output_rows; ++row)
      read.rows.push_back(rows_of_part(part, output_reads(access, row, input.rows)));
    const Tensor &tensor = storage.tensors[part.tensor];
    if (part.same_pixels)
      for (const Range &cols : access.cols)
        read.cols.push_back({cols.lo + part.column_offset, cols.hi + part.column_offset});
    read.dying = dying_of(mode, access, part);
    if (input.rows * input.cols == 1 && mode.order == ops::WriteOrder::kPixel) {
      read.cols = {{0, tensor.cols}};  // all of it is read before any is written
      read.dying = Dying::kFromNextColumn;
    }
    read.of_columns = !part.all_columns;
    read.slides = part.all_columns && slides(read, tensor);
    reads.push_back(std::move(read));
  }
}

void add_fold_reads(const Storage &storage, const ops::Mode &mode, const ops::Access &access,
                    ir::ValueId value, int fold_rows, std::vector<Read> &reads) {
  for (const Part &part : storage.parts[value]) {
    if (storage.tensors[part.tensor].borrowed) continue;
    Read read;
    read.tensor = part.tensor;
    read.rows.assign(part.rows.begin(), part.rows.begin() + fold_rows);
    const Tensor &tensor = storage.tensors[part.tensor];
    if (access.by_columns && part.same_pixels && part.all_columns) {
      for (int col = 0; col < tensor.cols; ++col) read.cols.push_back({col, col + 1});
      read.slides = slides(read, tensor);
      if (mode.in_output) read.dying = dying_by_column(mode, part);
    }
    reads.push_back(std::move(read));
  }
}

// Windows leave out no row but those behind the last.
int rows_to_fold(const ops::Access &access, int input_rows) {
  return access.rows.empty() ? input_rows : access.rows.back().hi;
}

// Which rows of the output each folded one is folded into, and what sets each column.
void fold_in_output(const ops::Access &access, Task &task) {
  task.folds_into.resize(task.fold_rows);
  for (int y = 0; y < task.rows; ++y)
    for (int row = access.rows[y].lo; row < access.rows[y].hi; ++row) {
      Range &into = task.folds_into[row];
      into = {into.lo < into.hi ? into.lo : y, y + 1};
    }
  for (const Range &cols : access.cols) task.set_by.push_back(cols.lo);
}

Task make_task(const ir::Graph &graph, const Storage &storage, ir::NodeId id, int mode_index,
               const ops::Mode &mode) {
  const ir::Node &node = graph.node(id);
  Task task;
  task.sink = id;
  task.sink_mode = mode_index;
  task.output = storage.parts[node.outputs[0]][0].tensor;
  task.rows = graph.value(node.outputs[0]).type.shape.rows;
  task.state_bytes = mode.state_bytes;
  if (mode.ends_in_order)
    task.sum_bytes = mode.state_bytes / graph.value(node.outputs[0]).type.shape.elements();
  task.sink_workspace_bytes = mode.workspace_bytes;
  task.sink_alignment = mode.alignment;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const ops::Access &access = mode.inputs[i];
    const int input_rows = graph.value(node.inputs[i]).type.shape.rows;
    task.carries |= access.kind == ops::AccessKind::kCarry;
    if (access.kind == ops::AccessKind::kAccumulate) {
      const int fold_rows = rows_to_fold(access, input_rows);
      CHECK(task.fold_rows == 0 || task.fold_rows == fold_rows,
            "node '" + node.name + "' folds inputs of different rows");
      task.fold_rows = fold_rows;
      for (const Range &rows : access.rows) task.folds_before.push_back(rows.hi);
      add_fold_reads(storage, mode, access, node.inputs[i], fold_rows, task.fold_reads);
      if (mode.in_output) fold_in_output(access, task);
    } else {
      add_row_reads(storage, mode, access, node.inputs[i], graph.value(node.inputs[i]).type.shape,
                    task.rows, task.reads);
    }
  }
  return task;
}

// Windows [x * width, (x + 1) * width): each column of the tile has one place, at its beginning.
bool tiles_columns(const std::vector<Range> &cols) {
  if (cols.empty()) return false;
  const int width = cols[0].hi;
  for (int x = 0; x < static_cast<int>(cols.size()); ++x)
    if (cols[x] != Range{x * width, (x + 1) * width}) return false;
  return width > 0;
}

bool disjoint(const std::vector<Range> &rows) {
  int end = 0;
  for (const Range &range : rows) {
    if (range.lo >= range.hi || range.lo < end) return false;
    end = range.hi;
  }
  return true;
}

bool is_plain(const ops::Mode &mode) {
  return mode.state_bytes == 0 &&
         std::all_of(mode.inputs.begin(), mode.inputs.end(), [](const ops::Access &access) {
           return access.kind == ops::AccessKind::kWindow || access.kind == ops::AccessKind::kWhole;
         });
}

Range hull(const std::vector<Range> &ranges, Range of) {
  Range all;
  for (int i = of.lo; i < of.hi; ++i) {
    if (ranges[i].lo >= ranges[i].hi) continue;
    all = all.lo == all.hi ? ranges[i]
                           : Range{std::min(all.lo, ranges[i].lo), std::max(all.hi, ranges[i].hi)};
  }
  return all;
}

// What the producer reads for each row and column of the sink.
Read compose(const Read &read, const Tensor &tensor, const ops::Access &window) {
  Read composed;
  composed.tensor = read.tensor;
  composed.of_columns = read.of_columns;
  for (const Range &rows : window.rows) composed.rows.push_back(hull(read.rows, rows));
  if (read.cols.empty()) return composed;
  for (const Range &cols : window.cols) composed.cols.push_back(hull(read.cols, cols));
  composed.dying = Dying::kFromNextColumn;  // the producer is done before the sink writes
  composed.slides = !read.of_columns && slides(composed, tensor);
  return composed;
}

// The sink is called for one column at a time, so that pixels ascend whatever it promises.
Dying column_by_column(const Read &read) {
  if (read.cols.empty()) return Dying::kWholeRow;
  return read.dying == Dying::kWholeRow ? Dying::kFromOwnColumn : read.dying;
}

Task fuse(const Task &producer, const Task &sink, const ops::Access &window,
          const ir::Type &tile_type, const std::vector<Tensor> &tensors) {
  Task task = sink;
  task.producer = producer.sink;
  task.producer_mode = producer.sink_mode;
  task.producer_workspace_bytes = producer.sink_workspace_bytes;
  task.producer_alignment = producer.sink_alignment;
  task.tile_tensor = producer.output;
  for (const Range &rows : window.rows)
    task.tile_rows = std::max(task.tile_rows, rows.hi - rows.lo);
  task.tile_cols = window.cols[0].hi;
  task.tile_bytes = task.tile_rows * task.tile_cols * tile_type.pixel_bytes();
  task.reads.clear();
  for (const Read &read : producer.reads)
    task.reads.push_back(compose(read, tensors[read.tensor], window));
  for (Read read : sink.reads) {
    if (read.tensor == producer.output) continue;
    read.dying = column_by_column(read);
    task.reads.push_back(std::move(read));
  }
  return task;
}

// The producer's pixels are folded in as they are made.
Task fuse_fold(const Task &producer, const Task &sink, const ir::Type &type) {
  Task task = sink;
  task.producer = producer.sink;
  task.producer_mode = producer.sink_mode;
  task.producer_workspace_bytes = producer.sink_workspace_bytes;
  task.producer_alignment = producer.sink_alignment;
  task.tile_tensor = producer.output;
  task.tile_rows = task.tile_cols = 1;
  task.tile_bytes = type.pixel_bytes();
  task.fold_reads = producer.reads;
  for (Read &read : task.fold_reads)  // the producer is done before the sink writes
    read.dying = read.cols.empty() ? Dying::kWholeRow : Dying::kFromNextColumn;
  return task;
}

// The sink folds in the output, block by block: each of a block's pixels as the producer makes it,
// so that of the block one pixel is kept. Of what the producer reads, all is still to be read when
// the first of them sets the output.
Task fuse_block(const Task &producer, const Task &sink, const ops::Access &window,
                const ir::Type &tile_type, const std::vector<Tensor> &tensors) {
  Task task = fuse(producer, sink, window, tile_type, tensors);
  task.fold_rows = 0;
  task.folds_before.clear();
  task.fold_reads.clear();
  task.folds_into.clear();
  task.set_by.clear();
  task.tile_rows = task.tile_cols = 1;
  task.tile_bytes = tile_type.pixel_bytes();
  for (Read &read : task.reads)
    if (!read.cols.empty()) read.dying = Dying::kFromOwnColumn;
  return task;
}

class Builder {
 public:
  Builder(const ir::Graph &graph, const Behaviours &behaviours, const Options &options,
          Storage storage)
      : graph_(graph), behaviours_(behaviours), options_(options) {
    network_.storage = std::move(storage);
    stage_of_.assign(graph.nodes().size(), -1);
  }

  Network run(const std::vector<ir::NodeId> &order) {
    for (int i = 0; i < static_cast<int>(graph_.nodes().size()); ++i)
      if (order.empty() && !network_.storage.is_view[i]) add_stage(i);
    for (ir::NodeId node : order) add_stage(node);
    drop_folds_of_kept_rows();
    for (Stage &stage : network_.stages) add_fused(stage);
    for (Stage &stage : network_.stages) add_lines(stage);
    find_wanted();
    drop_gapped_sums();
    for (int port = 0; port < static_cast<int>(graph_.outputs().size()); ++port) add_emit(port);
    if (options_.stream_in)
      for (int port = 0; port < static_cast<int>(graph_.inputs().size()); ++port) add_fill(port);
    return std::move(network_);
  }

 private:
  void add_stage(int node) {
    Stage stage;
    stage.node = node;
    for (int i = 0; i < static_cast<int>(modes_of(node).size()); ++i)
      stage.alone.push_back(make_task(graph_, network_.storage, node, i, modes_of(node)[i]));
    stage_of_[node] = static_cast<int>(network_.stages.size());
    network_.stages.push_back(std::move(stage));
  }

  // Rows that others read, too, wait for those: nothing is won by folding them early.
  void drop_folds_of_kept_rows() {
    for (Stage &stage : network_.stages) {
      const std::vector<ir::ValueId> &inputs = graph_.node(stage.node).inputs;
      std::erase_if(stage.alone, [&](const Task &task) {
        return !task.folds_into.empty() && only_reader(inputs[0]) != stage_of_[stage.node];
      });
    }
  }

  const std::vector<ops::Mode> &modes_of(int node) const { return behaviours_[node].modes; }

  void add_fused(Stage &stage) {
    if (options_.layer_by_layer || options_.keep_all || options_.whole_rows) return;
    const ir::ValueId value = graph_.node(stage.node).outputs[0];
    const int reader = only_reader(value);
    if (reader < 0) return;
    const ir::NodeId reader_node = network_.stages[reader].node;
    const std::vector<ir::ValueId> &inputs = graph_.node(reader_node).inputs;
    if (std::count(inputs.begin(), inputs.end(), value) != 1) return;
    const std::size_t input = std::find(inputs.begin(), inputs.end(), value) - inputs.begin();
    for (const Task &sink : network_.stages[reader].alone) {
      const ops::Mode &sink_mode = modes_of(reader_node)[sink.sink_mode];
      const ops::Access &window = sink_mode.inputs[input];
      const ir::Type &type = graph_.value(value).type;
      const std::vector<Tensor> &tensors = network_.storage.tensors;
      if (sink_mode.by_rows) continue;
      const bool in_blocks = tiles_columns(window.cols) && disjoint(window.rows);
      for (const Task &producer : stage.alone) {
        const ops::Mode &mode = modes_of(stage.node)[producer.sink_mode];
        if (!is_plain(mode) || mode.by_rows) continue;
        if (!sink.folds_before.empty() && inputs.size() == 1)
          stage.fused.push_back(fuse_fold(producer, sink, type));
        if (sink_mode.in_output && in_blocks)
          stage.fused.push_back(fuse_block(producer, sink, window, type, tensors));
        if (is_plain(sink_mode) && window.kind == ops::AccessKind::kWindow && in_blocks)
          stage.fused.push_back(fuse(producer, sink, window, type, tensors));
      }
    }
    if (!stage.fused.empty()) stage.fused_with = reader;
  }

  // The stage that alone reads the value, which lies in a block of its own; or -1.
  int only_reader(ir::ValueId value) const {
    const int block = network_.storage.layouts[value].block;
    const std::vector<ir::NodeId> readers = graph_.consumers(value);
    if (graph_.is_output(value) || readers.size() != 1 ||
        network_.storage.blocks[block].values.size() != 1)
      return -1;
    return stage_of_[readers[0]];
  }

  // By pixel where a reader's window slides over it.
  void add_lines(Stage &stage) {
    if (options_.layer_by_layer || options_.keep_all) return;
    for (Task &task : stage.alone) task.follows = keeps_less(task);
    if (options_.lines == Lines::kNever) return;
    const ir::ValueId value = graph_.node(stage.node).outputs[0];
    const int last_reader = last_sliding_reader(value);
    if (last_reader < 0) return;
    for (Task &task : stage.alone) {
      if (!is_plain(modes_of(stage.node)[task.sink_mode]) || follows_other_columns(task)) continue;
      task.by_pixel = options_.lines == Lines::kAlways;
      if (options_.lines == Lines::kAlways) continue;
      stage.line_reader = last_reader;
      stage.lines.push_back(task);
      stage.lines.back().by_pixel = true;
    }
    add_pairs_by_pixel(stage.node);
  }

  void add_pairs_by_pixel(ir::NodeId sink) {
    for (Stage &stage : network_.stages) {
      const std::size_t count = stage.fused.size();
      for (std::size_t i = 0; i < count; ++i) {
        if (stage.fused[i].sink != sink || stage.fused[i].fold_rows > 0) continue;
        if (options_.lines == Lines::kAlways) {
          stage.fused[i].by_pixel = true;
          continue;
        }
        stage.fused.push_back(stage.fused[i]);
        stage.fused.back().by_pixel = true;
      }
    }
  }

  // The last of the stages that read the value, which lies in a block with nothing but columns of
  // it, if one of their windows slides over it; or -1.
  int last_sliding_reader(ir::ValueId value) const {
    if (!is_alone(value)) return -1;
    int last = -1;
    bool slides = false;
    for (int i = 0; i < static_cast<int>(network_.stages.size()); ++i) {
      const Stage &stage = network_.stages[i];
      for (const Task &task : stage.alone) {
        if (reads(task, value)) last = i;
        slides |= slides_over(task, value);
      }
      for (const Task &task : stage.fused) slides |= slides_over(task, value);
    }
    return slides ? last : -1;
  }

  bool is_alone(ir::ValueId value) const {
    const int block = network_.storage.layouts[value].block;
    const auto &values = network_.storage.blocks[block].values;
    return std::all_of(values.begin(), values.end(), [&](ir::ValueId inside) {
      const std::vector<Part> &parts = network_.storage.parts[inside];
      return !graph_.is_output(inside) && parts.size() == 1 && parts[0].same_pixels &&
             network_.storage.tensors[parts[0].tensor].value == value;
    });
  }

  bool reads(const Task &task, ir::ValueId value) const {
    const auto is_of_value = [&](const Read &read) {
      return network_.storage.tensors[read.tensor].value == value;
    };
    return std::any_of(task.reads.begin(), task.reads.end(), is_of_value) ||
           std::any_of(task.fold_reads.begin(), task.fold_reads.end(), is_of_value);
  }

  bool slides_over(const Task &task, ir::ValueId value) const {
    const auto is_sliding = [&](const Read &read) {
      return read.slides && network_.storage.tensors[read.tensor].value == value;
    };
    return std::any_of(task.reads.begin(), task.reads.end(), is_sliding) ||
           std::any_of(task.fold_reads.begin(), task.fold_reads.end(), is_sliding);
  }

  // Its output is smaller than its only input, of which it reads single pixels, and which others
  // read, too.
  bool keeps_less(const Task &task) const {
    if (graph_.node(task.sink).inputs.size() != 1 || task.reads.size() != 1 || task.output < 0 ||
        task.reads[0].cols.empty())
      return false;
    const auto is_single = [](const Range &range) { return range.hi - range.lo == 1; };
    if (!std::all_of(task.reads[0].rows.begin(), task.reads[0].rows.end(), is_single) ||
        !std::all_of(task.reads[0].cols.begin(), task.reads[0].cols.end(), is_single))
      return false;
    const Tensor &input = network_.storage.tensors[task.reads[0].tensor];
    const Tensor &output = network_.storage.tensors[task.output];
    return graph_.consumers(input.value).size() > 1 &&
           output.rows * output.row_bytes < input.rows * input.row_bytes;
  }

  // It follows readers of other columns (strips): its rows do, its pixels would be others than
  // theirs.
  bool follows_other_columns(const Task &task) const {
    if (!task.follows) return false;
    const ir::ValueId value = graph_.node(task.sink).inputs[0];
    return network_.storage.blocks[network_.storage.layouts[value].block].values.size() > 1;
  }

  void want(const std::vector<Read> &reads) {
    for (const Read &read : reads)
      for (const Range &rows : read.rows)
        for (int row = rows.lo; row < rows.hi; ++row)
          network_.storage.tensors[read.tensor].wanted[row] = true;
  }

  void find_wanted() {
    for (const Stage &stage : network_.stages)
      for (const Task &task : stage.alone) {
        want(task.reads);
        want(task.fold_reads);
      }
    for (const ir::Port &port : graph_.outputs())
      for (const Part &part : network_.storage.parts[port.value]) {
        Tensor &tensor = network_.storage.tensors[part.tensor];
        tensor.wanted.assign(tensor.rows, true);
        tensor.kept |= !options_.stream_out;
      }
    for (Tensor &tensor : network_.storage.tensors) {
      tensor.kept |=
          options_.keep_all || (options_.keep_input && tensor.producer < 0 && !tensor.streamed_in);
      tensor.kept &= !tensor.borrowed;
      if (tensor.kept) tensor.wanted.assign(tensor.rows, true);
      if (!tensor.streamed_in && !is_carried(tensor)) continue;
      // Of a stream, or of rows made from each other, none before the last can be left out.
      const auto last = std::find(tensor.wanted.rbegin(), tensor.wanted.rend(), true);
      std::fill(tensor.wanted.begin(), last.base(), true);
    }
  }

  bool is_carried(const Tensor &tensor) const {
    return tensor.producer >= 0 && network_.stages[stage_of_[tensor.producer]].alone[0].carries;
  }

  // Sums of a row that is never made would stay in the way of a later row's.
  void drop_gapped_sums() {
    const auto has_gaps = [&](const Task &task) {
      const std::vector<bool> &wanted = network_.storage.tensors[task.output].wanted;
      return !task.folds_before.empty() &&
             std::find(wanted.begin(), wanted.end(), false) != wanted.end();
    };
    for (Stage &stage : network_.stages) {
      std::erase_if(stage.alone, has_gaps);
      std::erase_if(stage.fused, has_gaps);
      if (stage.fused.empty()) stage.fused_with = -1;
    }
  }

  // Handed out in the stage that completes it.
  void add_emit(int port) {
    const ir::ValueId value = graph_.outputs()[port].value;
    auto task = std::make_unique<Task>();
    task->kind = Task::Kind::kEmit;
    task->port = port;
    task->rows = graph_.value(value).type.shape.rows;
    int stage = 0;
    for (const Part &part : network_.storage.parts[value]) {
      Read read;
      read.tensor = part.tensor;
      read.rows = part.rows;
      task->reads.push_back(std::move(read));
      const int producer = network_.storage.tensors[part.tensor].producer;
      if (producer >= 0) stage = std::max(stage, stage_of_[producer]);
    }
    attach(std::move(task), stage);
  }

  // Filled in the first stage that reads it.
  void add_fill(int port) {
    const ir::ValueId value = graph_.inputs()[port].value;
    const int tensor = network_.storage.parts[value][0].tensor;
    auto task = std::make_unique<Task>();
    task->kind = Task::Kind::kFill;
    task->port = port;
    task->output = tensor;
    task->rows = graph_.value(value).type.shape.rows;
    for (int stage = 0; stage < static_cast<int>(network_.stages.size()); ++stage)
      if (reads_tensor(network_.stages[stage].alone[0], tensor))
        return attach(std::move(task), stage);
    attach(std::move(task), 0);
  }

  static bool reads_tensor(const Task &task, int tensor) {
    for (const std::vector<Read> *reads : {&task.reads, &task.fold_reads})
      for (const Read &read : *reads)
        if (read.tensor == tensor) return true;
    return false;
  }

  void attach(std::unique_ptr<Task> task, int stage) {
    if (network_.stages.empty()) network_.stages.emplace_back();  // a network without nodes
    network_.stages[stage].ports.push_back(task.get());
    network_.port_tasks.push_back(std::move(task));
  }

  const ir::Graph &graph_;
  const Behaviours &behaviours_;
  const Options &options_;
  Network network_;
  std::vector<int> stage_of_;  // by NodeId; -1: a view
};

}  // namespace

Result<Network> make_network(const ir::Graph &graph, const Behaviours &behaviours,
                             const Options &options, const std::vector<ir::NodeId> &order) {
  TRY(Storage storage, resolve_views(graph, behaviours, options));
  return Builder(graph, behaviours, options, std::move(storage)).run(order);
}

}  // namespace thimble::plan
