// Taking kernel files apart and printing them baked (kernel_text.h).
#include "codegen/kernel_text.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <regex>
#include <sstream>

#include "ctext/identifiers.h"
#include "support/check.h"

namespace thimble::codegen {

std::string_view embedded_kernels(
    std::string_view file_name);  // generated: the text of kernels/*.c

namespace {

constexpr std::string_view kMark = "THIMBLE_KERNEL ";
constexpr std::string_view kSpecialise = "specialise:";
constexpr std::string_view kPerTensor = "_tensor";

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \n") - first + 1));
}

// "const int8_t *in0" -> {"const int8_t *", "in0"}; line breaks count as blanks.
KernelParameter parse_declarator(std::string_view text) {
  std::string plain;
  for (const char c : trimmed(text)) {
    const char blank = c == '\n' ? ' ' : c;
    if (blank != ' ' || plain.back() != ' ') plain += blank;
  }
  const auto split = plain.find_last_of(" *");
  CHECK(split != std::string::npos, "kernel declarator '" + plain + "' has no type");
  std::string type = plain.substr(0, split + 1);
  if (type.back() == ' ') type.pop_back();
  return {type, plain.substr(split + 1)};
}

std::vector<KernelParameter> parse_parameters(std::string_view list) {
  std::vector<KernelParameter> parameters;
  while (!list.empty()) {
    const auto comma = list.find(',');
    parameters.push_back(parse_declarator(list.substr(0, comma)));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return parameters;
}

bool has_parameter(const KernelText &kernel, const std::string &name) {
  return std::any_of(kernel.parameters.begin(), kernel.parameters.end(),
                     [&](const KernelParameter &one) { return one.name == name; });
}

// Lines above the function: includes, and the comment that stands directly over it.
void parse_preamble(const std::string &preamble, KernelText &kernel) {
  std::istringstream stream(preamble);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("#include <")) {
      kernel.system_includes.push_back(line.substr(9));
    } else if (line.starts_with("#include \"") && line.ends_with(".c\"")) {
      kernel.kernel_includes.push_back(line.substr(10, line.size() - 13));
    }
    if (!line.starts_with("//")) {
      kernel.comment.clear();
      continue;
    }
    const std::string words = trimmed(line.substr(2));
    if (words.starts_with(kSpecialise)) {
      std::istringstream names(words.substr(kSpecialise.size()));
      for (std::string name; names >> name;) kernel.specialise.push_back(name);
    } else {
      CHECK(words.find(kSpecialise) == std::string::npos,
            "'specialise:' begins no line of kernel '" + kernel.name + "'");
      kernel.comment += words + "\n";
    }
  }
  for (const std::string &name : kernel.specialise)
    CHECK(has_parameter(kernel, name),
          "kernel '" + kernel.name + "' has no parameter '" + name + "' to specialise by");
}

