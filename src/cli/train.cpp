// `thimble train`: hands over to the program thimble-train beside this one, which alone needs
// libtorch (src/recipes/main.cpp).
#include <unistd.h>

#include <filesystem>

#include "cli/command.h"

namespace thimble::cli {
namespace {

namespace fs = std::filesystem;

Status hand_over(std::vector<std::string> words) {
  const fs::path trainer = fs::read_symlink("/proc/self/exe").parent_path() / "thimble-train";
  words.insert(words.begin(), {trainer.string(), "train"});
  std::vector<char *> argv;
  for (std::string &word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  return missing_tool_error("there is no " + trainer.string(),
                            "training needs libtorch, so it is a program of its own",
                            "run ./thimble train in Thimble's folder, which builds it, or build "
                            "with -DTHIMBLE_TRAIN=ON");
}

}  // namespace

Command train_command(CLI::App &root) {
  CLI::App *app = root.add_subcommand("train", "Train the die's networks (needs libtorch)");
  app->prefix_command();  // all words after it are thimble-train's,
  app->set_help_flag();   // --help too
  return {app, [=] { return hand_over(app->remaining()); }};
}

}  // namespace thimble::cli
