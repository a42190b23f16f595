// Printing NAME_selftest, and computing what it expects (selftest.h). Rows are drawn and folded in
// the order in which the plan fills and emits them, here as in the C.
#include "codegen/selftest.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "codegen/header.h"
#include "ctext/literals.h"
#include "ops/evaluate.h"

namespace thimble::codegen {
namespace {

// The generator that the C has too (Numerical Recipes' constants).
class Random {
 public:
  std::uint32_t next() { return state_ = state_ * 1664525u + 1013904223u; }
  std::int8_t byte() { return static_cast<std::int8_t>((next() >> 24) - 128u); }
  float real() { return static_cast<float>(next() >> 8) / 8388608.0f - 1.0f; }  // [-1, 1), exact

 private:
  std::uint32_t state_ = 1;
};

struct Expected {
  std::uint32_t crc = 0;
  double sum = 0, magnitude = 0;  // of output * random over all finite elements
  bool all_finite = true;         // no element was left out
};

std::uint32_t crc_of(std::uint32_t crc, std::uint8_t byte) {
  crc ^= byte;
  for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0u);
  return crc;
}

void draw_row(ops::Tensor &tensor, int row, Random &random) {
  const std::int64_t width = tensor.type.shape.elements() / tensor.type.shape.rows;
  for (std::int64_t i = row * width; i < (row + 1) * width; ++i) {
    if (tensor.type.dtype == ir::DType::kF32) {
      tensor.f32[i] = random.real();
    } else {
      tensor.i8[i] = random.byte();
    }
  }
}

std::vector<ops::Tensor> draw_inputs(const plan::Plan &plan, const Ports &ports, Random &random) {
  std::vector<ops::Tensor> inputs;
  for (const PortCode &port : ports.inputs) {
    ops::Tensor tensor{port.type, {}, {}};
    const bool is_float = port.type.dtype == ir::DType::kF32;
    if (is_float) tensor.f32.resize(port.type.shape.elements());
    if (!is_float) tensor.i8.resize(port.type.shape.elements());
    for (int row = 0; !ports.stream_in && row < port.type.shape.rows; ++row) {
      draw_row(tensor, row, random);
    }
    inputs.push_back(std::move(tensor));
  }
  for (const plan::Step &step : plan.program.steps) {
    const plan::Call &call = plan.program.calls[plan.program.groups[step.group].sink];
    if (call.phase == plan::Phase::kFill) draw_row(inputs.at(call.port), step.row, random);
  }
  return inputs;
}

void fold_row(Expected &expected, const ops::Tensor &tensor, int row, Random &random) {
  const std::int64_t width = tensor.type.shape.elements() / tensor.type.shape.rows;
  for (std::int64_t i = row * width; i < (row + 1) * width; ++i) {
    if (tensor.type.dtype == ir::DType::kF32) {
      const double term = double{tensor.f32[i]} * random.real();
      if (!std::isfinite(tensor.f32[i])) {
        expected.all_finite = false;
        continue;
      }
      expected.sum += term;
      expected.magnitude += std::abs(term);
    } else {
      expected.crc = crc_of(expected.crc, static_cast<std::uint8_t>(tensor.i8[i]));
    }
  }
}

Expected expect(const ir::Graph &graph, const plan::Plan &plan, const Options &options,
                const Ports &ports) {
  Random random, weights;  // streamed rows come and go in turns, so each side has its own
  const auto outputs =
      ops::evaluate_outputs(graph, options.numbers, draw_inputs(plan, ports, random));
  Expected expected;
  expected.crc = 0xFFFFFFFFu;
  for (const plan::Step &step : plan.program.steps) {
    const plan::Call &call = plan.program.calls[plan.program.groups[step.group].sink];
    if (call.phase == plan::Phase::kEmit)
      fold_row(expected, outputs.at(call.port), step.row, weights);
  }
  expected.crc ^= 0xFFFFFFFFu;
  return expected;
}

class SelftestPrinter {
 public:
  SelftestPrinter(ctext::CWriter &writer, const Options &options, const Ports &ports,
                  const ArenaStyle &style)
      : writer_(writer), name_(options.name), ports_(ports), style_(style) {
    for (const PortCode &port : ports.outputs) is_float_ |= port.type.dtype == ir::DType::kF32;
  }

  void print(const Expected &expected) {
    print_state();
    print_draw();
    if (ports_.stream_in) print_fill();
    print_emit(expected);
    print_function(expected);
  }

 private:
  void print_state() {
    writer_.comment("The selftest: pseudo-random input, and " +
                    std::string(is_float_ ? "a pseudo-random projection of the output."
                                          : "a CRC-32 of the output."));
    writer_.open("struct selftest");
    writer_.line("uint32_t random;");
    if (is_float_) writer_.line("uint32_t weight;");
    writer_.line(is_float_ ? "float sum;" : "uint32_t crc;");
    writer_.close("};");
    writer_.line();
  }

  void print_next(const std::string &place) {
    writer_.line(place + " = " + place + " * 1664525u + 1013904223u;");
  }

