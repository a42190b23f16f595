// Printing the example (example.h). C and sketch differ in how a thing is printed, and in nothing
// else: `Printing` has the words of both.
#include "packages/example.h"

#include <fmt/format.h>

#include "ctext/c_writer.h"
#include "packages/common.h"

namespace thimble::packages {
namespace {

// Statements, with the value to print in the place of "{}".
struct Printing {
  std::string integer, real, row;  // row: of output and row
  std::string line_end, right, wrong;
};

const Printing kStdio = {
    R"(printf(" %d", (int){});)",
    R"(printf(" %.6g", (double){});)",
    R"(printf("output %d, row %d:", output, row);)",
    R"(printf("\n");)",
    R"(printf("selftest: right\n");)",
    R"(printf("selftest: wrong\n");)",
};

const Printing kSerial = {
    "Serial.print(' ');\nSerial.print((int){});",
    "Serial.print(' ');\nSerial.print((double){}, 6);",
    "Serial.print(F(\"output \"));\nSerial.print(output);\nSerial.print(F(\", row \"));\n"
    "Serial.print(row);\nSerial.print(':');",
    "Serial.println();",
    R"(Serial.println(F("selftest: right"));)",
    R"(Serial.println(F("selftest: wrong"));)",
};

bool is_float(const ir::Type &type) { return type.dtype == ir::DType::kF32; }

std::string c_type(const ir::Type &type) { return is_float(type) ? "float" : "int8_t"; }

std::string with(const std::string &statement, const std::string &value) {
  const std::size_t place = statement.find("{}");
  return statement.substr(0, place) + value + statement.substr(place + 2);
}

class Example {
 public:
  Example(const Subject &subject, const Printing &printing)
      : subject_(subject), network_(subject.network), printing_(printing) {}

  // What all entries call: `number`, `fill`, `show` and the arrays of borrowed inputs.
  void print_helpers() {
    comment("The i-th number of an input, made up: -50, -49, ..., 50, and again. Yours go here.");
    writer_.open("static int number(uint32_t i)");
    writer_.line("return (int)(i % 101u) - 50;");
    writer_.close();
    writer_.line();
    if (network_.stream_in) print_fill();
    print_show();
    if (network_.borrow_input) print_arrays();
  }

  // The inputs, a run, the outputs.
  void print_run() {
    for (std::size_t i = 0; !network_.stream_in && i < network_.inputs.size(); ++i)
      print_loop(i, count("IN", i), input(i) + "[i]", "i");
    if (network_.stream_in || network_.stream_out) {
      line(fmt::format("@NAME@_run_rows({}{}show, 0);", borrowed(", "),
                       network_.stream_in ? "fill, " : ""));
      return;
    }
    line(fmt::format("@NAME@_run({});", borrowed("")));
  }

  void print_outputs() {
    for (std::size_t i = 0; !is_streamed() && i < network_.outputs.size(); ++i) {
      line(fmt::format("for (int row = 0; row < @UPPER@_OUT{}_ROWS; ++row) {{", i));
      line(fmt::format("  show(0, {0}, row, @NAME@_output({0}) + (uint32_t)row * {1});", i,
                       row_count("OUT", i)));
      line("}");
    }
  }

  bool is_streamed() const { return network_.stream_in || network_.stream_out; }
  // "@NAME@_selftest()", with the arrays of what it borrows.
  std::string selftest() const { return fmt::format("@NAME@_selftest({})", borrowed("")); }
  void line(const std::string &text) { writer_.line(text.empty() ? "" : fill_in(text)); }
  void lines(const std::string &text) { writer_.lines(text); }
  void open(const std::string &text) { writer_.open(text); }
  void close() { writer_.close(); }
  void comment(const std::string &text) { writer_.line("/* " + text + " */"); }
  std::string take() { return writer_.take(); }

 private:
  std::string fill_in(const std::string &text) const { return fill(text, subject_); }

  std::string count(const std::string &word, std::size_t i) const {
    return fmt::format("@UPPER@_{}{}_COUNT", word, i);
  }
  std::string row_count(const std::string &word, std::size_t i) const {
    return fmt::format("({} / @UPPER@_{}{}_ROWS)", count(word, i), word, i);
  }
  std::string input(std::size_t i) const {
    return network_.borrow_input ? fmt::format("input{}", i) : fmt::format("@NAME@_input({})", i);
  }
  // "input0, input1" and `tail`; nothing where inputs are not borrowed.
  std::string borrowed(const std::string &tail) const {
    std::string text;
    for (std::size_t i = 0; network_.borrow_input && i < network_.inputs.size(); ++i)
      text += (text.empty() ? "" : ", ") + input(i);
    return text.empty() ? text : text + tail;
  }

