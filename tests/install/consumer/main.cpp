// consumer MODEL FOLDER: compiles it for an ATtiny85, runs it in two ways, and asks what is not
// there.
#include <thimble/thimble.h>

#include <cstdio>

#ifdef TRY
#error "the installed header leaves a macro behind"
#endif

namespace {

int fail(const thimble::Diagnostics &diagnostics) {
  for (const thimble::Diagnostic &diagnostic : diagnostics)
    std::fputs(thimble::to_string(diagnostic).c_str(), stderr);
  return 1;
}

// A latent of zeros, by evaluator and by C.
int compare(const thimble::Compiled &compiled, const thimble::Port &input) {
  thimble::Array zeros{input.shape, {}};
  std::int64_t size = 1;
  for (const std::int64_t dim : zeros.shape) size *= dim;
  zeros.elements = std::vector<float>(static_cast<std::size_t>(size));
  const auto integers = compiled.run({zeros}, thimble::On::kInteger, true);
  const auto host = compiled.run({zeros}, thimble::On::kHost, true);
  if (!integers) return fail(integers.diagnostics());
  if (!host) return fail(host.diagnostics());
  return integers->front().elements == host->front().elements ? 0 : 1;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const auto model = thimble::load(argv[1]);
  if (!model) return fail(model.diagnostics());
  thimble::Options options;
  options.target = "attiny85";
  options.stream_out = true;
  options.name = "die";
  const auto compiled = thimble::compile(*model, thimble::random_samples(96), options);
  if (!compiled) return fail(compiled.diagnostics());
  if (const auto written = compiled->write(argv[2]); !written) return fail(written.diagnostics());
  options.ram = 100;
  const auto analysis = thimble::analyze(*model, options);
  if (!analysis || analysis->fits || analysis->objections.empty()) return 1;
  if (thimble::load("no_such.onnx").ok()) return 1;
  std::printf("%lld bytes of arena\n", static_cast<long long>(compiled->analysis().arena_bytes));
  return compare(*compiled, model->inputs().front());
}