// A file that stands for several kernels: those whose names end with `suffix` are the file whose
// name ends with `common` instead, unless they have one of their own, with words put in place of
// others.
struct Variant {
  std::string_view suffix, common;
  std::pair<std::string_view, std::string_view> words[3] = {};
  std::string_view inner_loops = {};  // only for targets of this word
};
constexpr Variant kVariants[] = {
    {"_f32", "", {{"thimble_element", "float"}, {"THIMBLE_READ_ELEMENT", "THIMBLE_READ_F32"}}},
    {"_i8", "", {{"thimble_element", "int8_t"}, {"THIMBLE_READ_ELEMENT", "THIMBLE_READ_I8"}}},
    {"_w4",
     "_packed",
     {{"THIMBLE_OUTPUTS", "4"}, {"THIMBLE_LANES", "2"}, {"THIMBLE_BITS", "4"}},
     "armv6m"},
    {"_w4", "_packed", {{"THIMBLE_OUTPUTS", "2"}, {"THIMBLE_LANES", "2"}, {"THIMBLE_BITS", "4"}}},
    {"_w2", "_packed", {{"THIMBLE_OUTPUTS", "4"}, {"THIMBLE_LANES", "4"}, {"THIMBLE_BITS", "2"}}},
    {"_w1", "_packed", {{"THIMBLE_OUTPUTS", "8"}, {"THIMBLE_LANES", "8"}, {"THIMBLE_BITS", "1"}}},
    {"_wt", "_packed", {{"THIMBLE_OUTPUTS", "5"}, {"THIMBLE_LANES", "5"}}},
    {"_p4", "_planes", {{"THIMBLE_OUTPUTS", "32"}, {"THIMBLE_BITS", "4"}}},
    {"_p2", "_planes", {{"THIMBLE_OUTPUTS", "32"}, {"THIMBLE_BITS", "2"}}},
    {"_p1", "_planes", {{"THIMBLE_OUTPUTS", "32"}, {"THIMBLE_BITS", "1"}}},
    {"_o8", "_offset"},
    {"_z8", "_sparse"},
    {"_z4", "_sparse"},
    {"_m8", "_sparse"},
    {"_m4", "_sparse"},
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// Every name of a kernel or a helper that ends with `variant.common` becomes the variant's; of
// elements, where that is nothing, the kernel's alone.
std::string with_suffix(const std::string &text, const Variant &variant,
                        const std::string &common) {
  const std::string suffix(variant.suffix);
  if (!variant.common.empty()) return replaced(text, variant.common, suffix);
  return replaced(text, "void " + common + "(", "void " + common + suffix + "(");
}

std::vector<std::string> words_of(const std::string &text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

// The file of that name for the first of `inner_loops` that has one, or for all targets.
std::string_view file_for(const std::string &name, const std::vector<std::string> &inner_loops) {
  for (const std::string &word : inner_loops)
    if (const auto own = embedded_kernels(name + "_" + word + ".c"); !own.empty()) return own;
  return embedded_kernels(name + ".c");
}

// The text of a kernel by its full name: a file of its own, or one for all types of elements or all
// codes of weights.
std::string kernel_source(const std::string &name, const std::vector<std::string> &inner_loops) {
  if (const auto own = file_for(name, inner_loops); !own.empty()) return std::string(own);
  for (const Variant &variant : kVariants) {
    if (!name.ends_with(variant.suffix)) continue;
    if (!variant.inner_loops.empty() &&
        std::find(inner_loops.begin(), inner_loops.end(), variant.inner_loops) == inner_loops.end())
      continue;
    const std::string common = name.substr(0, name.size() - variant.suffix.size());
    const std::string_view file = file_for(common + std::string(variant.common), inner_loops);
    std::string text = with_suffix(std::string(file), variant, common);
    for (const auto &[from, to] : variant.words)
      if (!from.empty()) text = replaced(text, from, to);
    return text;
  }
  return {};
}

// Puts `expression` where the file says THIMBLE_FUNCTION(...).
void set_function(KernelText &kernel, const std::string &expression) {
  constexpr std::string_view kOpen = "THIMBLE_FUNCTION(";
  const auto start = kernel.body.find(kOpen);
  CHECK(start != std::string::npos, "kernel '" + kernel.name + "' leaves no function open");
  const auto end = kernel.body.find(')', start);
  kernel.body.replace(start, end + 1 - start, expression);
}

// What the expression calls: helpers of kernels/, or functions of the C library.
void add_includes(KernelText &kernel, const std::string &expression) {
  for (const std::string &word : ctext::words(expression)) {
    if (find_kernel(word))
      kernel.kernel_includes.push_back(word);
    else if (expression.find(word + "(") != std::string::npos)
      kernel.system_includes.push_back("<math.h>");
  }
}

KernelText with_function(KernelText text, const ops::Kernel &kernel) {
  set_function(text, kernel.expression);
  add_includes(text, kernel.expression);
  text.name = kernel.name;
  const auto words = ctext::words(kernel.expression);
  const auto add_parameter = [&](const std::string &type, const std::string &name) {
    if (words.count(name) && !has_parameter(text, name)) text.parameters.push_back({type, name});
  };
  for (const auto &[name, value] : kernel.reals) add_parameter("float", name);
  for (const auto &[name, value] : kernel.sizes) add_parameter("int32_t", name);
  return text;
}

// Sums become outputs by outputs_i8 alone: another function takes its place.
KernelText with_outputs(KernelText text, const std::string &suffix) {
  text.name += suffix;
  text.body = replaced(text.body, "outputs_i8(", "outputs_i8" + suffix + "(");
  std::replace(text.kernel_includes.begin(), text.kernel_includes.end(), std::string("outputs_i8"),
               "outputs_i8" + suffix);
  return text;
}

// All outputs have one shift, and none has limits.
KernelText on_a_line(KernelText text) {
  static const std::regex kShift("shift \\+ \\w+"), kLimits(",\\s+act_min,\\s+act_max\\)");
  text.body = std::regex_replace(text.body, kShift, "shift");
  text.body = std::regex_replace(text.body, kLimits, ")");
  std::erase_if(text.parameters, [](const KernelParameter &one) {
    return one.name == "act_min" || one.name == "act_max";
  });
  for (KernelParameter &one : text.parameters) {
    if (one.name == "multiplier") one.type = "const int32_t *";
    if (one.name == "shift") one.type = "int";
  }
  return text;
}

// One rescaling for all outputs: every call begins with the first of the tables. Null where a call
// makes all of a pixel, so that the tables must be whole.
std::unique_ptr<const KernelText> per_tensor(KernelText text) {
  static const std::regex kOffset("(multiplier|shift) \\+ \\w+");
  if (text.body.find("multiplier + ") == std::string::npos) return nullptr;
  text.body = std::regex_replace(text.body, kOffset, "$1");
  text.name += kPerTensor;
  return std::make_unique<const KernelText>(std::move(text));
}

// "conv2d_i8" for "conv2d_i8_line"; null if it has no outputs_i8, or `name` has another ending.
const KernelText *without_ending(const std::string &name, const std::string &ending,
                                 const std::string &inner_loops) {
  if (!name.ends_with(ending)) return nullptr;
  const KernelText *plain = find_kernel(name.substr(0, name.size() - ending.size()), inner_loops);
  if (!plain) return nullptr;
  const auto &includes = plain->kernel_includes;
  return std::find(includes.begin(), includes.end(), "outputs_i8") == includes.end() ? nullptr
                                                                                     : plain;
}

std::unique_ptr<const KernelText> kernel_text(const std::string &name,
                                              const std::string &inner_loops) {
  const std::string text = kernel_source(name, words_of(inner_loops));
  if (!text.empty()) return std::make_unique<const KernelText>(parse_kernel(text));
  if (const KernelText *plain = without_ending(name, "_line", inner_loops))
    return std::make_unique<const KernelText>(on_a_line(with_outputs(*plain, "_line")));
  if (const KernelText *plain = without_ending(name, "_doubled", inner_loops))
    return std::make_unique<const KernelText>(with_outputs(*plain, "_doubled"));
  if (name.ends_with(kPerTensor))
    if (const KernelText *all =
            find_kernel(name.substr(0, name.size() - kPerTensor.size()), inner_loops))
      return per_tensor(*all);
  return nullptr;
}

}  // namespace

KernelText parse_kernel(std::string_view text) {
  const auto start = text.find(kMark);
  CHECK(start != std::string_view::npos, "a kernel file has no THIMBLE_KERNEL function");
  const auto open = text.find('(', start);
  const auto close = text.find(')', open);
  const auto body = text.find("{\n", close);
  const auto end = text.find("\n}", body);
  CHECK(end != std::string_view::npos, "a kernel function does not end");

  KernelText kernel;
  const auto head =
      parse_declarator(text.substr(start + kMark.size(), open - start - kMark.size()));
  kernel.return_type = head.type;
  kernel.name = head.name;
  kernel.parameters = parse_parameters(text.substr(open + 1, close - open - 1));
  kernel.body = std::string(text.substr(body + 2, end - body - 1));
  parse_preamble(std::string(text.substr(0, start)), kernel);
  return kernel;
}

const KernelText *find_kernel(const std::string &name, const std::string &inner_loops) {
  static std::map<std::pair<std::string, std::string>, std::unique_ptr<const KernelText>> parsed;
  auto &slot = parsed[{name, inner_loops}];
  if (!slot) slot = kernel_text(name, inner_loops);
  return slot.get();
}

const KernelText *find_kernel(const ops::Kernel &kernel, const std::string &inner_loops) {
  const KernelText *file = find_kernel(kernel.file, inner_loops);
  if (!file || kernel.expression.empty()) return file;
  static std::map<std::pair<std::string, std::string>, KernelText> made;
  const auto key = std::pair{kernel.file + " " + kernel.name, kernel.expression};
  auto found = made.find(key);
  if (found == made.end()) found = made.emplace(key, with_function(*file, kernel)).first;
  return &found->second;
}

void print_kernel(ctext::CWriter &writer, const KernelText &kernel, const std::string &name,
                  const std::map<std::string, std::string> &baked, bool stays_function,
                  const std::string &first_parameter) {
  const auto is_pointer = [](const KernelParameter &one) { return one.type.back() == '*'; };
  const auto declare = [&](const KernelParameter &one) {
    return one.type + (is_pointer(one) ? "" : " ") + one.name;
  };
  std::vector<std::string> arguments;
  if (!first_parameter.empty()) arguments.push_back(first_parameter);
  for (const auto &parameter : kernel.parameters) {
    if (!baked.contains(parameter.name)) arguments.push_back(declare(parameter));
  }
  if (arguments.empty()) arguments.push_back("void");
  if (!kernel.comment.empty()) writer.comment(trimmed(kernel.comment));
  const std::string qualifiers = stays_function ? "static THIMBLE_NOINLINE " : "static ";
  writer.list(qualifiers + declare({kernel.return_type, name}) + "(", arguments, ") {");
  for (const auto &parameter : kernel.parameters) {
    const auto value = baked.find(parameter.name);
    if (value == baked.end()) continue;
    // Bodies step through memory with their pointers; sizes they leave alone.
    const std::string qualifier = is_pointer(parameter) ? "" : "const ";
    writer.line("  " + qualifier + declare(parameter) + " = " + value->second + ";");
  }
  writer.lines(kernel.body);
  if (kernel.return_type == "void") writer.line("  THIMBLE_WROTE();");
  writer.line("}");
}

}  // namespace thimble::codegen
