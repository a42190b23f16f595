// Reading a model: frontends for foreign files, ir::parse for the text form, then the operators'
// import and the passes. Diagnostics that do not name a file yet get the model's.
#include "api/load.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "frontends/read_model.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "ops/import.h"
#include "ops/operator.h"
#include "passes/pipeline.h"
#include "support/files.h"

namespace thimble::api {
namespace {

Diagnostics in_file(Diagnostics diagnostics, const std::string &path) {
  for (Diagnostic &diagnostic : diagnostics) {
    if (diagnostic.file.empty()) diagnostic.file = path;
  }
  return diagnostics;
}

template <class T>
Result<T> in_file(Result<T> result, const std::string &path) {
  if (!result.ok()) return in_file(result.diagnostics(), path);
  Diagnostics warnings = in_file(result.diagnostics(), path);
  return Result<T>(*std::move(result), std::move(warnings));
}

// "name=4"
std::optional<std::pair<std::string, std::int64_t>> parse_dim(const std::string &text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  const std::string digits = text.substr(equals + 1);
  const char *last = digits.data() + digits.size();
  std::int64_t size = 0;
  const auto [end, code] = std::from_chars(digits.data(), last, size);
  if (code != std::errc() || end != last || size < 1) return std::nullopt;
  return std::pair(text.substr(0, equals), size);
}

Result<frontends::ReadOptions> read_options(const std::vector<std::string> &dims) {
  frontends::ReadOptions options;
  for (const std::string &text : dims) {
    const auto dim = parse_dim(text);
    if (!dim) return usage_error("--dim '" + text + "' is not NAME=N with N at least 1");
    options.dims.insert(*dim);
  }
  return options;
}

// Types of a hand-written network may be left out.
Status complete_types(ir::Graph &graph) {
  const bool complete =
      std::all_of(graph.values().begin(), graph.values().end(),
                  [](const ir::Value &value) { return value.type.shape.rows > 0; });
  return complete ? Status(Unit{}) : ops::infer_types(graph);
}

Result<ir::Graph> read_text_graph(const std::string &path) {
  TRY(const std::string text, read_text(path));
  TRY(ir::Graph graph, ir::parse(text, path));
  TRY_STATUS(complete_types(graph));
  if (Diagnostics errors = ir::verify(graph); !errors.empty()) return errors;
  if (Diagnostics errors = ops::verify(graph); !errors.empty()) return errors;
  return graph;
}

Result<ir::Graph> read_graph(const std::string &path, const std::vector<std::string> &dims,
                             const Notify &notify) {
  if (std::filesystem::path(path).extension() == ".thm") return read_text_graph(path);
  TRY(const frontends::ReadOptions options, read_options(dims));
  TRY(const ops::ForeignGraph foreign,
      notifying(notify, in_file(frontends::read_model(path, options), path)));
  return notifying(notify, in_file(ops::import_graph(foreign), path));
}

}  // namespace

Result<Model> import_model(const std::string &path, const std::vector<std::string> &dims,
                           const Notify &notify) {
  TRY(ir::Graph graph, in_file(read_graph(path, dims, notify), path));
  TRY(const Bytes bytes, read_file(path));
  return Model{path, sha256_hex(bytes.data(), bytes.size()), std::move(graph)};
}

Result<Model> load_model(const std::string &path, const std::vector<std::string> &dims,
                         const Notify &notify) {
  TRY(Model model, import_model(path, dims, notify));
  TRY(model.graph, notifying(notify, in_file(passes::run_pipeline(std::move(model.graph)), path)));
  return model;
}

bool is_quantized(const ir::Graph &graph) {
  return std::any_of(graph.values().begin(), graph.values().end(),
                     [](const ir::Value &value) { return value.type.dtype == ir::DType::kI8; });
}

}  // namespace thimble::api
