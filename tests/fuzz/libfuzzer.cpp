// libFuzzer targets, one program each: FUZZ_FORMAT names a format whose files are read and
// imported; FUZZ_PASSES instead makes the bytes a network and an order of passes.
#include <cstdio>
#include <cstdlib>

#include "frontends/read_model.h"
#include "ir/text.h"
#include "mutate.h"
#include "ops/import.h"
#include "ops/operator.h"
#include "pass_order.h"
#include "passes/pipeline.h"
#include "support/files.h"

namespace thimble::fuzz {
namespace {

[[maybe_unused]] void import_foreign(const std::filesystem::path &path) {
  const auto foreign = frontends::read_model(path);
  if (!foreign) return;
  auto graph = ops::import_graph(*foreign);
  if (graph) (void)passes::run_pipeline(*std::move(graph)).ok();
}

[[maybe_unused]] void parse_text(const std::string &text) {
  auto graph = ir::parse(text, "mutant.thm");
  if (!graph || !ops::infer_types(*graph).ok() || !ops::verify(*graph).empty()) return;
  (void)passes::run_pipeline(*std::move(graph)).ok();
}

#ifdef FUZZ_PASSES

void run(const std::uint8_t *data, std::size_t size) {
  const PassOrder result = check_pass_order({data, size});
  if (result.complaint.empty()) return;
  std::fprintf(stderr, "%s\n", result.complaint.c_str());
  std::abort();
}

#else

void run(const std::uint8_t *data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char *>(data), size);
  if (Format::FUZZ_FORMAT == Format::kThm) return parse_text(bytes);
  static const TemporaryDirectory directory;
  const auto path = directory.path() / (std::string("mutant") + ending(Format::FUZZ_FORMAT));
  if (write_file(path, bytes).ok()) import_foreign(path);
}

#endif

}  // namespace
}  // namespace thimble::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  thimble::fuzz::run(data, size);
  return 0;
}

#ifdef FUZZ_FORMAT

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t max_size);

// Half of the mutations are libFuzzer's own, half know the format.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size,
                                               std::size_t max_size, unsigned int seed) {
  using namespace thimble::fuzz;
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
  const std::string bytes(reinterpret_cast<const char *>(data), size);
  std::mt19937_64 random(seed);
  const std::string mutant = mutate(Format::FUZZ_FORMAT, bytes, {bytes}, random);
  const std::size_t kept = std::min(mutant.size(), max_size);
  std::copy_n(mutant.begin(), kept, data);
  return kept;
}

#endif
