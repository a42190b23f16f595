#include "cli/app.h"

int main(int argc, char **argv) { return thimble::cli::run(argc, argv); }
