// What --help teaches: which command answers which question, and examples that work as they stand.
#pragma once

namespace CLI {
class App;
}

namespace thimble::cli {

// Puts the lessons below the help of `root` and of the commands that it has.
void teach(CLI::App &root);

}  // namespace thimble::cli