  void print_draw() {
    const std::string type = is_float_ ? "float" : "int8_t";
    writer_.open("static void selftest_draw(struct selftest *test, " + type +
                 " *data, uint32_t count)");
    writer_.open("for (uint32_t i = 0; i < count; ++i)");
    print_next("test->random");
    writer_.line(is_float_ ? "data[i] = (float)(test->random >> 8) / 8388608.0f - 1.0f;"
                           : "data[i] = (int8_t)((int)(test->random >> 24) - 128);");
    writer_.close();
    writer_.close();
    writer_.line();
  }

  // "output == 0 ? DIE_OUT0_COUNT / DIE_OUT0_ROWS : ..." elements a row of the port's.
  std::string row_count(const std::vector<PortCode> &ports, const std::string &variable) {
    std::string text;
    for (std::size_t i = 0; i < ports.size(); ++i) {
      const ir::Shape &shape = ports[i].type.shape;
      const bool last = i + 1 == ports.size();
      if (!last) text += variable + " == " + std::to_string(i) + " ? ";
      text += std::to_string(shape.elements() / shape.rows) + (last ? "u" : "u : ");
    }
    return text;
  }

  void print_fill() {
    writer_.open("static void selftest_fill(void *user, int input, int row, void *data)");
    writer_.line("(void)row;");
    if (ports_.inputs.size() == 1) writer_.line("(void)input;");
    writer_.line("selftest_draw((struct selftest *)user, (" +
                 std::string(is_float_ ? "float" : "int8_t") + " *)data, " +
                 row_count(ports_.inputs, "input") + ");");
    writer_.close();
    writer_.line();
  }

  // A float that is not finite would hide all the others: it is left out, here as in fold_row.
  void print_emit(const Expected &expected) {
    writer_.open("static void selftest_emit(void *user, int output, int row, const void *data)");
    writer_.line("struct selftest *const test = (struct selftest *)user;");
    writer_.line(is_float_ ? "const float *const values = (const float *)data;"
                           : "const uint8_t *const bytes = (const uint8_t *)data;");
    writer_.line("const uint32_t count = " + row_count(ports_.outputs, "output") + ";");
    writer_.line("(void)row;");
    if (ports_.outputs.size() == 1) writer_.line("(void)output;");
    writer_.open("for (uint32_t i = 0; i < count; ++i)");
    if (is_float_) {
      print_next("test->weight");
      if (!expected.all_finite) writer_.line("if (values[i] - values[i] != 0.0f) continue;");
      writer_.line("test->sum += values[i] * ((float)(test->weight >> 8) / 8388608.0f - 1.0f);");
    } else {
      writer_.line("test->crc ^= bytes[i];");
      writer_.open("for (int bit = 0; bit < 8; ++bit)");
      writer_.line(
          "test->crc = (test->crc >> 1) ^ ((test->crc & 1u) ? UINT32_C(0xEDB88320) : 0u);");
      writer_.close();
    }
    writer_.close();
    writer_.close();
    writer_.line();
  }

  void print_function(const Expected &expected) {
    writer_.open("int " + name_ + "_selftest(" + selftest_parameters(style_) + ")");
    writer_.line(is_float_ ? "struct selftest test = {1u, 1u, 0.0f};"
                           : "struct selftest test = {1u, UINT32_C(0xFFFFFFFF)};");
    for (std::size_t i = 0; !ports_.stream_in && i < ports_.inputs.size(); ++i) {
      const std::string input =
          ports_.borrow_input ? style_.lent[i].name : fmt::format("{}_input({})", name_, i);
      writer_.line(fmt::format("selftest_draw(&test, {}, {}u);", input,
                               ports_.inputs[i].type.shape.elements()));
    }
    writer_.line(fmt::format("{}_run_rows({}{}selftest_emit, &test);", name_,
                             lent_arguments(style_), ports_.stream_in ? "selftest_fill, " : ""));
    if (is_float_) {
      const double tolerance = 1e-4 * expected.magnitude + 1e-6;
      const auto literal = [](double x) { return ctext::float_literal(static_cast<float>(x)); };
      writer_.line(fmt::format("return test.sum >= {} && test.sum <= {} ? 0 : 1;",
                               literal(expected.sum - tolerance),
                               literal(expected.sum + tolerance)));
    } else {
      writer_.line(fmt::format(
          "return (test.crc ^ UINT32_C(0xFFFFFFFF)) == UINT32_C(0x{:08X}) ? 0 : 1;", expected.crc));
    }
    writer_.close();
  }

  ctext::CWriter &writer_;
  const std::string name_;
  const Ports &ports_;
  const ArenaStyle &style_;
  bool is_float_ = false;
};

}  // namespace

void print_selftest(ctext::CWriter &writer, const ir::Graph &graph, const plan::Plan &plan,
                    const Options &options, const Ports &ports, const ArenaStyle &style) {
  SelftestPrinter(writer, options, ports, style).print(expect(graph, plan, options, ports));
}

}  // namespace thimble::codegen
