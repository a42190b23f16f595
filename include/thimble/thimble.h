// Thimble in a program of yours: a trained network becomes C for a microcontroller.
//
//     #include <thimble/thimble.h>
//
//     auto model = thimble::load("kws.onnx");
//     thimble::Options options;
//     options.target = "cortex-m4";
//     auto compiled = thimble::compile(*model, thimble::random_samples(16), options);
//     if (!compiled) return report(compiled.diagnostics());  // what, why, fix: every one of them
//     compiled->write("out");                                // out/kws.h, out/kws.c
//
// Link with `thimble::thimble` (CMake: find_package(thimble)). Needs nothing but the standard
// library. Errors that a model or a caller can cause are a Result; a bug in Thimble is a
// std::logic_error. Nothing is printed, but for a progress bar on stderr where that is a terminal.
// Several threads may work at once on objects of their own, and read the same one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support/diagnostic.h"  // Result, Diagnostic
#ifndef THIMBLE_ROOMS
#undef TRY  // a macro for Thimble's own sources
#endif

namespace thimble {

std::string version();  // "0.1.0"

// Elements in C order. `shape` has the samples along its first axis, then the dimensions of the
// model's file without its batch: [samples, C, H, W].
struct Array {
  std::vector<std::int64_t> shape;
  std::variant<std::vector<float>, std::vector<std::int8_t>> elements;
};

// What the network is measured with to find its activations' ranges: one array of real numbers a
// network input, all with equally many samples; or that many samples of standard normal numbers
// (for decoders of random latents). Neither: none.
struct Samples {
  std::vector<Array> arrays;
  int random_count = 0;  // 1 to 100,000
};
inline Samples random_samples(int count) { return {{}, count}; }

// A network input or output. `shape`: dimensions of the model's file; the batch, if any, is 1.
struct Port {
  std::string name;
  std::vector<std::int64_t> shape;
};

// A network as it was read. Cheap to copy; never changes.
class Model {
 public:
  const std::string &path() const;
  bool is_quantized() const;  // its file holds int8: it needs no samples
  std::vector<Port> inputs() const, outputs() const;
  const Diagnostics &warnings() const;

  struct Inside;
  explicit Model(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}
  const Inside &inside() const { return *inside_; }

