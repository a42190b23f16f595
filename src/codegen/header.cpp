// Printing NAME.h (header.h).
#include "codegen/header.h"

#include <fmt/format.h>

#include <algorithm>

#include "ctext/c_writer.h"
#include "ctext/identifiers.h"
#include "ctext/literals.h"

namespace thimble::codegen {
namespace {

class HeaderPrinter {
 public:
  HeaderPrinter(const Options &options, const Ports &ports, const ArenaStyle &style,
                const Bill &bill)
      : options_(options),
        ports_(ports),
        style_(style),
        bill_(bill),
        name_(options.name),
        upper_(ctext::upper(options.name)) {}

  std::string print() {
    writer_.lines(file_head(options_, bill_));
    writer_.line(fmt::format("#ifndef {0}_H\n#define {0}_H\n", upper_));
    writer_.line("#include <stdint.h>\n");
    print_identity();
    print_arena();
    if (has_int8()) print_round();
    for (std::size_t i = 0; i < ports_.inputs.size(); ++i) print_port(ports_.inputs[i], "input", i);
    for (std::size_t i = 0; i < ports_.outputs.size(); ++i) {
      print_port(ports_.outputs[i], "output", i);
    }
    print_functions();
    writer_.line(fmt::format("#endif  // {}_H", upper_));
    return writer_.take();
  }

 private:
  // "#define DIE_key value"
  void define(const std::string &key, const std::string &value) {
    writer_.line(fmt::format("#define {}_{} {}", upper_, key, value));
  }
  void define(const std::string &key, std::int64_t value) {
    define(key, ctext::int_literal(value));
  }
  void define_bytes(const std::string &key, std::int64_t bytes) {
    define(key, std::to_string(bytes) + "u");
  }

  void print_identity() {
    define("API_LEVEL", kApiLevel);
    writer_.line(
        fmt::format("#if defined({0}_EXPECT_API) && {0}_EXPECT_API != {0}_API_LEVEL", upper_));
    writer_.line(
        fmt::format("#error \"{}.h has another API level than the program expects\"", name_));
    writer_.line("#endif");
    define("MODEL_SHA256", ctext::string_literal(options_.model_sha256));
    define("INPUTS", static_cast<std::int64_t>(ports_.inputs.size()));
    define("OUTPUTS", static_cast<std::int64_t>(ports_.outputs.size()));
    define("STREAM_IN", ports_.stream_in);
    define("STREAM_OUT", ports_.stream_out);
    define("BORROW_INPUT", ports_.borrow_input);
    writer_.line();
  }

  void print_arena() {
    writer_.comment(
        fmt::format("All planned memory. To place it yourself, compile this file and {0}.c with "
                    "-D{1}_ARENA=my_bytes and define {1}_ARENA_TYPE my_bytes[{1}_ARENA_LENGTH];",
                    name_, upper_));
    define_bytes("ARENA_BYTES", bill_.arena);
    define("ARENA_TYPE", style_.array_type);
    define_bytes("ARENA_LENGTH", style_.length);
    writer_.line(fmt::format("#ifndef {}_ARENA", upper_));
    define("ARENA", name_ + "_arena");
    define("OWNS_ARENA", 1);
    writer_.line("#endif");
    writer_.line();
  }

  void print_port(const PortCode &port, const std::string &word, std::size_t index) {
    const ir::Type &type = port.type;
    const bool is_input = word == "input";
    const std::string how = is_input && ports_.borrow_input ? ", where the caller has it"
                            : port.offset < 0               ? ", row by row"
                                                            : "";
    const std::string pieces =
        port.in_pieces ? fmt::format("; a row is the next {} of its {} elements",
                                     type.shape.cols * type.shape.channels, type.shape.elements())
                       : "";
    writer_.comment(fmt::format("{} {}: '{}'{}{}", is_input ? "Input" : "Output", index,
                                ctext::comment_text(port.tensor), how, pieces));
    define(port.macro + "_ROWS", type.shape.rows);
    define(port.macro + "_COLS", type.shape.cols);
    define(port.macro + "_CHANNELS", type.shape.channels);
    define_bytes(port.macro + "_COUNT", type.shape.elements());
    define_bytes(port.macro + "_BYTES", type.bytes());
    define_bytes(port.macro + "_ROW_BYTES", type.row_bytes());
    if (type.quant) print_quant(port);
    if (port.offset >= 0) print_place(port, word, index);
    writer_.line();
  }

