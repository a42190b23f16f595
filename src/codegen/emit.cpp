// Plan -> C files, step by step: bind every call's kernel parameters, decide which functions and
// tables that takes, then print. The parts are in the files included here; this one puts them in
// order.
#include "codegen/emit.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "codegen/arena.h"
#include "codegen/bind.h"
#include "codegen/functions.h"
#include "codegen/groups.h"
#include "codegen/header.h"
#include "codegen/layers.h"
#include "codegen/ports.h"
#include "codegen/run_text.h"
#include "codegen/selftest.h"
#include "codegen/tables.h"
#include "ctext/identifiers.h"
#include "ctext/literals.h"
#include "ops/column_phases.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

// Everything that printing needs, decided.
struct Source {
  const ir::Graph &graph;
  const plan::Plan &plan;
  const Options &options;
  const Ports &ports;
  const ArenaStyle &style;
  const Tables &tables;
  const Functions &functions;
  const Groups &groups;
  const Layers &layers;
  Bill bill;
};

// The words of the target for find_kernel, those with the requantization first: "avr_mul_m16
// avr_mul".
std::string inner_loops(const Options &options) {
  std::istringstream words(options.target.inner_loops);
  std::string with_requant;
  for (std::string word; words >> word;)
    with_requant += word + "_" + targets::to_string(options.numbers.requant) + " ";
  return with_requant + options.target.inner_loops;
}

// Words that new file-level names must avoid: what the kernels' texts and the file itself use.
void reserve_words(const Options &options, const ArenaStyle &style, ctext::Names &names) {
  names.reserve({"ARENA",
                 "call",
                 "layer",
                 "layers",
                 "run_layers",
                 "selftest",
                 "selftest_draw",
                 "selftest_fill",
                 "selftest_emit",
                 "user",
                 "emit",
                 "fill",
                 options.name + "_arena",
                 options.name + "_run",
                 options.name + "_run_rows",
                 options.name + "_selftest",
                 options.name + "_step",
                 options.name + "_row_fn",
                 options.name + "_fill_fn",
                 options.name + "_input",
                 options.name + "_output"});
  for (const Lent &lent : style.lent) names.reserve({lent.name});
}

void reserve_words_of(const KernelText &text, ctext::Names &names) {
  names.reserve(ctext::words(text.body));
  names.reserve({text.name});
  for (const std::string &helper : text.kernel_includes) names.reserve({helper});
  for (const KernelParameter &parameter : text.parameters) names.reserve({parameter.name});
}

void reserve_kernel_words(const plan::Program &program, const ir::Graph &graph,
                          const Options &options, ctext::Names &names) {
  const std::string loops = inner_loops(options);
  for (const plan::Call &call : program.calls) {
    if (call.node < 0) continue;
    const ir::Node &node = graph.node(call.node);
    const auto kernels = ops::operator_of(node).kernels;
    if (!kernels) continue;
    const ops::Kernels all = kernels(graph, node, options.numbers, call.mode);
    for (const auto *kernel : {&all.row, &all.begin, &all.fold, &all.end}) {
      if (!*kernel) continue;
      if (const KernelText *text = find_kernel(**kernel, loops)) reserve_words_of(*text, names);
      if ((*kernel)->file == ops::kPixelByPixel)
        reserve_words_of(*find_kernel(ops::kColumnPhases, loops), names);
      if (!targets::has_word(loops, targets::kHighMultiply)) continue;
      for (const char *ending : {"_line", "_line_tensor", "_doubled", "_doubled_tensor"})
        if (const KernelText *text = find_kernel((*kernel)->file + ending, loops))
          reserve_words_of(*text, names);
      reserve_words_of(*find_kernel("binary_plane_i8", loops), names);
    }
  }
}

// avr-gcc merges two steps of a pointer into an offset, which loads from flash and by the register
// X do not have; an empty statement between them keeps the steps, and they cost nothing.
void print_step(ctext::CWriter &writer, bool keep_steps) {
  writer.comment("The next element.");
  writer.line(keep_steps
                  ? "#define THIMBLE_STEP(p) do { ++(p); __asm__(\"\" : \"+r\"(p)); } while (0)"
                  : "#define THIMBLE_STEP(p) ++(p)");
  writer.line();
}

// A macro that is empty for other compilers.
void print_for_gcc(ctext::CWriter &writer, const std::string &macro, const std::string &text) {
  writer.line("#ifdef __GNUC__\n#define " + macro + " " + text);
  writer.line("#else\n#define " + macro + "\n#endif");
  writer.line();
}