  void print_loop(std::size_t port, const std::string &limit, const std::string &place,
                  const std::string &index) {
    const ir::Type &type = network_.inputs[port];
    line(fmt::format("for (uint32_t i = 0; i < {}; ++i) {{", limit));
    line(fmt::format("  {} = ({})number({}){};", place, c_type(type), index,
                     is_float(type) ? " / 50.0f" : ""));
    line("}");
  }

  void print_fill() {
    comment("The network asks for its input row by row.");
    open("static void fill(void *user, int input, int row, void *data)");
    line("(void)user;");
    for (std::size_t i = 0; i < network_.inputs.size(); ++i) {
      open(fmt::format("if (input == {})", i));
      print_loop(i, row_count("IN", i), fmt::format("(({} *)data)[i]", c_type(network_.inputs[i])),
                 fmt::format("(uint32_t)row * {} + i", row_count("IN", i)));
      close();
    }
    close();
    line("");
  }

  void print_show() {
    comment("Prints a row of an output.");
    open("static void show(void *user, int output, int row, const void *data)");
    line("(void)user;");
    lines(printing_.row);
    for (std::size_t i = 0; i < network_.outputs.size(); ++i) {
      const ir::Type &type = network_.outputs[i];
      open(fmt::format("if (output == {})", i));
      open(fill_in(fmt::format("for (uint32_t i = 0; i < {}; ++i)", row_count("OUT", i))));
      lines(with(is_float(type) ? printing_.real : printing_.integer,
                 fmt::format("((const {} *)data)[i]", c_type(type))));
      close();
      close();
    }
    lines(printing_.line_end);
    close();
    line("");
  }

  void print_arrays() {
    for (std::size_t i = 0; i < network_.inputs.size(); ++i)
      line(fmt::format("static {} input{}[{}];", c_type(network_.inputs[i]), i, count("IN", i)));
    line("");
  }

  const Subject &subject_;
  const codegen::Emitted &network_;
  const Printing &printing_;
  ctext::CWriter writer_;
};

}  // namespace

std::string example_program(const Subject &subject, const std::string &entry) {
  Example example(subject, kStdio);
  const bool gives_status = entry.starts_with("int");
  example.comment("Runs a network on made-up numbers and prints what comes out.");
  example.comment("SPDX-License-Identifier: 0BSD");
  example.line("#include <stdio.h>");
  example.line("");
  example.line("#include \"@NAME@.h\"");
  example.line("");
  example.print_helpers();
  example.open(entry);
  example.open(fill("if (" + example.selftest() + " != 0)", subject));
  example.lines(kStdio.wrong);
  example.line(gives_status ? "return 1;" : "return;");
  example.close();
  example.lines(kStdio.right);
  example.print_run();
  example.print_outputs();
  if (gives_status) example.line("return 0;");
  example.close();
  return example.take();
}

std::string example_sketch(const Subject &subject) {
  Example example(subject, kSerial);
  example.comment(
      "Runs a network on made-up numbers and prints what comes out, and how long it took.");
  example.comment("SPDX-License-Identifier: 0BSD");
  example.line("#include <Arduino.h>");
  example.line("");
  example.line("#include <@NAME@.h>");
  example.line("");
  example.print_helpers();
  example.open("void setup()");
  example.line("Serial.begin(115200);");
  example.line("while (!Serial) {");
  example.line("}");
  example.open(fill("if (" + example.selftest() + " != 0)", subject));
  example.lines(kSerial.wrong);
  example.line("return;");
  example.close();
  example.lines(kSerial.right);
  if (example.is_streamed()) {  // printing is not what is to be timed
    example.print_run();
  } else {
    example.line("const unsigned long start = micros();");
    example.print_run();
    example.line("const unsigned long end = micros();");
    example.print_outputs();
    example.lines("Serial.print(F(\"microseconds: \"));\nSerial.println(end - start);");
  }
  example.close();
  example.line("");
  example.open("void loop()");
  example.close();
  return example.take();
}

}  // namespace thimble::packages
