// Choosing and printing structs of arguments (told.h). Parameters that are equal in every call
// share a field; one that follows from the row (ByRow) becomes the numbers that it follows by.
#include "codegen/told.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>

namespace thimble::codegen {
namespace {

// From so many calls and fields on a struct is less than arguments: that the function loads them
// costs what one or two calls save (cortex-m4).
constexpr std::size_t kFewestCalls = 3, kFewestFields = 4;

std::optional<std::int64_t> number_of(const std::string &text) {
  std::int64_t number = 0;
  const char *end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return {};
  return number;
}

// The narrowest type that holds them all: those without a sign first, which load in two bytes.
Told::Field field_of(const std::string &type, const std::string &name,
                     std::vector<std::string> values) {
  std::int64_t least = 0, most = 0;
  for (const std::string &value : values) {
    const auto number = number_of(value);
    if (!number) return {type, name, 4, std::move(values)};
    least = std::min(least, *number);
    most = std::max(most, *number);
  }
  if (least >= 0 && most <= 255) return {"uint8_t", name, 1, std::move(values)};
  if (least >= 0 && most <= 65535) return {"uint16_t", name, 2, std::move(values)};
  if (least >= -128 && most <= 127) return {"int8_t", name, 1, std::move(values)};
  if (least >= -32768 && most <= 32767) return {"int16_t", name, 2, std::move(values)};
  return {"int32_t", name, 4, std::move(values)};
}

class Teller {
 public:
  Teller(const KernelText &kernel, const std::vector<const KernelCall *> &calls,
         const std::map<std::string, std::string> &baked)
      : kernel_(kernel), calls_(calls), baked_(baked) {}

  Told told() {
    for (const KernelParameter &parameter : kernel_.parameters)
      if (!baked_.contains(parameter.name) &&
          all(parameter.name, [](const Expression &one) { return one.constant; }))
        tell_number(parameter);
    for (const KernelParameter &parameter : kernel_.parameters)
      if (!baked_.contains(parameter.name) && !told_.values.contains(parameter.name) &&
          takes_row() &&
          all(parameter.name, [](const Expression &one) { return one.by_row.has_value(); }))
        tell_by_row(parameter);
    std::stable_sort(told_.fields.begin(), told_.fields.end(),
                     [](const auto &a, const auto &b) { return a.bytes < b.bytes; });
    return std::move(told_);
  }

 private:
  template <class Predicate>
  bool all(const std::string &name, const Predicate &predicate) const {
    return std::all_of(calls_.begin(), calls_.end(),
                       [&](const KernelCall *call) { return predicate(call->arguments.at(name)); });
  }

  bool takes_row() const {
    return std::any_of(kernel_.parameters.begin(), kernel_.parameters.end(),
                       [](const KernelParameter &one) { return one.name == "y"; });
  }

  // What the function calls the value: a number that all calls agree on, or a field.
  std::string told_as(const std::string &type, const std::string &name,
                      std::vector<std::string> values) {
    const bool is_pointer = type.back() == '*';
    if (std::all_of(values.begin(), values.end(),
                    [&](const std::string &value) { return value == values.front(); }))
      return values.front();
    for (const Told::Field &field : told_.fields)
      if (field.values == values && (field.type.back() == '*' ? field.type == type : !is_pointer))
        return "call->" + field.name;
    told_.fields.push_back(field_of(type, name, std::move(values)));
    return "call->" + name;
  }

  template <class Part>
  std::vector<std::string> each(const std::string &name, const Part &part) const {
    std::vector<std::string> values;
    for (const KernelCall *call : calls_) values.push_back(part(call->arguments.at(name)));
    return values;
  }

  void tell_number(const KernelParameter &parameter) {
    told_.values[parameter.name] =
        told_as(parameter.type, parameter.name,
                each(parameter.name, [](const Expression &one) { return one.text; }));
  }

  std::string part_of_row(const std::string &name, const std::string &what,
                          std::int64_t ByRow::*part) {
    return told_as("int", name + what, each(name, [&](const Expression &one) {
                     return std::to_string((*one.by_row).*part);
                   }));
  }

