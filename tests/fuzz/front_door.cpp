// `thimble opt` does all of it: read, import, every pass, and the text of the result, which is read
// once more. A TensorFlow Lite file is also copied with offsets, and the copy reads as the file
// does.
#include "front_door.h"

#include <vector>

#include "cli/app.h"
#include "passes/pipeline.h"
#include "support/files.h"

namespace thimble::fuzz {
namespace {

namespace fs = std::filesystem;
constexpr int kUnsupported = 2;  // ErrorClass::kModel

int run(const std::vector<std::string> &words) {
  std::vector<const char *> arguments;
  for (const std::string &word : words) arguments.push_back(word.c_str());
  return cli::run(static_cast<int>(arguments.size()), arguments.data());
}

std::vector<std::string> opt_command(const fs::path &file, const fs::path &output) {
  std::vector<std::string> words = {"thimble", "opt", file, "-o", output, "--passes"};
  for (const passes::Pass &pass : passes::pipeline()) words.emplace_back(pass.name);
  return words;
}

std::size_t count_files(const fs::path &directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto &entry : fs::directory_iterator(directory)) ++count;
  return count;
}

std::string contents_of(const fs::path &file) {
  const auto text = read_text(file);
  return text ? *text : std::string();
}

// The text of the result is a file again, and says the same.
std::string complaint_about_text(const fs::path &text, const fs::path &again) {
  const int code = run({"thimble", "opt", text, "-o", again});
  if (code != 0) return "its own text is not read: exit code " + std::to_string(code);
  const bool equal = contents_of(text) == contents_of(again);
  fs::remove(again);
  return equal ? std::string() : "its own text reads as another network";
}

// Offsets do not ask whether the operators are known, so files that are not imported are planned.
std::string complaint_about_plan(const fs::path &file, const fs::path &directory,
                                 bool is_imported) {
  const fs::path folder = directory / "plan", again = directory / "again.thm";
  const int code =
      run({"thimble", "compile", file, "--export", "tflite-plan", "--name", "net", "-o", folder});
  if (code == kUnsupported && !fs::exists(folder)) return {};
  if (code != 0) return "offsets: exit code " + std::to_string(code);
  const int copied = run(opt_command(folder / "net_planned.tflite", again));
  fs::remove(again);
  fs::remove_all(folder);
  return (copied == 0) == is_imported ? std::string() : "its copy with offsets reads otherwise";
}

}  // namespace

Answer import_file(const fs::path &file, const fs::path &directory) {
  const fs::path output = directory / "out.thm";
  const std::size_t before = count_files(directory);
  const int code = run(opt_command(file, output));
  const std::size_t written = count_files(directory) - before;
  const std::string planned = file.extension() == ".tflite"
                                  ? complaint_about_plan(file, directory, code == 0)
                                  : std::string();
  if (!planned.empty()) return {code == 0, planned};
  if (code == kUnsupported && written == 0) return {false, {}};
  if (code != 0 || written != 1)
    return {false, "exit code " + std::to_string(code) + ", " + std::to_string(written) +
                       " files written"};
  const std::string complaint = complaint_about_text(output, directory / "again.thm");
  fs::remove(output);
  return {true, complaint};
}

}  // namespace thimble::fuzz
