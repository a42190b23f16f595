// A sample's inputs follow one another in port order, so every port starts at a known byte;
// streamed ports move a row at a time, the others at once.
#include "emulate/print_network.h"

#include <fmt/format.h>

#include <cctype>

namespace thimble::emulate {
namespace {

using codegen::Emitted;

std::string upper(std::string text) {
  for (char &c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::int64_t total_bytes(const std::vector<ir::Type> &ports) {
  std::int64_t sum = 0;
  for (const ir::Type &port : ports) sum += port.bytes();
  return sum;
}

// Where each port starts in a sample, and the bytes of one of its rows.
std::string port_tables(const std::string &prefix, const std::vector<ir::Type> &ports) {
  std::string starts, rows;
  std::int64_t start = 0;
  for (const ir::Type &port : ports) {
    starts += fmt::format("{}{}u", starts.empty() ? "" : ", ", start);
    rows += fmt::format("{}{}u", rows.empty() ? "" : ", ", port.row_bytes());
    start += port.bytes();
  }
  return fmt::format(
      "static const uint32_t {0}_start[] = {{{1}}};\n"
      "static const uint32_t {0}_row_bytes[] = {{{2}}};\n",
      prefix, starts, rows);
}

// static void NAME(void *user, int port, int row, QUALIFIER *data): moves one row by `transfer`.
std::string row_callback(const std::string &name, const std::string &ports, const std::string &data,
                         const std::string &transfer) {
  return fmt::format(
      "static void {0}(void *user, int port, int row, {2}data) {{\n"
      "  (void)user;\n"
      "  {3}({1}_start[port] + (uint32_t)row * {1}_row_bytes[port], data, {1}_row_bytes[port]);\n"
      "}}\n",
      name, ports, data, transfer);
}

// The caller's own copy of an input that the network borrows.
std::string lent_name(std::size_t port) { return fmt::format("lent{}", port); }

std::string lent_arrays(const std::vector<ir::Type> &inputs) {
  std::string text;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    text +=
        fmt::format("static {} {}[{}u];\n", inputs[i].dtype == ir::DType::kF32 ? "float" : "int8_t",
                    lent_name(i), inputs[i].shape.elements());
  return text;
}

std::string read_lent(const std::vector<ir::Type> &inputs) {
  std::string text;
  std::int64_t start = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    text += fmt::format("  port_read({}u, {}, {}u);\n", start, lent_name(i), inputs[i].bytes());
    start += inputs[i].bytes();
  }
  return text;
}

// One call of port_read or port_write for each port that lies in the arena.
std::string transfers(const std::string &function, const std::string &macro,
                      const std::vector<ir::Type> &ports, bool streamed) {
  std::string text;
  std::int64_t start = 0;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (!streamed) {
      text += fmt::format("  {}({}u, {}({}), {}u);\n", function, start, macro, i, ports[i].bytes());
    }
    start += ports[i].bytes();
  }
  return text;
}

std::string run_call(const Emitted &emitted) {
  const char *emit = emitted.stream_out ? "emit" : "0";
  std::string lent;
  for (std::size_t i = 0; emitted.borrow_input && i < emitted.inputs.size(); ++i)
    lent += (i ? ", " : "") + lent_name(i);
  if (emitted.stream_in) return fmt::format("{}_run_rows(fill, {}, 0)", emitted.name, emit);
  if (emitted.stream_out)
    return fmt::format("{}_run_rows({}{}emit, 0)", emitted.name, lent, lent.empty() ? "" : ", ");
  return fmt::format("{}_run({})", emitted.name, lent);
}

}  // namespace

std::string print_network(const Emitted &emitted) {
  std::string text = fmt::format(
      "/* Binds {0}.h to the harness. */\n#include \"{0}.h\"\n\n#include \"harness.h\"\n\n"
      "const uint32_t network_input_bytes = {1}u;\nconst uint32_t network_output_bytes = {2}u;\n",
      emitted.name, total_bytes(emitted.inputs), total_bytes(emitted.outputs));
  if (emitted.stream_in) {
    text += port_tables("input", emitted.inputs);
    text += row_callback("fill", "input", "void *", "port_read");
  }
  if (emitted.borrow_input) text += lent_arrays(emitted.inputs);
  if (emitted.stream_out) {
    text += port_tables("output", emitted.outputs);
    text += row_callback("emit", "output", "const void *", "port_write");
  }
  if (emitted.announces_steps) {
    text += fmt::format(
        "\nvoid {0}_step(int group);\nvoid {0}_step(int group) {{ port_step(group); }}\n",
        emitted.name);
  }
  // Two records with nothing between them say what recording itself costs.
  const bool steps = emitted.announces_steps;
  const std::string begin =
      steps ? fmt::format("  {0}_step(-1);\n  {0}_step(-1);\n", emitted.name) : std::string();
  const std::string end = steps ? fmt::format("  {}_step(-1);\n", emitted.name) : std::string();
  text += fmt::format(
      "\nvoid network_load(void) {{\n{}}}\n"
      "\nvoid network_run(void) {{\n  port_start();\n{}  {};\n{}  port_stop();\n"
      "  __asm__ volatile(\"\"); /* port_stop stays a call, as where the marks' own cost is taken "
      "*/\n"
      "}}\n"
      "\nvoid network_store(void) {{\n{}}}\n",
      emitted.borrow_input
          ? read_lent(emitted.inputs)
          : transfers("port_read", emitted.name + "_input", emitted.inputs, emitted.stream_in),
      begin, run_call(emitted), end,
      transfers("port_write", emitted.name + "_output", emitted.outputs, emitted.stream_out));
  return text;
}

std::string print_empty_network(const Emitted &emitted) {
  const std::string macro = upper(emitted.name), &name = emitted.name;
  std::string lent, unused;
  for (std::size_t i = 0; emitted.borrow_input && i < emitted.inputs.size(); ++i) {
    const bool is_float = emitted.inputs[i].dtype == ir::DType::kF32;
    lent += fmt::format("{}const {} *{}", i ? ", " : "", is_float ? "float" : "int8_t",
                        "a" + std::to_string(i));
    unused += fmt::format(" (void)a{};", i);
  }
  const bool rows = emitted.stream_in || emitted.stream_out;
  const std::string row_parameters =
      fmt::format("{}{}{}{}_row_fn emit, void *user", lent, lent.empty() ? "" : ", ",
                  emitted.stream_in ? name + "_fill_fn fill, " : std::string(), name);
  return fmt::format(
      "/* The empty program: {0} without its network. */\n#include \"{0}.h\"\n\n"
      "{1}_ARENA_TYPE {0}_arena[{1}_ARENA_LENGTH];\nvoid {0}_{2} {{{3}{4}}}\n",
      name, macro,
      rows ? "run_rows(" + row_parameters + ")" : "run(" + (lent.empty() ? "void" : lent) + ")",
      unused + (emitted.stream_in ? " (void)fill;" : ""), rows ? " (void)emit; (void)user; " : "");
}

}  // namespace thimble::emulate
