// Post-training quantization in four steps: observe every value on the samples; find which must
// share a quantization; build the int8 graph once for the full ranges and once for clipped ones,
// and keep the one whose outputs are nearer to the float graph's; look for layers that came out
// badly.
#include "passes/quantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ops/evaluate.h"
#include "ops/infer.h"
#include "passes/deviation.h"
#include "passes/ranges.h"
#include "passes/rewrite.h"
#include "passes/shared_quants.h"
#include "passes/trials.h"
#include "support/check.h"

namespace thimble::passes {
namespace {

// At most `count` of the samples, evenly spread.
Samples thinned(const Samples &samples, std::size_t count) {
  if (samples.size() <= count) return samples;
  Samples chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(samples[i * samples.size() / count]);
  return chosen;
}

// How a group of values is cut into levels: by a range, unless its operator knows better.
struct Levels {
  SharedQuant shared;
  Range range;
  std::optional<ir::Quant> given;
  ir::Quant quant() const { return given ? *given : quant_of(range); }
};

// A value that only an elementwise operator reads matters for what that makes of it: a sigmoid does
// not care by how much its input is beyond 10.
Measure measure_of(const ir::Graph &graph, const SharedQuant &shared) {
  const auto itself = [](const std::vector<float> &x) { return x; };
  if (shared.values.size() != 1) return itself;
  const auto reader = only_reader(graph, shared.values[0]);
  if (!reader || graph.node(*reader).inputs.size() != 1) return itself;
  const ir::Node &node = graph.node(*reader);
  const ops::Operator &op = ops::operator_of(node);
  if (!op.elementwise) return itself;
  return [&graph, &node, &op](const std::vector<float> &x) {
    const ops::Tensor input{{{1, 1, static_cast<int>(x.size())}, ir::DType::kF32, {}}, x, {}};
    ops::Tensor output = input;
    const std::vector<const ops::Tensor *> inputs{&input};
    op.eval_float(graph, node, inputs, {&output, 1});
    return output.f32;
  };
}

// Whether the values lie within the levels and use at least a quarter of them.
bool suits(Range extremes, const ir::Quant &quant) {
  const float lo = quant.scale * static_cast<float>(-129 - quant.zero_point);
  const float hi = quant.scale * static_cast<float>(128 - quant.zero_point);
  return lo <= extremes.lo && extremes.hi <= hi && extremes.hi - extremes.lo >= 64 * quant.scale;
}

bool is_final_output(const ir::Graph &graph, const SharedQuant &shared) {
  return shared.values.size() == 1 && graph.is_output(shared.values[0]) &&
         graph.consumers(shared.values[0]).empty();
}

Levels full_range(const ir::Graph &graph, const SharedQuant &shared,
                  const std::vector<Observed> &observed) {
  Range extremes = observed[shared.values[0]].extremes;
  for (const ir::ValueId value : shared.values) extremes = join(extremes, observed[value].extremes);
  Levels levels{shared, join(extremes, {0, 0}), shared.fixed};
  if (!shared.preferred || shared.fixed) return levels;
  if (suits(extremes, *shared.preferred))
    levels.given = shared.preferred;
  else if (is_final_output(graph, shared))
    levels.given = offset_quant_of(extremes);
  return levels;
}

Levels clipped(const ir::Graph &graph, Levels levels, const std::vector<Observed> &observed) {
  if (levels.given) return levels;
  std::vector<const Observed *> values;
  for (const ir::ValueId value : levels.shared.values) values.push_back(&observed[value]);
  levels.range = clipped_range(levels.range, values, measure_of(graph, levels.shared));
  return levels;
}

Quants quants_of(const ir::Graph &graph, const std::vector<Levels> &all) {
  Quants quants(graph.values().size());
  for (const Levels &levels : all)
    for (const ir::ValueId id : levels.shared.values) quants[id] = levels.quant();
  return quants;
}

// Candidates and their judge, who looks at so many before he has had enough.
struct Search {
  const ir::Graph &graph;
  const std::vector<Observed> &observed;
  Trials trials;
  std::int64_t left;

