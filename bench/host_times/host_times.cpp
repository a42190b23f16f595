// How long the compiler itself takes: of each network that is named, from the file to a graph
// (import), from there to a plan, from that to C (emit), and the front that `analyze --pareto` and
// `compile --ram` look for. int8 as for a Cortex-M4, at the level balanced.
//
//   host_times [--benchmark_...] MODEL...
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "api/build.h"
#include "plan/front.h"

namespace thimble {
namespace {

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::cerr << to_string(result.diagnostics()[0]) << "\n";
  std::exit(2);
}

void ignore(const Diagnostics &) {}  // warnings

// A network and what the steps before each measured one give.
struct Prepared {
  api::PlanOptions options;
  targets::Target target;
  api::Network network;
  plan::Plan plan;
  codegen::Options emit;
};

Prepared prepare(const std::string &path) {
  Prepared made;
  made.options.target = "cortex-m4";
  made.target = must(api::target_of(made.options));
  api::ModelOptions model;
  model.model = path;
  made.network = must(api::load_network(model, made.target, api::Calibration::kRandomWhenAbsent, ignore));
  made.plan = must(plan::make_plan(made.network.model.graph, api::planning_of(made.options)));
  made.emit.target = made.target;
  made.emit.numbers = made.network.numbers;
  return made;
}

template <class Step>
void measure(const std::string &name, Step step) {
  const auto run = [step](benchmark::State &state) {
    for ([[maybe_unused]] auto turn : state) benchmark::DoNotOptimize(step());
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

void measure_network(const std::string &path) {
  const auto made = std::make_shared<const Prepared>(prepare(path));
  const std::string name = "/" + std::filesystem::path(path).stem().string();
  measure("import" + name, [=] { return must(api::load_model(path, {}, ignore)); });
  measure("plan" + name, [=] {
    return must(plan::make_plan(made->network.model.graph, api::planning_of(made->options)));
  });
  measure("emit" + name,
          [=] { return must(codegen::emit(made->network.model.graph, made->plan, made->emit)); });
  measure("pareto" + name, [=] {
    return must(plan::find_front(made->network.model.graph, api::planning_of(made->options),
                                 [](int, int) {}));
  });
}

}  // namespace
}  // namespace thimble

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  for (int i = 1; i < argc; ++i) thimble::measure_network(argv[i]);
  benchmark::RunSpecifiedBenchmarks();
}