// The lines between includes and tables: what assembly needs, how flash is read on this target.
void print_prelude(ctext::CWriter &writer, const targets::Target &target, const std::string &code) {
  const bool is_assembly = code.find("__asm__") != std::string::npos;
  if (is_assembly && target.gcc_only) {
    writer.line("#ifdef __clang__");
    writer.line(
        "#error \"The assembly below takes all registers, which only GCC gives. For Clang: "
        "--target host, plain C99\"");
    writer.line("#endif\n");
  }
  if (is_assembly) {
    writer.comment("Unoptimised, GCC keeps registers from the assembly below.");
    writer.line("#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPTIMIZE__)");
    writer.line("#pragma GCC optimize(\"O2\")");
    writer.line("#endif\n");
  }
  const bool separate = target.flash_separate;
  const std::pair<const char *, const char *> reads[] = {
      {"I8", "int8_t"},   {"U8", "uint8_t"},  {"U16", "uint16_t"},
      {"I16", "int16_t"}, {"I32", "int32_t"}, {"F32", "float"},
  };
  bool first = true;
  for (const auto &[name, type] : reads) {
    if (code.find(std::string("THIMBLE_READ_") + name + "(") == std::string::npos) continue;
    if (first) writer.comment("Tables lie in flash.");
    first = false;
    const std::string read = separate ? fmt::format("(*(const __flash {} *)(p))", type) : "(*(p))";
    writer.line(fmt::format("#define THIMBLE_READ_{}(p) {}", name, read));
  }
  if (!first) writer.line();
  if (code.find("THIMBLE_STEP(") != std::string::npos) print_step(writer, separate);
  if (code.find("THIMBLE_NOINLINE") != std::string::npos) {
    writer.comment("Inner loops keep their registers when they stay functions.");
    print_for_gcc(writer, "THIMBLE_NOINLINE", "__attribute__((noinline))");
  }
  if (code.find("THIMBLE_ONCE") != std::string::npos) {
    writer.comment("What is assembly gains nothing by copies for constant arguments.");
    print_for_gcc(writer, "THIMBLE_ONCE", "__attribute__((noinline, noclone))");
  }
  if (code.find("THIMBLE_INLINE") != std::string::npos) {
    writer.comment("What takes many arguments, and most registers, is part of its callers.");
    print_for_gcc(writer, "THIMBLE_INLINE", "inline __attribute__((always_inline))");
  }
  if (code.find("THIMBLE_WROTE") != std::string::npos) {
    writer.comment(
        "Says that a function has written. GCC 12 finds some without effect that step through one "
        "array by pointers to two types, and drops their calls.");
    print_for_gcc(writer, "THIMBLE_WROTE()", "__asm__ volatile(\"\" ::: \"memory\")");
  }
}

void print_arena(ctext::CWriter &writer, const Source &source) {
  const std::string upper = ctext::upper(source.options.name);
  writer.line(fmt::format("#ifdef {}_OWNS_ARENA", upper));
  writer.line(fmt::format("{0}_ARENA_TYPE {0}_ARENA[{0}_ARENA_LENGTH];", upper));
  writer.line("#endif");
  const bool same = source.style.element == source.style.array_type;
  writer.line(same ? fmt::format("#define ARENA {}_ARENA", upper)
                   : fmt::format("#define ARENA (({} *){}_ARENA)", source.style.element, upper));
  writer.line();
}

std::string buffer_text(const plan::Buffer &buffer) {
  std::string text = ctext::comment_text(buffer.name);
  if (buffer.kind == plan::BufferKind::kTensor) {
    text += fmt::format(", {} row{}", buffer.rows, buffer.rows == 1 ? "" : "s");
  }
  return text;
}

// One line a buffer, by offset; offsets and sizes in bytes, lives in steps of the run.
void print_memory_map(ctext::CWriter &writer, const plan::Plan &plan) {
  std::vector<plan::Buffer> buffers = plan.buffers;
  std::stable_sort(buffers.begin(), buffers.end(),
                   [](const auto &a, const auto &b) { return a.offset < b.offset; });
  writer.comment(
      fmt::format("The arena: {} bytes{}.", plan.arena_bytes,
                  plan.placement_proven ? ", proven least for this order of steps" : ""));
  writer.comment(fmt::format("{:>7} {:>7} {:>11}  what", "from", "bytes", "steps"));
  for (const plan::Buffer &buffer : buffers) {
    writer.comment(fmt::format("{:>7} {:>7} {:>11}  {}", buffer.offset, buffer.bytes,
                               fmt::format("{}-{}", buffer.first_step, buffer.last_step),
                               buffer_text(buffer)));
  }
  writer.line();
}

bool is_read(const Lent &lent, const Groups &groups) {
  return std::any_of(groups.list.begin(), groups.list.end(), [&](const GroupCode &group) {
    return std::find(group.lent.begin(), group.lent.end(), lent) != group.lent.end();
  });
}

