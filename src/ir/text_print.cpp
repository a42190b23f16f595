// A graph as text: what it reads, its nodes in order, what it gives, and its weights last, so that
// the first screen shows the network. Numbers are the shortest that read back to the same bits.
#include <charconv>
#include <string>

#include "ir/text.h"

namespace thimble::ir {
namespace {

constexpr std::size_t kLineWidth = 100;

template <class T>
std::string number(T value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

std::string number(std::int8_t value) { return number(static_cast<int>(value)); }

// A real attribute must not read back as an integer.
std::string real(double value) {
  std::string text = number(value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += std::string("\\") + c;
    } else if (byte < 0x20 || byte == 0x7f) {
      result += std::string("\\x") + "0123456789abcdef"[byte >> 4] + "0123456789abcdef"[byte & 15];
    } else {
      result += c;
    }
  }
  return result + '"';
}

bool is_bare(std::string_view name) {
  const auto letter = [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; };
  const auto inner = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '/';
  };
  if (name.empty() || !(letter(name[0]) || name[0] == '_' || name[0] == '/')) return false;
  for (char c : name) {
    if (!inner(c)) return false;
  }
  return true;
}

std::string name_text(std::string_view name) {
  return is_bare(name) ? std::string(name) : quote(name);
}

template <class Items>
std::string list(const Items &items) {
  std::string text;
  for (const auto &item : items) text += (text.empty() ? "" : ", ") + number(item);
  return "[" + text + "]";
}

// As `list`, broken into lines: weights.
template <class Items>
std::string wrapped_list(const Items &items) {
  std::string text = "[";
  std::size_t column = kLineWidth;  // the first element starts a line
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = number(items[i]) + (i + 1 < items.size() ? "," : "");
    if (column + 1 + item.size() > kLineWidth) {
      text += "\n ";
      column = 1;
    }
    text += ' ' + item;
    column += 1 + item.size();
  }
  return text + "]";
}

std::string type_text(const Type &type) {
  const Shape &shape = type.shape;
  std::string text = std::string(to_string(type.dtype)) + "[" + number(shape.rows) + "x" +
                     number(shape.cols) + "x" + number(shape.channels) + "]";
  if (type.quant) {
    text += " scale " + number(type.quant->scale) + " zero " + number(type.quant->zero_point);
  }
  return text;
}

std::string attribute_text(const Attribute &attribute) {
  struct Printer {
    std::string operator()(std::int64_t value) const { return number(value); }
    std::string operator()(double value) const { return real(value); }
    std::string operator()(const std::string &value) const { return quote(value); }
    std::string operator()(const std::vector<std::int64_t> &value) const { return list(value); }
  };
  return std::visit(Printer(), attribute);
}

std::string attributes_text(const Attributes &attributes) {
  if (attributes.empty()) return "";
  std::string text;
  for (const auto &[key, value] : attributes) {
    text += (text.empty() ? "" : ", ") + name_text(key) + " = " + attribute_text(value);
  }
  return " {" + text + "}";
}

std::string node_text(const Graph &graph, const Node &node) {
  std::string operands, results;
  for (ValueId value : node.inputs) {
    operands += (operands.empty() ? "" : ", ") + name_text(graph.value(value).name);
  }
  for (std::size_t i = 0; i < node.constants.size(); ++i) {
    operands += (i ? ", " : "; ") + name_text(graph.constant(node.constants[i]).name);
  }
  for (ValueId id : node.outputs) {
    const Value &value = graph.value(id);
    results += (results.empty() ? "" : ", ") + name_text(value.name) + ": " + type_text(value.type);
  }
  return "node " + name_text(node.name) + ": " + name_text(node.op) + "(" + operands + ")" +
         attributes_text(node.attributes) + "\n  -> " + results + "\n";
}

std::string constant_text(const Constant &constant, Weights weights) {
  std::string text = "const " + name_text(constant.name) + ": " +
                     std::string(to_string(constant.dtype())) + list(constant.dims);
  if (!constant.scales.empty()) text += " scales " + list(constant.scales);
  if (!constant.multiples.empty()) text += " multiples " + list(constant.multiples);
  if (weights == Weights::kElided) return text + " = ...\n";
  return text + " = " + std::visit([](auto &data) { return wrapped_list(data); }, constant.data) +
         "\n";
}

std::string port_text(const Port &port) {
  const bool last = port.axes == AxisOrder::kChannelsLast;
  return " dims " + list(port.dims) + (last ? " channels_last" : "") + "\n";
}

}  // namespace

std::string print(const Graph &graph, Weights weights) {
  std::string text = "graph " + name_text(graph.name);
  if (!graph.requant.empty()) text += " requant " + name_text(graph.requant);
  text += "\n\n";
  for (const Port &port : graph.inputs()) {
    const Value &value = graph.value(port.value);
    text += "input " + name_text(value.name) + ": " + type_text(value.type) + port_text(port);
  }
  text += "\n";
  for (const Node &node : graph.nodes()) text += node_text(graph, node);
  text += "\n";
  for (const Port &port : graph.outputs()) {
    text += "output " + name_text(graph.value(port.value).name) + port_text(port);
  }
  if (!graph.constants().empty()) text += "\n";
  for (const Constant &constant : graph.constants()) text += constant_text(constant, weights);
  return text;
}

}  // namespace thimble::ir
