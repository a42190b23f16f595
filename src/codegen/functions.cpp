// Specialising and printing kernels (functions.h).
#include "codegen/functions.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::codegen {
namespace {

const KernelText &file(const std::string &name, const std::string &inner_loops) {
  const KernelText *kernel = find_kernel(name, inner_loops);
  CHECK(kernel, "kernel file '" + name + ".c' is not there");
  return *kernel;
}

// Every kernel that `kernel` needs, itself last. thimble_requant comes in by use: it is the plan's.
void visit(const KernelText &kernel, const std::string &requant, const std::string &inner_loops,
           std::vector<const KernelText *> &order) {
  if (std::find(order.begin(), order.end(), &kernel) != order.end()) return;
  if (kernel.name != "thimble_requant" &&
      kernel.body.find("thimble_requant(") != std::string::npos) {
    visit(file("requant_" + requant, inner_loops), requant, inner_loops, order);
  }
  for (const std::string &name : kernel.kernel_includes)
    visit(file(name, inner_loops), requant, inner_loops, order);
  order.push_back(&kernel);
}

// What keeps calls in functions apart: the kernel, and the values of its `specialise` parameters.
std::vector<std::string> function_key(const KernelCall &call) {
  std::vector<std::string> key{call.kernel->name};
  for (const std::string &name : call.kernel->specialise) {
    key.push_back(call.arguments.at(name).text);
  }
  return key;
}

// From so many sets of values on one function for all of them is less code than one for each
// (cortex-m4 -Os: two 2,556 B for 2,364, three or four 3,118 B for 3,598); two, where calls tell
// their arguments by a struct.
constexpr std::size_t kShared = 3, kSharedWhereTold = 2;

// "kernel_h_3" and so on only where a kernel is printed more than once.
std::string suffix(const KernelCall &call) {
  std::string text;
  for (const std::string &name : call.kernel->specialise) {
    text += "_" + call.arguments.at(name).text;
  }
  return text;
}

// The macros and types that belong to the plan become plain C.
std::string plain(std::string text, targets::Requant requant) {
  const bool wide = requant == targets::Requant::kQ31;
  const std::pair<std::string, std::string> replacements[] = {
      {"thimble_multiplier", wide ? "int32_t" : "int16_t"},
      {"THIMBLE_READ_MULTIPLIER", wide ? "THIMBLE_READ_I32" : "THIMBLE_READ_I16"}};
  for (const auto &[from, to] : replacements) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

}  // namespace

int Functions::add(KernelCall call) {
  calls_.push_back(std::move(call));
  return static_cast<int>(calls_.size()) - 1;
}

void Functions::bake(Function &function) const {
  const KernelCall &first = calls_[function.calls.front()];
  for (const auto &[name, value] : first.arguments) {
    const bool same = std::all_of(function.calls.begin(), function.calls.end(),
                                  [&, &name = name, &value = value](int call) {
                                    const Expression &other = calls_[call].arguments.at(name);
                                    return other.constant && other.text == value.text;
                                  });
    if (same) function.baked[name] = value.text;
  }
  if (makes_pixels(function)) function.baked["x1"] = "x0 + 1";
}

// Whether every call makes one pixel, so that x1 need not be told.
bool Functions::makes_pixels(const Function &function) const {
  return std::all_of(function.calls.begin(), function.calls.end(), [&](int call) {
    const auto &arguments = calls_[call].arguments;
    const auto x0 = arguments.find("x0"), x1 = arguments.find("x1");
    return x0 != arguments.end() && x1 != arguments.end() &&
           x1->second.text == x0->second.text + " + 1";
  });
}

// Names of the kernels whose sets of values have one function.
std::set<std::string> Functions::shared_kernels() const {
  std::map<std::string, std::set<std::vector<std::string>>> sets;
  for (const KernelCall &call : calls_) sets[call.kernel->name].insert(function_key(call));
  std::set<std::string> shared;
  for (const auto &[kernel, keys] : sets)
    if (level_.share_kernels && keys.size() >= (level_.tell_in_flash ? kSharedWhereTold : kShared))
      shared.insert(kernel);
  return shared;
}

void Functions::settle(ctext::Names &names) {
  const std::set<std::string> shared = shared_kernels();
  std::map<std::vector<std::string>, int> known;
  std::map<std::string, int> variants;
  for (std::size_t call = 0; call < calls_.size(); ++call) {
    const std::string &kernel = calls_[call].kernel->name;
    const auto key =
        shared.contains(kernel) ? std::vector<std::string>{kernel} : function_key(calls_[call]);
    const auto [slot, fresh] = known.try_emplace(key, static_cast<int>(functions_.size()));
    if (fresh) {
      functions_.push_back({calls_[call].kernel, {}, {}, {}, {}});
      ++variants[calls_[call].kernel->name];
    }
    functions_[slot->second].calls.push_back(static_cast<int>(call));
    function_of_.push_back(slot->second);
  }
  for (Function &function : functions_) {
    const std::string &kernel = function.kernel->name;
    const bool alone = variants[kernel] == 1;
    function.name = alone ? kernel : names.fresh(kernel + suffix(calls_[function.calls.front()]));
    bake(function);
    if (!level_.tell_in_flash) continue;
    std::vector<const KernelCall *> calls;
    for (const int call : function.calls) calls.push_back(&calls_[call]);
    function.told = tell(*function.kernel, calls, function.baked, names);
  }
}

std::string Functions::name(int call) const { return functions_.at(function_of_.at(call)).name; }

bool Functions::is_shared(const std::string &kernel, const std::string &node) const {
  return std::any_of(functions_.begin(), functions_.end(), [&](const Function &function) {
    const auto own = std::count_if(function.calls.begin(), function.calls.end(),
                                   [&](int call) { return calls_[call].node == node; });
    return function.kernel->name == kernel && own > 0 && own < std::ssize(function.calls);
  });
}

std::vector<std::string> Functions::arguments(int call) const {
  const Function &function = functions_.at(function_of_.at(call));
  std::vector<std::string> result;
  if (!function.told.fields.empty()) {
    const auto place = std::find(function.calls.begin(), function.calls.end(), call);
    result.push_back("&" + function.told.names.at(place - function.calls.begin()));
  }
  for (const KernelParameter &parameter : function.kernel->parameters) {
    if (function.baked.contains(parameter.name)) continue;
    if (function.told.values.contains(parameter.name)) continue;
    result.push_back(calls_[call].arguments.at(parameter.name).text);
  }
  return result;
}

void Functions::print(ctext::CWriter &writer, targets::Requant requant) const {
  const std::string choice = targets::to_string(requant);
  std::vector<const KernelText *> printed;
  ctext::CWriter text;
  const auto print_helper = [&](const KernelText &kernel) {
    print_kernel(text, kernel, kernel.name, {});
    text.line();
  };
  const bool is_for_time = level_.residency == "rows";
  const auto print_function = [&](const Function &function, bool stays_function) {
    std::map<std::string, std::string> baked = function.baked;
    if (!function.told.fields.empty()) print_told(text, function.name, function.told);
    baked.insert(function.told.values.begin(), function.told.values.end());
    if (function.told.fields.empty())
      print_kernel(text, *function.kernel, function.name, baked, stays_function);
    else
      print_kernel(text,
                   is_for_time ? *function.kernel : reading_fields(*function.kernel, function.told),
                   function.name, baked, stays_function, told_parameter(function.name));
    text.line();
  };
  for (const Function &function : functions_) {
    std::vector<const KernelText *> order;
    visit(*function.kernel, choice, inner_loops_, order);
    for (const KernelText *helper : order) {
      if (helper == function.kernel) continue;
      if (std::find(printed.begin(), printed.end(), helper) != printed.end()) continue;
      printed.push_back(helper);
      print_helper(*helper);
    }
    const bool stays = std::any_of(function.calls.begin(), function.calls.end(),
                                   [&](int call) { return calls_[call].stays_function; });
    print_function(function, stays);
  }
  writer.lines(plain(text.take(), requant));
}

std::int64_t Functions::told_bytes() const {
  std::int64_t bytes = 0;
  for (const Function &function : functions_) bytes += function.told.bytes();
  return bytes;
}

std::set<std::string> Functions::system_includes() const {
  std::set<std::string> includes;
  for (const Function &function : functions_) {
    std::vector<const KernelText *> order;
    visit(*function.kernel, "m16", inner_loops_, order);
    for (const KernelText *kernel : order) {
      includes.insert(kernel->system_includes.begin(), kernel->system_includes.end());
    }
  }
  return includes;
}

}  // namespace thimble::codegen
