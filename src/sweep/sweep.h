// `thimble sweep die`: trains many sizes of the die's decoder, each as a process of its own,
// measures what each costs on an Arduino UNO, and leaves a table and pictures.
//
// DIR/NAME/ belongs to one run: config.json, log.txt and what the trainer writes, run.json last.
// What is there when a sweep is stopped is kept; `resume` trains only what has no run.json.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "support/diagnostic.h"
#include "sweep/config.h"
#include "sweep/engine.h"
#include "sweep/table.h"

namespace thimble::sweep {

struct Options {
  std::vector<Run> runs;
  std::filesystem::path directory;
  bool resume = false;
  int jobs = 0;  // at a time; 0: the engine's choice
  const Engine *engine = nullptr;
  // The words before `--config FILE --seed S -o DIR [--resume]`.
  std::vector<std::string> trainer;
};

using Log = std::function<void(const std::string &line)>;

struct Report {
  std::vector<Row> rows;           // the fewest parameters first
  std::vector<std::string> files;  // written into the directory: sweep.json, sweep.md, pictures
  Diagnostics failures;            // runs that failed, and results that cannot be read
};

// Errors: a directory with runs, without `resume`; runs there of another config; no engine; stopped
// by a signal (nothing is running then); no run with a result.
Result<Report> run_sweep(const Options &options, const Log &log);

}  // namespace thimble::sweep
