// A life begins with the first write and is lengthened by every read and write after it.
#include "plan/arena_recorder.h"

#include <algorithm>
#include <utility>

#include "plan/check_plan.h"

namespace thimble::plan {

ArenaRecorder::ArenaRecorder(const ir::Graph &graph, const Program &program)
    : graph_(graph), of_state_(graph.nodes().size(), -1) {
  log_.arena_bytes = program.arena_bytes;
  log_.steps = static_cast<int>(program.steps.size());
  for (const ir::Value &value : graph.values()) of_row_.emplace_back(value.type.shape.rows, -1);
}

// Behind the last step the caller reads what is left for him.
void ArenaRecorder::step(std::size_t index) {
  now_ = std::max(0, std::min(static_cast<int>(index), log_.steps - 1));
}

int ArenaRecorder::begin(Life life) {
  life.born = life.dies = now_;
  log_.lives.push_back(life);
  return static_cast<int>(log_.lives.size()) - 1;
}

void ArenaRecorder::widen(Life &life, std::int64_t at, std::int64_t bytes) const {
  const std::int64_t end = std::max(life.offset + life.bytes, at + bytes);
  life.offset = std::min(life.offset, at);
  life.bytes = end - life.offset;
  life.dies = now_;
}

void ArenaRecorder::wrote(ir::ValueId value, int row, std::int64_t at, std::int64_t bytes) {
  int &index = of_row_[value][row];
  if (index < 0)
    index = begin({LifeKind::kRow, value, -1, row, at, bytes});
  else
    widen(log_.lives[index], at, bytes);
}

void ArenaRecorder::read(const Tag &tag) {
  int index = -1;
  if (tag.owner >= 0) {
    const std::int64_t row_bytes = graph_.value(tag.owner).type.row_bytes();
    index = of_row_[tag.owner][tag.byte / row_bytes];
  } else if (tag.owner < Tag::kNothing && tag.owner % 2 == 0) {  // state_owner
    index = of_state_[(-2 - tag.owner) / 2];
  }
  if (index >= 0) log_.lives[index].dies = now_;
}

void ArenaRecorder::put_state(ir::NodeId node, std::int64_t at, std::int64_t bytes) {
  of_state_[node] = begin({LifeKind::kState, -1, node, -1, at, bytes});
}

void ArenaRecorder::put_workspace(ir::NodeId node, std::int64_t at, std::int64_t bytes) {
  if (!log_.lives.empty()) {  // of a call that runs pixel by pixel, again and again
    for (auto life = log_.lives.rbegin(); life != log_.lives.rend() && life->born == now_; ++life)
      if (life->kind == LifeKind::kWorkspace && life->node == node && life->offset == at) return;
  }
  begin({LifeKind::kWorkspace, -1, node, -1, at, bytes});
}

void ArenaRecorder::saved(ir::ValueId value, int row, std::int64_t at, std::int64_t bytes) {
  begin({LifeKind::kSaved, value, -1, row, at, bytes});
}

ArenaLog arena_log(const ir::Graph &graph, const Program &program) {
  return arena_log(graph, behaviours_of(graph), program);
}

ArenaLog arena_log(const ir::Graph &graph, const Behaviours &behaviours, const Program &program) {
  ArenaRecorder recorder(graph, program);
  check_plan(graph, behaviours, program, 1, &recorder);
  return recorder.take();
}

}  // namespace thimble::plan
