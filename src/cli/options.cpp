// Names, words and ranges of the options that commands share.
#include "cli/options.h"

namespace thimble::cli {

void add_model_options(App app, api::ModelOptions &options) {
  app.add_option("MODEL", options.model, "A .pt2, .onnx, .tflite or .thm file")->required();
  app.add_option("--dim", options.dims, "NAME=N: size of a symbolic dimension")
      ->allow_extra_args(false);
  app.add_option("--calib", options.calib,
                 "Samples to quantize with: X.npy, X.npz (x0, x1, ...) or random:N");
  app.add_option("--numbers", options.numbers, "int8 (default) or f32")
      ->check(one_of(api::option_words().at("numbers")));
  app.add_option("--requant", options.requant,
                 "How sums become int8: q31 (TensorFlow Lite's), m16, pow2; default: q31 for an "
                 "int8 .tflite file, else the target's")
      ->check(one_of(api::option_words().at("requant")));
  app.add_option("--weights", options.weights,
                 "auto (default): int8 weights that take few values, or are mostly zero, in the "
                 "code of fewest bytes; fast: in that of least time; int8: all as they are; w4, "
                 "p4, ... (docs/weights.md): in this one where it can hold them")
      ->check(one_of(api::option_words().at("weights")));
}

void add_plan_options(App app, api::PlanOptions &options) {
  app.add_option("--target", options.target, "A chip of `thimble targets`; default: host");
  app.add_option("--ram", options.ram, "Budget in bytes; default: what the target has")
      ->check(non_negative());
  app.add_option("--flash", options.flash, "Budget in bytes; default: what the target has")
      ->check(non_negative());
  app.add_option("--optimize", options.optimize,
                 "What is to be least, at the price of the others: ram, speed (time), flash; "
                 "balanced (default): none at any price (docs/optimize.md)");
  app.add_option("--name", options.name, "Prefix of every symbol; default: from the file's name");
  add_layout_options(app, options);
}

void add_layout_options(App app, api::PlanOptions &options) {
  app.add_flag("--stream-in", options.stream_in,
               "The caller hands the input over row by row, a long vector piece by piece");
  app.add_flag("--stream-out", options.stream_out,
               "The output is handed out row by row, a long vector piece by piece");
  app.add_flag("--keep-input", options.keep_input, "Leave the input's bytes as they are");
  app.add_flag("--borrow-input", options.borrow_input,
               "The input stays where the caller has it: read there, not in the arena");
  app.add_option(
         "--residency", options.residency,
         "rings (default): rows, of which pixels may be folded into the next layer's; rows "
         "(default of --optimize speed): whole rows, more RAM for less time; lines (default "
         "of --optimize ram): pixel by pixel, less RAM for more code and time; layers "
         "(default of --optimize flash, where they fit): one after the other, less code "
         "for more RAM")
      ->check(one_of(api::option_words().at("residency")));
  app.add_option("--strips", options.strips,
                 "NODE:N: what NODE makes, and all before it, in N strips of its columns one after "
                 "the other; where they overlap the work is done again (see analyze --pareto)");
  app.add_option("--keep-columns", options.keep_columns,
                 "NODE before that of --strips: its columns are made once, those that strips share "
                 "are kept. Once for each such node")
      ->allow_extra_args(false);
}

}  // namespace thimble::cli