void print_run(ctext::CWriter &writer, const Source &source) {
  const std::string &name = source.options.name;
  const Ports &ports = source.ports;
  if (source.options.announce_steps) {
    writer.comment("Told of each step of the run; for profiling.");
    writer.line("extern void " + name + "_step(int group);");
    writer.line();
  }
  writer.open("void " + name + "_run_rows(" + run_rows_parameters(name, ports, source.style) + ")");
  const auto &calls = source.plan.program.calls;
  const bool emits = std::any_of(calls.begin(), calls.end(), [](const plan::Call &call) {
    return call.phase == plan::Phase::kEmit;
  });
  if (!emits) writer.line("(void)emit;");
  if (!emits && !ports.stream_in) writer.line("(void)user;");
  for (const Lent &lent : source.style.lent)
    if (!is_read(lent, source.groups)) writer.line("(void)" + lent.name + ";");
  print_steps(writer, source.graph, source.plan.program, source.groups.list, source.style, ports,
              source.options.announce_steps ? name + "_step" : "");
  writer.close();
  writer.line();
  if (ports.stream_in || ports.stream_out) return;
  writer.open("void " + name + "_run(" + run_parameters(source.style) + ")");
  writer.line(name + "_run_rows(" + lent_arguments(source.style) + "0, 0);");
  writer.close();
  writer.line();
}

std::string print_source(const Source &source) {
  ctext::CWriter code;
  source.functions.print(code, source.options.numbers.requant);
  print_groups(code, source.graph, source.plan.program, source.groups, source.functions);
  print_layers(code, source.graph, source.plan.program, source.layers, source.functions,
               source.groups);
  print_run(code, source);
  print_selftest(code, source.graph, source.plan, source.options, source.ports, source.style);
  const std::string body = code.take();

  ctext::CWriter writer;
  writer.lines(file_head(source.options, source.bill));
  writer.line("#include \"" + source.options.name + ".h\"");
  writer.line();
  if (source.options.target.flash_separate) writer.line("#include <avr/pgmspace.h>");
  auto includes = source.functions.system_includes();
  if (body.find("memcpy(") != std::string::npos) includes.insert("<string.h>");
  if (body.find("INFINITY") != std::string::npos) includes.insert("<math.h>");
  for (const std::string &include : includes) writer.line("#include " + include);
  if (source.options.target.flash_separate || !includes.empty()) writer.line();
  print_prelude(writer, source.options.target, body);
  print_memory_map(writer, source.plan);
  print_arena(writer, source);
  source.tables.print(writer, source.options.target);
  return writer.take() + body;
}

// To the group whose steps theirs look like: what they do counts where they are announced.
void move_to_tokens(const Groups &groups, std::vector<std::vector<Work>> &work) {
  for (std::size_t i = 0; i < work.size(); ++i) {
    const int token = groups.list[i].token;
    if (token < 0 || token == static_cast<int>(i)) continue;
    add(work[token], work[i]);
    work[i].clear();
  }
}

Emitted describe(const Source &source) {
  Emitted emitted;
  emitted.name = source.options.name;
  emitted.weight_bytes = source.bill.weights;
  emitted.constant_bytes = source.bill.constants;
  emitted.arena_bytes = source.bill.arena;
  emitted.stream_in = source.ports.stream_in;
  emitted.stream_out = source.ports.stream_out;
  emitted.borrow_input = source.ports.borrow_input;
  emitted.announces_steps = source.options.announce_steps;
  for (const PortCode &port : source.ports.inputs) emitted.inputs.push_back(port.type);
  for (const PortCode &port : source.ports.outputs) emitted.outputs.push_back(port.type);
  return emitted;
}

}  // namespace

Result<Emitted> emit(const ir::Graph &graph, const plan::Plan &plan, const Options &options) {
  if (!ctext::is_identifier(options.name)) {
    return usage_error("'" + ctext::comment_text(options.name) + "' cannot prefix C names",
                       "it is not an identifier of C", "give --name a word of letters and digits");
  }
  TRY(const Ports ports, ports_of(graph, plan));
  const ArenaStyle style = arena_style(graph, plan, options.target);
  ctext::Names names;
  reserve_words(options, style, names);
  reserve_kernel_words(plan.program, graph, options, names);

  Tables tables;
  const std::string loops = inner_loops(options);
  Functions functions(loops, options.target.level);
  Binder binder(graph, options.numbers, style, loops, tables, names);
  TRY(Groups groups, bind_groups(graph, plan.program, binder, functions, names));
  if (Diagnostics errors = tables.check(options.target); !errors.empty()) return errors;
  functions.settle(names);
  drop_unused_rows(groups, functions);
  find_lent(groups, functions, style);
  const Layers layers =
      options.announce_steps ? Layers{} : find_layers(plan.program, functions, groups);

  const Bill bill{plan.arena_bytes, tables.weight_bytes(),
                  tables.constant_bytes() + functions.told_bytes() + layers.bytes(),
                  ports.lent_bytes()};
  const Source source{graph, plan, options, ports, style, tables, functions, groups, layers, bill};
  Emitted emitted = describe(source);
  KernelUses uses = binder.kernel_uses();
  for (auto &[of, use] : uses)
    use.shared = functions.is_shared(use.name, graph.node(std::get<0>(of)).name);
  emitted.work = work_of(graph, plan.program, uses);
  move_to_tokens(groups, emitted.work);
  emitted.files = {{options.name + ".h", print_header(options, ports, style, bill)},
                   {options.name + ".c", print_source(source)}};
  return emitted;
}

}  // namespace thimble::codegen
