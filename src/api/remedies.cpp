// A way is a few options more than those given. Each is planned in less time than the plan itself
// had: unless proven, it may need less than is found here.
#include "api/remedies.h"

#include <algorithm>
#include <set>

#include "passes/pool_to_stride.h"
#include "plan/packing.h"

namespace thimble::api {
namespace {

constexpr double kPlacingSeconds = 0.25;  // of each way (place.h)
constexpr double kMostSeconds = 2;        // of CPU: of one way, and of all beyond the plan's own

struct Change {
  const char *option;
  bool (*applies)(const PlanOptions &);  // neither given nor contradicted
  void (*apply)(PlanOptions &);
};

enum : int { kLines, kStreamIn, kStreamOut, kBorrowInput, kGiveInput, kRegions, kChangeCount };
constexpr Change kChanges[kChangeCount] = {
    {"--residency lines",
     [](const PlanOptions &o) { return residency_of(o) != "lines" && !o.layer_by_layer; },
     [](PlanOptions &o) { o.residency = "lines"; }},
    {"--stream-in", [](const PlanOptions &o) { return !o.stream_in && !o.borrow_input; },
     [](PlanOptions &o) { o.stream_in = true; }},
    {"--stream-out", [](const PlanOptions &o) { return !o.stream_out; },
     [](PlanOptions &o) { o.stream_out = true; }},
    {"--borrow-input", [](const PlanOptions &o) { return !o.borrow_input && !o.stream_in; },
     [](PlanOptions &o) { o.borrow_input = true; }},
    {"no --keep-input", [](const PlanOptions &o) { return o.keep_input; },
     [](PlanOptions &o) { o.keep_input = false; }},
    {"no --layer-by-layer", [](const PlanOptions &o) { return o.layer_by_layer; },
     [](PlanOptions &o) { o.layer_by_layer = false; }},
};

using Way = std::vector<int>;  // of kChanges, ascending

std::string words(const Way &way) {
  std::string text;
  for (int change : way) text += (text.empty() ? "" : " ") + std::string(kChanges[change].option);
  return text;
}

struct Tried {
  Way way;
  report::Remedy remedy;
  std::int64_t all_bytes() const { return remedy.bytes + remedy.outside_bytes; }
};

std::int64_t input_bytes(const ir::Graph &graph) {
  std::int64_t bytes = 0;
  for (const ir::Port &port : graph.inputs()) bytes += graph.value(port.value).type.bytes();
  return bytes;
}

Result<plan::Plan> plan_with(const Network &network, const PlanOptions &options) {
  TRY(const Network prepared, prepare(network, options));
  plan::Options planning = planning_of(options);
  planning.time_limit_seconds = kPlacingSeconds;
  return plan::make_plan(prepared.model.graph, planning);
}

class Trial {
 public:
  Trial(const Network &network, const PlanOptions &options, const plan::Plan &plan)
      : network_(network),
        options_(options),
        plan_(plan),
        seconds_left_(kMostSeconds + plan.seconds) {}

  void run(report::Peak &peak) {
    for (const bool at_the_peak : {true, false}) {
      for (int change = 0; change < kChangeCount; ++change)
        if (concerns_the_peak(change) == at_the_peak && kChanges[change].applies(options_))
          plan_way({change});
      for (const Way &way : combinations()) plan_way(way);
    }
    std::stable_sort(all_.begin(), all_.end(), [](const Tried &a, const Tried &b) {
      return a.remedy.bytes < b.remedy.bytes;
    });
    for (const Tried &tried : all_) tell(tried, peak);
    try_pool_to_stride(peak);
    peak.not_tried = std::move(not_tried_);
  }

 private:
  // Those that stream or lend a tensor that is not alive at the peak are less likely to help.
  bool concerns_the_peak(int change) const {
    bool input = false, output = false;
    for (const plan::Residency &residency : plan_.residencies)
      for (const plan::Peak::Part &part : plan_.peak.parts) {
        if (residency.buffer != part.buffer) continue;
        input |= residency.network_input;
        output |= residency.network_output;
      }
    if (change == kStreamIn || change == kBorrowInput) return input;
    return output || change != kStreamOut;
  }

