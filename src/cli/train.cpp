// `thimble train` and `thimble shrink`: handed over to the program thimble-train beside this one,
// which alone needs libtorch (src/recipes/main.cpp).
#include <unistd.h>

#include <filesystem>

#include "cli/command.h"

namespace thimble::cli {
namespace {

namespace fs = std::filesystem;

Status hand_over(const std::string &command, std::vector<std::string> words) {
  const fs::path trainer = fs::read_symlink("/proc/self/exe").parent_path() / "thimble-train";
  words.insert(words.begin(), {trainer.string(), command});
  std::vector<char *> argv;
  for (std::string &word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  return missing_tool_error("there is no " + trainer.string(),
                            "training needs libtorch, so it is a program of its own",
                            "run ./thimble " + command +
                                " in Thimble's folder, which builds it, or build "
                                "with -DTHIMBLE_TRAIN=ON");
}

// All words after it are thimble-train's, --help too.
Command handed_over(App root, const std::string &name, const std::string &summary) {
  App app = root.add_subcommand(name, summary + " (needs libtorch)");
  app.leave_words();
  return {app, [=] { return hand_over(name, app.words()); }};
}

}  // namespace

Command train_command(App root) { return handed_over(root, "train", "Train the shipped networks"); }

Command shrink_command(App root) {
  return handed_over(root, "shrink", "Make a network smaller: prune, quantize, retrain");
}

}  // namespace thimble::cli
