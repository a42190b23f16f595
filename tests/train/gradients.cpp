// What test_gradients.py asks of the room train, a line of words each: loading libtorch for every
// one of them took most of the time. What it prints ends with a line "ok", or with "error: ...".
//
//   list                               the operators that it differentiates
//   operators MODEL                    those that a model is made of
//   constants PASSES OUT.npz MODEL...  constant k of model i as "i.k"
//   initialised SEED MODEL OUT.npz     constant k, newly drawn, as "k"
//   run PASSES MODEL IN.npz OUT.npz    outputs y0, ... and the gradients of sum(y * r)
//
// IN has arrays x0, ... for the inputs and r0, ... for the outputs, each of several samples of the
// file's array along a new first axis. The gradients are gx0, ... of the inputs and gc0, ... of the
// constants. PASSES: "passed" for a graph that has been through the pipeline, "imported" for one
// that has not.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "frontends/read_model.h"
#include "ir/text.h"
#include "ops/import.h"
#include "passes/pipeline.h"
#include "support/files.h"
#include "support/npy.h"
#include "train/differentiable.h"
#include "train/module.h"
#include "train/tensors.h"

namespace thimble::train {
namespace {

template <class T>
T must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  std::string text;
  for (const Diagnostic &error : result.diagnostics()) text += to_string(error);
  throw std::runtime_error(text);
}

ir::Graph parsed(const std::string &path) {
  ir::Graph graph = must(ir::parse(must(read_text(path)), path));
  must(ops::infer_types(graph));
  return graph;
}

ir::Graph read_graph(const std::string &path, const std::string &passes) {
  ir::Graph graph = std::filesystem::path(path).extension() == ".thm"
                        ? parsed(path)
                        : must(ops::import_graph(must(frontends::read_model(path))));
  return passes == "passed" ? must(passes::run_pipeline(std::move(graph))) : graph;
}

const NpyArray &entry(const NpzEntries &entries, const std::string &name) {
  for (const auto &[title, array] : entries)
    if (title == name) return array;
  throw std::runtime_error("no array '" + name + "'");
}

torch::Tensor batch(const NpzEntries &entries, const std::string &name, const ir::Graph &graph,
                    const ir::Port &port) {
  return to_batch(port, graph.value(port.value).type.shape, entry(entries, name).as_float());
}

NpyArray flat(std::vector<float> numbers) {
  return {{static_cast<std::int64_t>(numbers.size())}, std::move(numbers)};
}

// In the file's order of elements.
NpyArray array_of(const ir::Graph &graph, const ir::Port &port, const torch::Tensor &batch) {
  return flat(to_file_order(port, graph.value(port.value).type.shape, batch));
}

void write_constants(const std::string &passes, const std::string &out,
                     const std::vector<std::string> &models) {
  NpzEntries entries;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const ir::Graph graph = read_graph(models[i], passes);
    for (std::size_t k = 0; k < graph.constants().size(); ++k)
      entries.emplace_back(std::to_string(i) + "." + std::to_string(k),
                           flat(std::get<std::vector<float>>(graph.constants()[k].data)));
  }
  must(write_npz(out, entries));
}

void write_initialised(const std::string &seed, const std::string &model, const std::string &out) {
  Module module = must(Module::make(read_graph(model, "imported")));
  torch::manual_seed(std::stoull(seed));
  module.initialise();
  NpzEntries entries;
  for (const torch::Tensor &parameter : module.parameters())
    entries.emplace_back(std::to_string(entries.size()), flat(to_floats(parameter)));
  must(write_npz(out, entries));
}

// What nothing leads to from the outputs has a gradient of zeros.
torch::Tensor gradient_of(const torch::Tensor &leaf) {
  return leaf.grad().defined() ? leaf.grad() : torch::zeros_like(leaf);
}

void write_gradients(const std::string &passes, const std::string &model, const std::string &in,
                     const std::string &out) {
  const ir::Graph graph = read_graph(model, passes);
  const Module module = must(Module::make(graph));
  const NpzEntries arrays = must(read_npz(in));
  std::vector<torch::Tensor> inputs;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i)
    inputs.push_back(
        batch(arrays, "x" + std::to_string(i), graph, graph.inputs()[i]).requires_grad_());
  const auto outputs = module.forward(inputs);
  torch::Tensor loss = torch::zeros({});
  NpzEntries results;
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const std::string number = std::to_string(o);
    loss = loss + (outputs[o] * batch(arrays, "r" + number, graph, graph.outputs()[o])).sum();
    results.emplace_back("y" + number, array_of(graph, graph.outputs()[o], outputs[o]));
  }
  loss.backward();
  for (std::size_t i = 0; i < inputs.size(); ++i)
    results.emplace_back("gx" + std::to_string(i),
                         array_of(graph, graph.inputs()[i], gradient_of(inputs[i])));
  for (std::size_t k = 0; k < module.parameters().size(); ++k)
    results.emplace_back("gc" + std::to_string(k),
                         flat(to_floats(gradient_of(module.parameters()[k]))));
  must(write_npz(out, results));
}

void run(const std::vector<std::string> &words) {
  const std::string command = words.empty() ? "" : words[0];
  if (command == "list") {
    for (const std::string_view op : differentiable_operators()) std::cout << op << "\n";
  } else if (command == "operators" && words.size() == 2) {
    const ir::Graph graph = read_graph(words[1], "imported");
    for (const ir::Node &node : graph.nodes()) std::cout << node.op << "\n";
  } else if (command == "constants" && words.size() > 3) {
    write_constants(words[1], words[2], {words.begin() + 3, words.end()});
  } else if (command == "initialised" && words.size() == 4) {
    write_initialised(words[1], words[2], words[3]);
  } else if (command == "run" && words.size() == 5) {
    write_gradients(words[1], words[2], words[3], words[4]);
  } else {
    throw std::runtime_error("see the head of gradients.cpp");
  }
}

}  // namespace
}  // namespace thimble::train

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    try {
      thimble::train::run({std::istream_iterator<std::string>(words), {}});
      std::cout << "ok" << std::endl;
    } catch (const std::exception &error) {
      std::string what = error.what();
      std::replace(what.begin(), what.end(), '\n', ' ');
      std::cout << "error: " << what << std::endl;
    }
  }
}
