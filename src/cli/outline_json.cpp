// Every field is checked where it is read; errors name the tensor or the operator and go on.
#include "cli/outline_json.h"

#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "support/files.h"
#include "support/json.h"

namespace thimble::cli {
namespace {

constexpr std::size_t kMostBytes = 64u << 20;  // of the file
constexpr std::size_t kMostOps = 1000;
constexpr std::size_t kMostDims = 8;
constexpr std::size_t kMostErrors = 20;
constexpr std::int64_t kMostElements = std::numeric_limits<std::int32_t>::max();
constexpr int kMostWindow = 1 << 15;

constexpr const char *kForm =
    "{\"inputs\": [id], \"outputs\": [id], \"tensors\": {id: {\"shape\": [..]}}, "
    "\"ops\": [{\"type\": .., \"in\": [id], \"out\": [id]}]}";

class Reader {
 public:
  explicit Reader(const std::string &file) : file_(file) {
    outline_.name = std::filesystem::path(file).stem().string();
  }

  Result<plan::Outline> read(const std::string &text) {
    if (text.size() > kMostBytes) {
      fail("is too large", fmt::format("{} bytes, at most {}", text.size(), kMostBytes));
      return errors_;
    }
    const SortedJson json = SortedJson::parse(text, nullptr, false);
    if (json.is_discarded()) {
      fail("is not JSON", "", "what a graph looks like: " + std::string(kForm));
      return errors_;
    }
    if (!has_sections(json)) return errors_;
    if (json.contains("name") && json["name"].is_string()) outline_.name = json["name"];
    read_tensors(json["tensors"]);
    if (!errors_.empty()) return errors_;  // what names them would only repeat it
    outline_.inputs = ids(json["inputs"], "inputs");
    for (int input : outline_.inputs)
      if (!made_.insert(input).second) fail("input '" + id_of(input) + "' is there twice");
    read_ops(json["ops"]);
    read_outputs(json["outputs"]);
    if (!errors_.empty()) return errors_;
    return std::move(outline_);
  }

 private:
  void fail(std::string what, std::string why = {}, std::string fix = {}) {
    if (errors_.size() >= kMostErrors) return;
    Diagnostic error = model_error(std::move(what), std::move(why), std::move(fix));
    error.file = file_;
    error.node = node_;
    error.op = op_;
    errors_.push_back(std::move(error));
  }

  const std::string &id_of(int tensor) const { return outline_.tensors[tensor].id; }

  bool has_sections(const SortedJson &json) {
    if (!json.is_object()) {
      fail("is no graph", "the JSON is not an object", kForm);
      return false;
    }
    for (const char *section : {"inputs", "outputs", "ops"})
      if (!json.contains(section) || !json[section].is_array())
        fail(fmt::format("has no list '{}'", section), "", kForm);
    if (!json.contains("tensors") || !json["tensors"].is_object())
      fail("has no object 'tensors'", "", kForm);
    if (errors_.empty() && json["ops"].size() > kMostOps)
      fail(fmt::format("has {} operators", json["ops"].size()),
           fmt::format("at most {} are planned", kMostOps));
    return errors_.empty();
  }

  // An integer within [least, most]; anything else is none.
  static std::optional<std::int64_t> integer(const SortedJson &json, std::int64_t least,
                                             std::int64_t most) {
    if (!json.is_number_integer()) return std::nullopt;
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(most))
      return std::nullopt;
    const auto value = json.get<std::int64_t>();
    if (value < least || value > most) return std::nullopt;
    return value;
  }

  void read_tensors(const SortedJson &json) {
    for (const auto &[id, entry] : json.items()) {
      plan::Outline::Tensor tensor;
      tensor.id = id;
      if (!read_shape(entry, tensor)) continue;
      index_.emplace(id, static_cast<int>(outline_.tensors.size()));
      outline_.tensors.push_back(std::move(tensor));
    }
  }

  bool read_shape(const SortedJson &entry, plan::Outline::Tensor &tensor) {
    const std::string what = "tensor '" + tensor.id + "' has no shape that can be planned";
    const char *fix = "\"shape\": [1, channels, rows, columns], whole numbers from 1";
    if (!entry.is_object() || !entry.contains("shape") || !entry["shape"].is_array() ||
        entry["shape"].empty() || entry["shape"].size() > kMostDims) {
      fail(what, fmt::format("it is no list of 1 to {} dimensions", kMostDims), fix);
      return false;
    }
    std::int64_t elements = 1;
    for (const SortedJson &dim : entry["shape"]) {
      const auto size = integer(dim, 1, kMostElements);
      if (!size) {
        fail(what, "a dimension is not a whole number from 1 to 2^31 - 1", fix);
        return false;
      }
      if (*size > kMostElements / elements) {
        fail(what, "more than 2^31 - 1 elements");
        return false;
      }
      elements *= *size;
      tensor.dims.push_back(static_cast<int>(*size));
    }
    if (entry.contains("size") && integer(entry["size"], 1, kMostElements) != elements) {
      fail("tensor '" + tensor.id + "' has two sizes",
           fmt::format("its shape has {} elements, its 'size' is another", elements),
           "leave 'size' out: the shape says it");
      return false;
    }
    return true;
  }