 private:
  std::shared_ptr<const Inside> inside_;
};

// Reads `.pt2`, `.onnx`, `.tflite` or `.thm`. `dims`: "name=N", sizes of symbolic dimensions.
// `called`: what errors, figures and symbols name the model by; empty: its path. Errors (kModel,
// kUsage): a file that cannot be read, operators that Thimble does not have: all of them, by node.
Result<Model> load(const std::string &path, const std::vector<std::string> &dims = {},
                   const std::string &called = {});

// The options of `thimble compile --help`, by the same names.
struct Options {
  std::string target = "host";            // a name of chips()
  std::string numbers = "int8";           // "f32"
  std::string optimize = "balanced";      // "ram", "speed", "flash"
  std::optional<std::int64_t> ram;        // bytes; none: what the target has
  std::optional<std::int64_t> flash;      // bytes; none: what the target has
  std::string requant;                    // "q31", "m16", "pow2"; empty: the target's
  std::string weights;                    // "auto", "fast", "int8", "w4", ...; empty: the level's
  std::string residency;                  // "rings", "rows", "lines", "layers"; empty: the level's
  std::string strips;                     // "NODE:N"
  std::vector<std::string> keep_columns;  // nodes before that of `strips`
  std::string name;                       // prefix of every symbol; empty: from the model's path
  bool stream_in = false;                 // the caller hands the input over row by row
  bool stream_out = false;                // the output is handed out row by row
  bool keep_input = false;                // the input's bytes stay as they are
  bool borrow_input = false;              // the input is read where the caller has it
};

struct Chip {
  std::string name, description;                // "atmega328p", "ATmega328P (Arduino UNO)"
  std::int64_t flash_bytes = 0, ram_bytes = 0;  // 0: no limit known
};
// Errors: those of the file that the environment's THIMBLE_TARGETS names.
Result<std::vector<Chip>> chips();

struct Layer {
  std::string name, op;
  std::vector<std::int64_t> shape;  // rows, columns, channels of its output
  std::int64_t macs = 0;            // multiplications and additions
  std::int64_t weight_bytes = 0;    // flash
  std::string residency;            // of its output: "ring of 5 rows"
};

// A piece of the arena, in bytes, during the steps `first` to `last` of the plan.
struct Buffer {
  std::string tensor;
  std::int64_t offset = 0, bytes = 0;
  int first = 0, last = 0;
};

// What `thimble analyze` says; nothing here has run.
struct Analysis {
  std::string model, target, numbers;  // "kws.onnx", "cortex-m4", "int8"
  bool fits = true;                    // within the target's memories, or the given budgets
  Diagnostics objections;              // why it does not, and what would
  std::int64_t parameters = 0, macs = 0;
  std::int64_t flash_weights = 0, flash_constants = 0;  // bytes; code not counted
  std::int64_t arena_bytes = 0;                         // planned RAM; stack not counted
  std::int64_t arena_lower_bound = 0;  // bytes: no placement of the same buffers needs less
  bool placement_proven = false, schedule_proven = false;  // that nothing less would do
  std::vector<Layer> layers;
  std::vector<Buffer> buffers;
  std::string text;  // as `thimble analyze` prints it
  std::string json;  // as with --json
  std::string html;  // a fragment for a notebook: the figures, and the arena's rows over time
};

// Measured in the target's emulator.
struct Bench {
  std::int64_t flash_weights = 0, flash_constants = 0, flash_code = 0, flash_total = 0;  // bytes
  std::int64_t ram_arena = 0, ram_static = 0, ram_stack = 0, ram_total = 0;              // bytes
  std::int64_t count = 0;  // of `unit`, one inference
  std::string unit;        // "cycles" or "instructions"
};

struct File {
  std::string name, text;  // "kws.c"
};

// By what a network is run. Float: the model before quantization; what it means. Integer: the bits
// that the C must give. Host: the generated C, by this machine's compiler. Target: the generated C
// in the target's emulator.
enum class On { kFloat, kInteger, kHost, kTarget };

// A network in its numbers, planned and written down as C. Cheap to copy; never changes.
class Compiled {
 public:
  const std::vector<File> &files() const;  // NAME.h, NAME.c
  const Analysis &analysis() const;
  const Diagnostics &warnings() const;

  // Writes the files and NAME_report.txt, NAME_report.json; makes the folder. Errors: of the disk.
  Result<Unit> write(const std::string &folder) const;

  // One array a network output. `inputs`: one array a network input; integers are taken as the
  // network's quantized input. `raw`: the integers of an int8 output as they are. Errors (kUsage):
  // shapes; On::kFloat of a model that was quantized before; kMissingTool: no compiler or emulator.
  Result<std::vector<Array>> run(const std::vector<Array> &inputs, On on = On::kHost,
                                 bool raw = false) const;

  // Builds it and runs it once in the target's emulator. Errors: kUsage for "host"; kMissingTool;
  // kBudget: it does not fit the chip.
  Result<Bench> bench() const;

  struct Inside;
  explicit Compiled(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}

 private:
  std::shared_ptr<const Inside> inside_;
};

// Errors: kUsage: options, samples that are missing or of another shape; kModel: no kernel for an
// operator; kBudget: more than `ram`, `flash` or the target's memories.
Result<Compiled> compile(const Model &model, const Samples &samples, const Options &options = {});

// What compile() would need; does not need samples, and what does not fit is no error. `explain`:
// plans it in other ways, too, to say what would need less.
Result<Analysis> analyze(const Model &model, const Options &options = {}, bool explain = false);

}  // namespace thimble
