// Candidate -> Program: see lower.h. One event of the trace is one step; each task gets a group a
// phase and set of lanes.
#include "plan/lower.h"

#include <algorithm>
#include <map>
#include <utility>

namespace thimble::plan {
namespace {

class Lowering {
 public:
  Lowering(const ir::Graph &graph, const Network &network, const Candidate &candidate)
      : graph_(graph), network_(network), candidate_(candidate) {}

  Program run() {
    program_.arena_bytes = candidate_.solution.bytes;
    for (const ir::Port &port : graph_.inputs())
      program_.input_offsets.push_back(is_in_arena(port.value) ? address(port.value).offset : -1);
    program_.borrows_inputs = borrows_inputs();
    for (const ir::Port &port : graph_.outputs())
      program_.output_offsets.push_back(is_kept(port.value) ? address(port.value).offset : -1);
    for (const Event &event : candidate_.trace.events)
      program_.steps.push_back({group_of(event), event.row});
    return std::move(program_);
  }

 private:
  using Key = std::pair<std::vector<std::pair<const Task *, int>>, Phase>;  // the task, then lanes'

  const std::vector<Part> &parts(ir::ValueId value) const { return network_.storage.parts[value]; }

  bool is_in_arena(ir::ValueId input) const {
    const Tensor &tensor = network_.storage.tensors[parts(input)[0].tensor];
    return !tensor.streamed_in && !tensor.borrowed;
  }

  bool borrows_inputs() const {
    const std::vector<Tensor> &tensors = network_.storage.tensors;
    return std::any_of(tensors.begin(), tensors.end(),
                       [](const Tensor &tensor) { return tensor.borrowed; });
  }

  bool is_kept(ir::ValueId value) const {
    for (const Part &part : parts(value))
      if (!network_.storage.tensors[part.tensor].kept) return false;
    return true;
  }

  std::int64_t offset_of(int object) const {
    return object < 0 ? -1 : candidate_.solution.offsets[object];
  }

  Address address(ir::ValueId value) const {
    const Layout &layout = network_.storage.layouts[value];
    const ir::Shape &shape = graph_.value(value).type.shape;
    const int index = candidate_.objects.of_block[layout.block];
    const int port = network_.storage.blocks[layout.block].port;
    if (port >= 0)
      return {layout.offset, shape.rows, shape.cols, layout.row_pitch, layout.pixel_pitch, port};
    if (index < 0) return {-1, shape.rows, shape.cols, layout.row_pitch, layout.pixel_pitch};
    const Object &object = candidate_.objects.list[index];
    if (object.slots == 0) return {offset_of(index), 1, 1, object.bytes, layout.pixel_pitch};
    const bool is_ring = object.slots < network_.storage.blocks[layout.block].rows;
    return {offset_of(index) + layout.offset, is_ring ? object.slots : shape.rows, shape.cols,
            layout.row_pitch, layout.pixel_pitch};
  }

  Address tile_address(const Task &task) const {
    const std::int64_t pixel = network_.storage.tensors[task.tile_tensor].pixel_bytes;
    return {offset_of(objects_of(task).tile), task.tile_rows, task.tile_cols,
            task.tile_cols * pixel, pixel};
  }

  const TaskObjects &objects_of(const Task &task) const {
    return candidate_.objects.of_task.at(&task);
  }

  int group_of(const Event &event) {
    const Task &task = *event.task;
    const Phase phase = event.phase;
    Key key{{{&task, 0}}, phase};
    for (const Lane &lane : event.lanes)
      key.first.emplace_back(lane.task, 2 * lane.reader + (lane.follows ? 1 : 0));
    const auto [found, is_new] = groups_.try_emplace(key, static_cast<int>(program_.groups.size()));
    if (is_new) {
      Group group;
      for (const Lane &lane : event.lanes) group.lanes.push_back(line_lane(lane));
      const bool reads = phase == Phase::kRow || phase == Phase::kFold;
      group.columns_descend = columns_descend(event);
      if (task.producer >= 0 && reads) group.producer = add_call(producer_call(task));
      group.sink = add_call(task.kind == Task::Kind::kNode ? sink_call(task, phase)
                                                           : port_call(task, phase));
      program_.groups.push_back(group);
    }
    return found->second;
  }

  LineLane line_lane(const Lane &lane) {
    const Task &task = *lane.task;
    LineLane result;
    if (task.producer >= 0) result.producer = add_call(producer_call(task));
    result.call = add_call(sink_call(task, Phase::kRow));
    result.reader = lane.reader;
    result.follows = lane.follows;
    const int saved = objects_of(task).saved;
    if (saved < 0) return result;
    result.saved_offset = offset_of(saved);
    result.saved_cols = static_cast<int>(candidate_.objects.list[saved].bytes /
                                         network_.storage.tensors[task.output].pixel_bytes);
    return result;
  }

  int add_call(Call call) {
    program_.calls.push_back(std::move(call));
    return static_cast<int>(program_.calls.size()) - 1;
  }

  // The output of a fused producer is a tile, for both of the pair.
  Address address_in(const Task &task, ir::ValueId value) const {
    const bool is_tile =
        task.tile_tensor >= 0 && network_.storage.tensors[task.tile_tensor].value == value;
    return is_tile ? tile_address(task) : address(value);
  }

  Call node_call(const Task &task, ir::NodeId id) const {
    const ir::Node &node = graph_.node(id);
    Call call;
    call.node = id;
    for (ir::ValueId value : node.inputs) {
      call.inputs.push_back(address_in(task, value));
      call.input_values.push_back(value);
    }
    call.output_value = node.outputs[0];
    call.output = address_in(task, node.outputs[0]);
    return call;
  }

  Call producer_call(const Task &task) const {
    Call call = node_call(task, task.producer);
    call.mode = task.producer_mode;
    call.workspace_offset = offset_of(objects_of(task).producer_workspace);
    return call;
  }

  Call sink_call(const Task &task, Phase phase) const {
    Call call = node_call(task, task.sink);
    call.phase = phase;
    call.mode = task.sink_mode;
    call.state_offset = offset_of(objects_of(task).state);
    call.workspace_offset = offset_of(objects_of(task).sink_workspace);
    return call;
  }

  Call port_call(const Task &task, Phase phase) const {
    Call call;
    call.phase = phase;
    call.port = task.port;
    if (phase == Phase::kFill) {
      call.output_value = graph_.inputs()[task.port].value;
      call.output = address(call.output_value);
    } else {
      call.input_values = {graph_.outputs()[task.port].value};
      call.inputs = {address(call.input_values[0])};
    }
    return call;
  }

  const ir::Graph &graph_;
  const Network &network_;
  const Candidate &candidate_;
  Program program_;
  std::map<Key, int> groups_;
};

}  // namespace

std::int64_t address_of(const Address &address, int row, int col) {
  return address.offset + row % address.row_slots * address.row_pitch +
         col % address.col_slots * address.pixel_pitch;
}

Program lower(const ir::Graph &graph, const Network &network, const Candidate &candidate) {
  return Lowering(graph, network, candidate).run();
}

}  // namespace thimble::plan
