// Thousands of files that are almost models, each through the front door within 5 s of processor
// time and 1 GB of memory. Case i is the same in every run. A worker process does them one after
// the other; the parent tells what became of it and keeps the file that it ended with.
//
//   mutants onnx|pt2|tflite|thm COUNT SEED...     SEEDs are files, or folders of files of that
//                                                 format; THIMBLE_FUZZ_COUNT overrides COUNT
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "front_door.h"
#include "mutate.h"
#include "support/files.h"
#include "support/process.h"

// An allocation that large ends the worker when it is asked for, not when it is touched.
extern "C" const char *__asan_default_options() {
  return "max_allocation_size_mb=1024:quarantine_size_mb=16";
}

namespace thimble::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kSeconds = 5;
constexpr long kMaxKilobytes = 1l << 20;

struct Work {
  Format format = Format::kOnnx;
  int count = 0;
  std::vector<std::string> seeds;  // contents
};

std::optional<Format> parse_format(const std::string &text) {
  for (const Format format : {Format::kOnnx, Format::kPt2, Format::kTflite, Format::kThm}) {
    if (ending(format) == "." + text) return format;
  }
  return std::nullopt;
}

void add_seeds(const fs::path &path, Work &work) {
  std::vector<fs::path> files;
  if (!fs::is_directory(path))
    files.push_back(path);
  else
    for (const auto &entry : fs::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());  // case i is to be the same everywhere
  for (const fs::path &file : files) {
    const auto bytes = read_file(file);
    if (file.extension() == ending(work.format) && bytes)
      work.seeds.emplace_back(bytes->begin(), bytes->end());
  }
}

std::optional<Work> parse(int argc, char **argv) {
  const auto format = argc > 3 ? parse_format(argv[1]) : std::nullopt;
  if (!format) return std::nullopt;
  const char *wished = std::getenv("THIMBLE_FUZZ_COUNT");
  Work work{*format, std::atoi(wished ? wished : argv[2]), {}};
  for (int i = 3; i < argc; ++i) add_seeds(argv[i], work);
  if (work.count < 1 || work.seeds.empty()) return std::nullopt;
  return work;
}

std::string make_mutant(const Work &work, int index) {
  std::mt19937_64 random(static_cast<std::uint64_t>(index));
  random.discard(8);  // neighbouring seeds begin alike
  return mutate(work.format, work.seeds[random() % work.seeds.size()], work.seeds, random);
}

// SIGPROF, and with it the worker's end, after kSeconds of processor time from now.
void start_clock() {
  const itimerval limit{{0, 0}, {kSeconds, 0}};
  setitimer(ITIMER_PROF, &limit, nullptr);
}

bool took_too_much_memory() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss > kMaxKilobytes;
}

// What is printed about one file goes into a log of its own.
void start_log(const fs::path &log) {
  std::fflush(stderr);
  const int file = ::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
  if (file < 0 || ::dup2(file, STDERR_FILENO) < 0) std::abort();
  ::close(file);
}

int run_worker(const Work &work, const fs::path &directory) {
  const fs::path folder = directory / "files",
                 mutant = folder / fs::path("mutant").concat(ending(work.format));
  fs::create_directories(folder);
  int accepted = 0;
  for (int index = 0; index < work.count; ++index) {
    if (!write_file(mutant, make_mutant(work, index))) return 1;
    start_log(directory / "log");
    start_clock();
    const Answer answer = import_file(mutant, folder);
    if (!answer.complaint.empty() || took_too_much_memory()) {
      fmt::print(stderr, "case {}: {}\n", index,
                 answer.complaint.empty() ? "more than 1 GB of memory" : answer.complaint);
      return 1;
    }
    accepted += answer.accepted;
  }
  fmt::print("{} files: {} accepted, {} refused\n", work.count, accepted, work.count - accepted);
  return 0;
}

// The worker has ended badly: its last words, and the file that it was about.
void tell(const Work &work, const ProcessResult &result, const fs::path &directory) {
  const std::string name = std::string("mutant") + ending(work.format);
  std::error_code failed;
  fs::copy_file(directory / "files" / name, name, fs::copy_options::overwrite_existing, failed);
  const auto log = read_text(directory / "log");
  const std::string words = log ? *log : std::string();
  fmt::print("exit code {}{}; the file is now {}\n{}\n", result.exit_code,
             result.exit_code == 128 + SIGPROF ? fmt::format(" (more than {} s)", kSeconds) : "",
             (fs::current_path() / name).string(), words.substr(0, 10000));
}

int run_parent(const Work &work, std::vector<std::string> command) {
  const TemporaryDirectory directory;
  command.insert(command.begin() + 1, {"--worker", directory.path()});
  const auto result = run_process(command, {}, 1e5);
  if (!result) return 1;
  if (result->exit_code != 0) tell(work, *result, directory.path());
  fmt::print("{}", result->stdout_text);
  return result->exit_code == 0 ? 0 : 1;
}

int usage() {
  fmt::print(stderr, "mutants onnx|pt2|tflite|thm COUNT SEED...\n");
  return 1;
}

int main(int argc, char **argv) {
  const bool is_worker = argc > 2 && std::string(argv[1]) == "--worker";
  const int skipped = is_worker ? 2 : 0;
  const auto work = parse(argc - skipped, argv + skipped);
  if (!work) return usage();
  if (is_worker) return run_worker(*work, argv[2]);
  std::vector<std::string> command(argv, argv + argc);
  command[0] = fs::read_symlink("/proc/self/exe");
  return run_parent(*work, std::move(command));
}

}  // namespace
}  // namespace thimble::fuzz

int main(int argc, char **argv) { return thimble::fuzz::main(argc, argv); }