  // Tensors by name; what is none is an error.
  std::vector<int> ids(const SortedJson &json, const char *section) {
    std::vector<int> found;
    if (!json.is_array()) {
      fail(fmt::format("'{}' is not a list of tensors", section));
      return found;
    }
    for (const SortedJson &id : json) {
      const auto at = id.is_string() ? index_.find(id.get<std::string>()) : index_.end();
      if (at == index_.end()) {
        fail(fmt::format("'{}' names {}, which is no tensor", section, printed(id)), "",
             "each name is a key of 'tensors'");
      } else {
        found.push_back(at->second);
      }
    }
    return found;
  }

  // As it stands in the file, cut short.
  static std::string printed(const SortedJson &json) {
    if (json.is_structured()) return std::string("a") + (json.is_array() ? " list" : "n object");
    return json.dump(-1, ' ', true, SortedJson::error_handler_t::replace).substr(0, 60);
  }

  void read_ops(const SortedJson &json) {
    for (std::size_t i = 0; i < json.size() && errors_.size() < kMostErrors; ++i) {
      node_ = fmt::format("ops[{}]", i);
      op_.clear();
      if (json[i].is_object() && json[i].contains("type") && json[i]["type"].is_string()) {
        const std::string type = json[i]["type"];
        op_ = type.substr(0, 60);
        read_op(type, json[i]);
      } else {
        fail("has no type", "", "{\"type\": \"Conv\", \"in\": [id], \"out\": [id], ..}");
      }
    }
    node_.clear();
    op_.clear();
  }

  void read_op(const std::string &type, const SortedJson &json) {
    plan::Outline::Op op;
    op.type = type;
    if (!json.contains("in") || !json.contains("out"))
      return fail("has no 'in' or no 'out'", "", "lists of tensors that it reads and makes");
    op.in = ids(json["in"], "in");
    op.out = ids(json["out"], "out");
    if (op.in.empty()) fail("reads no tensor", "", "a constant is no tensor: leave it out");
    if (op.out.empty()) fail("makes no tensor");
    for (int input : op.in)
      if (!made_.contains(input))
        fail("reads '" + id_of(input) + "' before it is made",
             "it is no input, and no operator above makes it",
             "operators stand in an order in which they can run");
    for (int output : op.out)
      if (!made_.insert(output).second)
        fail("makes '" + id_of(output) + "', which is there already", "",
             "each tensor is an input or made once");
    read_windows(json, op);
    if (json.contains("axis")) {
      const auto axis = integer(json["axis"], -static_cast<int>(kMostDims), kMostDims - 1);
      if (!axis) fail("has an axis that is none", "", "a dimension, from the end if negative");
      op.axis = static_cast<int>(axis.value_or(1));
    }
    outline_.ops.push_back(std::move(op));
  }

  void read_windows(const SortedJson &json, plan::Outline::Op &op) {
    const std::size_t errors = errors_.size();
    op.kernel = window(json, "kernel_shape", 1, 2);
    op.strides = window(json, "strides", 1, 2);
    op.pads = window(json, "pads", 0, 4);
    op.dilations = window(json, "dilations", 1, 2);
    if (errors_.size() == errors && !op.pads.empty() && op.pads.size() != 2 * op.kernel.size())
      fail("has pads that do not fit its kernel", "", "all befores, then all afters");
  }

  std::vector<int> window(const SortedJson &json, const char *key, int least,
                          std::size_t most_entries) {
    std::vector<int> list;
    if (!json.contains(key)) return list;
    const SortedJson &entries = json[key];
    bool good = entries.is_array() && entries.size() <= most_entries;
    for (std::size_t i = 0; good && i < entries.size(); ++i) {
      const auto number = integer(entries[i], least, kMostWindow);
      good = number.has_value();
      list.push_back(static_cast<int>(number.value_or(1)));
    }
    if (!good)
      fail(fmt::format("'{}' is no list of sizes", key), "",
           fmt::format("at most {} whole numbers from {} to {}", most_entries, least, kMostWindow));
    return list;
  }

  void read_outputs(const SortedJson &json) {
    outline_.outputs = ids(json, "outputs");
    std::set<int> seen;
    if (json.empty()) fail("has no outputs", "nothing of it would be kept");
    for (int output : outline_.outputs) {
      if (!made_.contains(output)) fail("output '" + id_of(output) + "' is made by no operator");
      if (!seen.insert(output).second) fail("output '" + id_of(output) + "' is there twice");
    }
  }

  const std::string &file_;
  std::string node_, op_;  // where it reads
  plan::Outline outline_;
  std::map<std::string, int> index_;  // of tensors
  std::set<int> made_;
  Diagnostics errors_;
};

}  // namespace

Result<plan::Outline> parse_outline(const std::string &text, const std::string &file) {
  return Reader(file).read(text);
}

Result<plan::Outline> read_outline(const std::string &path) {
  TRY(const std::string text, read_text(path));
  return parse_outline(text, path);
}

Result<plan::Outlined> outlined_of(const plan::Outline &outline, const std::string &file) {
  auto outlined = plan::outlined(outline);
  if (outlined) return outlined;
  Diagnostics errors = outlined.diagnostics();
  for (Diagnostic &error : errors) error.file = file;
  return errors;
}

}  // namespace thimble::cli