  // r in units of the scale -> int8: half away from zero, saturated, as the host quantizes.
  void print_round() {
    writer_.line(fmt::format("#define {}_ROUND(r, zero) \\", upper_));
    writer_.line("  ((int8_t)((r) >= (float)(127 - (zero)) ? 127 : \\");
    writer_.line("            (r) <= (float)(-128 - (zero)) ? -128 : \\");
    writer_.line("            (int)((r) + ((r) < 0.0f ? -0.5f : 0.5f)) + (zero)))");
    writer_.line();
  }

  void print_quant(const PortCode &port) {
    const ir::Quant &quant = *port.type.quant;
    const int zero = quant.zero_point;
    define(port.macro + "_SCALE", ctext::float_literal(quant.scale));
    const std::string zero_text = zero < 0 ? fmt::format("({})", zero) : std::to_string(zero);
    define(port.macro + "_ZERO_POINT", zero_text);
    writer_.line(fmt::format("#define {0}_QUANTIZE_{1}(x) \\", upper_, port.macro));
    writer_.line(fmt::format("  {0}_ROUND((float)(x) / {0}_{1}_SCALE, {0}_{1}_ZERO_POINT)", upper_,
                             port.macro));
    writer_.line(fmt::format("#define {0}_DEQUANTIZE_{1}(q) \\", upper_, port.macro));
    writer_.line(
        fmt::format("  ({0}_{1}_SCALE * (float)((q) - {0}_{1}_ZERO_POINT))", upper_, port.macro));
  }

  bool has_int8() const {
    const auto is_int8 = [](const PortCode &port) { return port.type.quant.has_value(); };
    return std::any_of(ports_.inputs.begin(), ports_.inputs.end(), is_int8) ||
           std::any_of(ports_.outputs.begin(), ports_.outputs.end(), is_int8);
  }

  void print_place(const PortCode &port, const std::string &word, std::size_t index) {
    if (word == "input" && index == 0) define_bytes("INPUT_OFFSET", port.offset);
    if (word == "output" && index == 0) define_bytes("OUTPUT_OFFSET", port.offset);
    define_bytes(port.macro + "_OFFSET", port.offset);
    const bool same = port.c_type() == style_.array_type;
    const std::int64_t units = port.offset / (same && style_.unit == 4 ? 4 : 1);
    const std::string arena =
        same ? fmt::format("{}_ARENA", upper_) : fmt::format("(int8_t *){}_ARENA", upper_);
    const std::string place = units == 0 ? arena : fmt::format("{} + {}", arena, units);
    const bool cast = port.c_type() != "int8_t" && !same;
    define(fmt::format("{}_DATA", port.macro),
           cast ? fmt::format("(({} *)(void *)({}))", port.c_type(), place) : "(" + place + ")");
  }

  void print_functions() {
    print_access("input", "IN", ports_.stream_in || ports_.borrow_input);
    print_access("output", "OUT", ports_.stream_out);
    writer_.line("#ifdef __cplusplus\nextern \"C\" {\n#endif");
    writer_.line();
    writer_.line(fmt::format("extern {0}_ARENA_TYPE {0}_ARENA[{0}_ARENA_LENGTH];\n", upper_));
    writer_.comment("Gets row `row` of an output as it is made: its ROW_BYTES bytes at `data`.");
    writer_.line(fmt::format(
        "typedef void (*{}_row_fn)(void *user, int output, int row, const void *data);", name_));
    if (ports_.stream_in) {
      writer_.comment("Writes row `row` of an input to `data`. Rows are asked for once, in order.");
      writer_.line(fmt::format(
          "typedef void (*{}_fill_fn)(void *user, int input, int row, void *data);", name_));
    }
    writer_.line();
    print_run();
    print_selftest();
    writer_.line("#ifdef __cplusplus\n}\n#endif");
    writer_.line();
  }

