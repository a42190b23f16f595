// What `bench` says: an analysis, and what the emulator measured.
#pragma once

#include <cstdint>
#include <string>

#include "emulate/run.h"
#include "report/analysis.h"
#include "support/json.h"
#include "targets/target.h"

namespace thimble::report {

struct Bench {
  Analysis analysis;
  emulate::Bill bill;
  std::string emulator, unit;  // Target::emulator, Target::count_unit
  std::int64_t count = 0;      // in `unit`s, one inference (the largest)
  std::int64_t clock_hz = 0;   // 0: unknown
  std::string output_sha256;   // of all outputs' bytes, in order
};

Bench bench(Analysis analysis, const emulate::RunResult &run, const targets::Target &target);

std::string to_text(const Bench &bench);
// The keys of `bench --json`.
Json to_json(const Bench &bench);

}  // namespace thimble::report