  // Of lines and streams, those that help alone; both streams, unless neither does where lines do:
  // input and output may each be at a peak of its own.
  std::vector<Way> combinations() const {
    Way helpful;
    for (int change : {kLines, kStreamIn, kStreamOut})
      if (helps({change})) helpful.push_back(change);
    std::vector<Way> ways;
    if (helpful.size() > 1) ways.push_back(helpful);
    const Way streams = {kStreamIn, kStreamOut};
    const bool one_helps = helps({kStreamIn}) || helps({kStreamOut});
    if ((one_helps || helpful.empty()) && helpful != streams &&
        kChanges[kStreamIn].applies(options_) && kChanges[kStreamOut].applies(options_))
      ways.push_back(streams);
    return ways;
  }

  bool helps(const Way &way) const {
    return std::any_of(all_.begin(), all_.end(), [&](const Tried &tried) {
      return tried.way == way && tried.remedy.bytes < plan_.arena_bytes;
    });
  }

  void plan_way(const Way &way) {
    if (!planned_.insert(way).second) return;
    if (seconds_left_ <= 0) return not_tried_.push_back(words(way));
    PlanOptions options = options_;
    for (int change : way) kChanges[change].apply(options);
    const auto found = plan_with(network_, options);
    if (!found) return;  // it cannot be run so
    seconds_left_ = found->seconds > kMostSeconds ? 0 : seconds_left_ - found->seconds;
    const bool borrows = options.borrow_input && !options_.borrow_input;
    all_.push_back({way,
                    {words(way), found->arena_bytes, found->placement_proven,
                     borrows ? input_bytes(network_.model.graph) : 0}});
  }

  // With every pooling in the stride of the convolution before it, where that can be.
  void try_pool_to_stride(report::Peak &peak) {
    const auto strided = passes::pool_to_stride(network_.model.graph);
    if (!strided.ok() || strided->nodes().size() == network_.model.graph.nodes().size()) return;
    if (seconds_left_ <= 0) return not_tried_.push_back("pooling into stride");
    Network changed = network_;
    changed.model.graph = *strided;
    const auto found = plan_with(changed, options_);
    if (found && found->arena_bytes < plan_.arena_bytes)
      peak.retrainings.push_back({"pooling into stride", "thimble shrink --pool-to-stride",
                                  found->arena_bytes, found->placement_proven});
  }

  void tell(const Tried &tried, report::Peak &peak) const {
    if (tried.remedy.bytes >= plan_.arena_bytes) {
      if (tried.way.size() == 1) peak.not_better.push_back(tried.remedy.option);
    } else if (!is_outdone(tried)) {
      peak.remedies.push_back(tried.remedy);
    }
  }

  // A part of the same changes does as well.
  bool is_outdone(const Tried &tried) const {
    return std::any_of(all_.begin(), all_.end(), [&](const Tried &other) {
      return other.way.size() < tried.way.size() && other.all_bytes() <= tried.all_bytes() &&
             std::includes(tried.way.begin(), tried.way.end(), other.way.begin(), other.way.end());
    });
  }

  const Network &network_;
  const PlanOptions &options_;
  const plan::Plan &plan_;
  double seconds_left_;
  std::set<Way> planned_;
  std::vector<Tried> all_;
  std::vector<std::string> not_tried_;
};

}  // namespace

Status explain(const Network &network, const PlanOptions &options, const plan::Plan &plan,
               report::Analysis &analysis) {
  Trial(network, options, plan).run(analysis.peak);
  TRY(analysis.savings,
      plan::savings(network.model.graph, planning_of(options), plan, kPlacingSeconds));
  return Unit{};
}

}  // namespace thimble::api