  void print_selftest() {
    writer_.comment("Runs a golden vector; 0 if the output is right. Overwrites the arena" +
                    std::string(ports_.borrow_input ? ", and the input that it gets." : "."));
    writer_.line(fmt::format("int {}_selftest({});\n", name_, selftest_parameters(style_)));
  }

  // die_input(0): pasted, so the port is a literal number.
  void print_access(const std::string &word, const std::string &macro, bool streamed) {
    if (streamed) return;
    writer_.line(fmt::format("#define {}_{}(i) {}_{}##i##_DATA", name_, word, upper_, macro));
    writer_.line();
  }

  void print_run() {
    if (ports_.borrow_input) print_lent();
    if (!ports_.stream_in && !ports_.stream_out) {
      writer_.comment(
          ports_.borrow_input
              ? "From the caller's input to the output's place in the arena."
              : "From the input's place in the arena to the output's; consumes the input.");
      writer_.line(fmt::format("void {}_run({});", name_, run_parameters(style_)));
    }
    writer_.comment(ports_.stream_out ? "Hands out every output row."
                                      : "Also hands out every output row; `emit` may be null.");
    writer_.line(
        fmt::format("void {}_run_rows({});", name_, run_rows_parameters(name_, ports_, style_)));
  }

  void print_lent() {
    const bool is_one = style_.lent.size() == 1;
    writer_.comment(fmt::format(
        "{} with the caller: IN{}_COUNT elements in stored order, read in place, any row "
        "as often as needed, never written; not in the arena, and not counted in it.",
        is_one ? "The input stays" : "Inputs stay", is_one ? "0" : "<i>"));
    if (options_.target.flash_separate)
      writer_.comment(
          "In RAM: a plain pointer, which does not reach flash (PROGMEM) on this chip.");
  }

  const Options &options_;
  const Ports &ports_;
  const ArenaStyle &style_;
  const Bill &bill_;
  const std::string name_, upper_;
  ctext::CWriter writer_;
};

}  // namespace

std::string run_parameters(const ArenaStyle &style) {
  std::string text;
  for (const Lent &lent : style.lent) text += (text.empty() ? "" : ", ") + lent.parameter();
  return text.empty() ? "void" : text;
}

std::string run_rows_parameters(const std::string &name, const Ports &ports,
                                const ArenaStyle &style) {
  std::string text = style.lent.empty() ? "" : run_parameters(style) + ", ";
  if (ports.stream_in) text += name + "_fill_fn fill, ";
  return text + name + "_row_fn emit, void *user";
}

std::string selftest_parameters(const ArenaStyle &style) {
  std::string text;
  for (const Lent &lent : style.lent)
    text += (text.empty() ? "" : ", ") + lent.element + " *" + lent.name;
  return text.empty() ? "void" : text;
}

std::string lent_arguments(const ArenaStyle &style) {
  std::string text;
  for (const Lent &lent : style.lent) text += lent.name + ", ";
  return text;
}

std::string file_head(const Options &options, const Bill &bill) {
  ctext::CWriter writer;
  writer.comment("Generated by thimble " + ctext::comment_text(options.version) + " for " +
                 ctext::comment_text(options.target.name) + ". SPDX-License-Identifier: 0BSD");
  if (!options.command_options.empty()) {
    writer.comment("Options: " + ctext::comment_text(options.command_options));
  }
  const std::string lent =
      bill.lent ? fmt::format("; {} of input are the caller's, not counted", bill.lent) : "";
  writer.comment(
      fmt::format("RAM: {} bytes of arena{}. Flash: {} bytes of weights and {} of constants.",
                  bill.arena, lent, bill.weights, bill.constants));
  return writer.take();
}

std::string print_header(const Options &options, const Ports &ports, const ArenaStyle &style,
                         const Bill &bill) {
  return HeaderPrinter(options, ports, style, bill).print();
}

}  // namespace thimble::codegen
