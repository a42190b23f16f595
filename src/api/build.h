// From a model to generated C: what can be chosen on the way, and what comes of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/load.h"
#include "api/outcome.h"
#include "api/samples.h"
#include "codegen/emit.h"
#include "emulate/run.h"
#include "ops/operator.h"
#include "plan/plan.h"
#include "report/analysis.h"
#include "targets/target.h"

namespace thimble::api {

struct ModelOptions {
  std::string model;
  std::vector<std::string> dims;  // "name=N"
  std::string calib;              // X.npy, X.npz, random:N; empty: none
  std::string numbers = "int8";   // or "f32"
  std::string requant;            // empty: the target's
  std::string weights;            // "int8": as they are, not in codes; empty: as the level has it
};

struct PlanOptions {
  std::string target = "host";
  std::optional<std::int64_t> ram, flash;  // budgets in bytes; none: the target's
  std::string optimize = "balanced";       // a level of the target
  std::string residency;                   // "rings", "rows", "lines", "layers"; empty: the level's
  std::string preferred = "rings";         // the level's, as target_of found it
  std::string name;  // prefix of every symbol; empty: from the model's file name
  bool stream_in = false, stream_out = false, keep_input = false, borrow_input = false;
  std::string strips;  // "NODE:N": what NODE makes, and all before it, in N strips of its columns
  std::vector<std::string> keep_columns;  // nodes whose columns no two strips compute
  bool layer_by_layer = false;
  bool announce_steps = false;  // codegen::Options::announce_steps
};

// The words that "numbers", "requant", "weights" and "residency" may be.
const std::map<std::string, std::vector<std::string>> &option_words();

// " --strips 'NODE:N' ..." as they were given; empty: none.
std::string words_of_strips(const PlanOptions &options);
plan::Options planning_of(const PlanOptions &options);
// What the user asks for, or what the level prefers.
const std::string &residency_of(const PlanOptions &options);
// The chip at the level that --optimize asks for; what that prefers goes into `options`. Errors:
// those of find_target and at_level.
Result<targets::Target> target_of(PlanOptions &options);

// A network in the numbers it will run in.
struct Network {
  Model model;            // graph: as it will run
  ir::Graph float_graph;  // before quantization; the same graph for f32
  ops::Numbers numbers;
  std::string numbers_name;  // "int8" or "f32"
};

// Whether it runs in integers that were made here, of floats that are known.
bool is_quantized_here(const Network &network);

// That samples are needed, and how to give them.
Diagnostic no_calibration(const std::string &model);

enum class Calibration { kRequired, kRandomWhenAbsent };

// Loads and, for int8, quantizes. Errors: no calibration where it is required.
Result<Network> load_network(const ModelOptions &options, const targets::Target &target,
                             Calibration calibration, const Notify &notify);
// The same, calibrated with samples that are at hand; models that arrive quantized need none.
Result<Network> make_network(const ModelOptions &options, const targets::Target &target,
                             Model model, const passes::Samples &samples, const Notify &notify);

// The network as the plan needs it: where inputs are borrowed, copies of what must lie in the
// arena; where vectors are streamed, pieces.
Result<Network> prepare(Result<Network> network, const PlanOptions &options);

struct Build {
  plan::Plan plan;
  ops::Numbers numbers;  // the network's, without codes for which there is no stack
  codegen::Emitted emitted;
  std::int64_t flash_budget = 0, ram_budget = 0;  // bytes: the user's, else the target's; 0: none
};

Result<Build> build_network(const Network &network, const targets::Target &target,
                            const PlanOptions &options, const Notify &notify);

// The same for figures alone: a network with more bytes than the target's indices reach, which is
// too large for it, is emitted as if they reached. check_budget says that it does not fit.
Result<Build> outline_network(const Network &network, const targets::Target &target,
                              const PlanOptions &options, const Notify &notify);

// Every budget that is exceeded: by how much, and what would fit.
Diagnostics check_budget(const Network &network, const targets::Target &target, const Build &build,
                         const PlanOptions &options);

// The same of what was measured: arena, statics and stack, weights, constants and code.
Diagnostics check_bill(const Network &network, const targets::Target &target,
                       const emulate::Bill &bill, const PlanOptions &options);

// Errors of linker and emulator; those that say that a chip is too small get what would fit.
Diagnostics advise(const Network &network, const targets::Target &target, const Build &build,
                   const PlanOptions &options, Diagnostics errors);

// What the report room says of it.
report::Analysis analysis_of(const Network &network, const targets::Target &target,
                             const Build &build, bool fits);

// STEM_report.txt and STEM_report.json.
std::vector<codegen::File> report_files(const report::Analysis &analysis, const std::string &stem);

// A C identifier for the network: `name` if given (checked), else made from the model's file name.
Result<std::string> symbol_name(const std::string &name, const std::string &model_path);

}  // namespace thimble::api