  void tell_by_row(const KernelParameter &parameter) {
    const std::string &name = parameter.name;
    const std::string base = told_as(
        parameter.type, name, each(name, [](const Expression &one) { return one.by_row->base; }));
    const std::string step = part_of_row(name, "_step", &ByRow::step);
    const std::string before = part_of_row(name, "_before", &ByRow::before);
    const std::string pitch = part_of_row(name, "_pitch", &ByRow::pitch);
    std::string row = step == "1" ? "y" : "y * " + step;
    if (before != "0") row = "(" + row + " < " + before + " ? 0 : " + row + " - " + before + ")";
    if (!all(name, [](const Expression &one) { return !one.by_row->wraps; }))
      row += " % " + part_of_row(name, "_slots", &ByRow::slots);
    told_.values[name] = (base == "0" ? "" : base + " + ") + row + " * " + pitch;
  }

  const KernelText &kernel_;
  const std::vector<const KernelCall *> &calls_;
  const std::map<std::string, std::string> &baked_;
  Told told_;
};

const std::regex kWord("[A-Za-z_][A-Za-z_0-9]*");

// Whether the body may change the parameter, or says its name in assembly.
bool may_change(const std::string &body, const std::string &name) {
  const std::regex changes("(\\+\\+|--|&|THIMBLE_STEP\\()\\s*" + name + "\\b|\\b" + name +
                           "\\s*(\\+\\+|--|[-+*/%&|^]?=(?!=)|<<=|>>=)");
  return body.find("__asm__") != std::string::npos || std::regex_search(body, changes);
}

bool is_field(const std::string &value) {
  return value.starts_with("call->") && value.find(' ') == std::string::npos;
}

}  // namespace

std::int64_t Told::bytes() const {
  std::int64_t bytes = 0;
  for (const Field &field : fields)
    bytes = (bytes + field.bytes - 1) / field.bytes * field.bytes + field.bytes;
  return (bytes + 3) / 4 * 4 * std::ssize(names);
}

Told tell(const KernelText &kernel, const std::vector<const KernelCall *> &calls,
          const std::map<std::string, std::string> &baked, ctext::Names &names) {
  if (calls.size() < kFewestCalls) return {};
  Told told = Teller(kernel, calls, baked).told();
  if (told.fields.size() < kFewestFields) return {};
  for (const KernelCall *call : calls)
    told.names.push_back(names.fresh(ctext::identifier(call->node) + "_call"));
  return told;
}

void print_told(ctext::CWriter &writer, const std::string &name, const Told &told) {
  writer.comment("What calls of " + name + " differ in.");
  writer.open("struct " + name + "_call");
  for (const Told::Field &field : told.fields)
    writer.line(field.type + (field.type.back() == '*' ? "" : " ") + field.name + ";");
  writer.close("};");
  writer.line();
  for (std::size_t call = 0; call < told.names.size(); ++call) {
    std::vector<std::string> values;
    for (const Told::Field &field : told.fields)
      values.push_back("." + field.name + " = " + field.values[call]);
    writer.list("static const struct " + name + "_call " + told.names[call] + " = {", values, "};");
  }
  writer.line();
}

KernelText reading_fields(KernelText kernel, const Told &told) {
  std::string body;
  std::map<std::string, std::string> fields;
  std::erase_if(kernel.parameters, [&](const KernelParameter &parameter) {
    const auto value = told.values.find(parameter.name);
    if (value == told.values.end() || !is_field(value->second)) return false;
    if (may_change(kernel.body, parameter.name)) return false;
    fields.insert(*value);
    return true;
  });
  std::size_t done = 0;
  for (std::sregex_iterator word(kernel.body.begin(), kernel.body.end(), kWord), end; word != end;
       ++word) {
    const auto field = fields.find(word->str());
    if (field == fields.end()) continue;
    body += kernel.body.substr(done, word->position() - done) + field->second;
    done = word->position() + word->length();
  }
  kernel.body = body + kernel.body.substr(done);
  return kernel;
}

std::string told_parameter(const std::string &name) {
  return "const struct " + name + "_call *call";
}

}  // namespace thimble::codegen