  // Exact where it is less than `enough`.
  double error(const std::vector<Levels> &levels, double enough) {
    --left;
    return trials.error(quants_of(graph, levels), enough);
  }
};

// Narrows one end of one range, a fifth at a time, as long as the outputs get better.
void narrow(Search &search, std::vector<Levels> &all, std::size_t index, float Range::*end,
            double &least) {
  while (all[index].range.*end != 0 && search.left > 0) {
    const float before = all[index].range.*end;
    all[index].range.*end = before * 0.8f;
    const double error = search.error(all, 0.995 * least);
    if (error >= 0.995 * least) {
      all[index].range.*end = before;
      return;
    }
    least = error;
  }
}

std::vector<Levels> choose_levels(Search &search) {
  std::vector<Levels> full, clip;
  for (const SharedQuant &shared : shared_quants(search.graph)) {
    full.push_back(full_range(search.graph, shared, search.observed));
    clip.push_back(clipped(search.graph, full.back(), search.observed));
  }
  double least = search.error(full, std::numeric_limits<double>::infinity());
  const double with_clip = search.error(clip, least);
  std::vector<Levels> best = with_clip < least ? clip : full;
  least = std::min(least, with_clip);
  for (std::size_t i = best.size(); i-- > 0;) {  // what is near the outputs first
    if (best[i].given) continue;
    narrow(search, best, i, &Range::hi, least);
    narrow(search, best, i, &Range::lo, least);
  }
  return best;
}

std::int64_t macs_of(const ir::Graph &graph) {
  std::int64_t macs = 1;
  for (const ir::Node &node : graph.nodes()) macs += ops::macs(graph, node);
  return macs;
}

// As many samples, and as many candidates, as keep the search within seconds.
std::int64_t judged_samples(const ir::Graph &graph) {
  return std::clamp<std::int64_t>(20'000'000 / macs_of(graph), 4, 32);
}
std::int64_t judged_candidates(const ir::Graph &graph) {
  constexpr std::int64_t kMacs = 8'000'000'000;
  return std::max<std::int64_t>(kMacs / (judged_samples(graph) * macs_of(graph)), 2);
}

Diagnostic loss(const ir::Node &node, std::string what) {
  Diagnostic warning = model_error(
      std::move(what), "a range, its own or that of what it reads, is too wide for 256 levels",
      "give samples like those of real use, or train with quantization in the loop");
  warning.severity = Severity::kWarning;
  warning.node = node.name;
  warning.op = node.op;
  return warning;
}

// The first layer whose signal is gone, and network outputs that lost much. (Within the network a
// large error may be meant: ranges are cut where what reads them saturates.)
Diagnostics find_losses(const ir::Graph &graph, const std::vector<Deviation> &deviations) {
  constexpr double kMuch = 0.25;  // standard deviations
  Diagnostics warnings;
  for (const ir::Node &node : graph.nodes()) {
    const Deviation &deviation = deviations[node.outputs[0]];
    const double error = deviation.relative_error();
    if (deviation.variance() > 0 && deviation.lo == deviation.hi)
      return {loss(node, "int8 quantization turns its output into a constant")};
    if (graph.is_output(node.outputs[0]) && error >= kMuch)
      warnings.push_back(loss(node, fmt::format("int8 quantization adds an error of {:.0f} % of "
                                                "its output's standard deviation",
                                                100 * error)));
  }
  return warnings;
}

// Operators that int8 does not know, and those whose sums could not be held: tried on a graph of
// the same shapes. (Weights are fitted to 32-bit sums later.)
Diagnostics check_operators(ir::Graph graph) {
  for (ir::ValueId id = 0; id < static_cast<ir::ValueId>(graph.values().size()); ++id) {
    graph.value(id).type.dtype = ir::DType::kI8;
    graph.value(id).type.quant = ir::Quant{};
  }
  Diagnostics errors;
  for (const ir::Node &node : graph.nodes()) {
    if (!ops::has_integer_form(node)) {
      errors.push_back(
          ops::node_error(node, "has no integer form", {}, "compile with --numbers f32"));
    } else if (node.constants.empty()) {
      const auto types = ops::operator_of(node).infer(graph, node);
      if (!types.ok())
        errors.insert(errors.end(), types.diagnostics().begin(), types.diagnostics().end());
    }
  }
  return errors;
}

Diagnostics check_samples(const ir::Graph &graph, const Samples &samples) {
  if (samples.empty())
    return {usage_error("no samples to calibrate with", {}, "give them with --calib")};
  for (const auto &sample : samples) {
    CHECK(sample.size() == graph.inputs().size(), "a sample has one tensor a network input");
    for (std::size_t i = 0; i < sample.size(); ++i)
      CHECK(sample[i].type == graph.value(graph.inputs()[i].value).type,
            "samples have the types of the network's inputs");
  }
  return {};
}

}  // namespace

Result<ir::Graph> quantize(const ir::Graph &graph, const Samples &samples) {
  if (auto errors = ops::verify(graph); !errors.empty()) return errors;
  if (auto errors = check_operators(graph); !errors.empty()) return errors;
  if (auto errors = check_samples(graph, samples); !errors.empty()) return errors;
  TRY(const auto observed, observe(graph, thinned(samples, 256)));
  const auto judged = thinned(samples, static_cast<std::size_t>(judged_samples(graph)));
  const Reference reference = make_reference(graph, judged);
  Search search{graph, observed, {graph, observed, reference}, judged_candidates(graph)};
  ir::Graph result = with_quants(graph, quants_of(graph, choose_levels(search)), observed);
  Diagnostics warnings = find_losses(graph, compare(reference, result));
  return {std::move(result), std::move(warnings)};
}

}  // namespace thimble::passes
