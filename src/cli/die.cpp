// `thimble die`: the electronic die on its simulated board, or as a page.
#include "die/die.h"

#include <fmt/core.h>

#include "cli/command.h"
#include "cli/console.h"
#include "die/page.h"

namespace thimble::cli {
namespace {

struct Options {
  std::string target = "atmega328p", model, output;
  std::string weights;
  int rolls = 30;
  std::uint64_t seed = 1;
  bool as_json = false, web = false;
};

std::string pictures_text(const die::DieReport &report) {
  std::string text;
  for (const die::FacePicture &picture : report.pictures) {
    text +=
        fmt::format("face {} ({})\n{}\n", picture.face, picture.image.string(), picture.drawing);
  }
  return text;
}

std::string to_text(const die::DieReport &report) {
  std::string text = pictures_text(report);
  text += report.wiring + "\nflash it: " + report.flash_command + "\n\n";
  text += fmt::format("rolls       {}, faces 1 to 6:", report.rolls);
  for (int count : report.faces) text += fmt::format(" {}", count);
  text += fmt::format("\nrecognised  {:.1f} % (float decoder {:.1f} %)\n", 100 * report.recognised,
                      100 * report.recognised_float);
  const emulate::Bill &bill = report.bill;
  text += fmt::format("flash       {} B = weights {} + constants {} + code {}\n", bill.flash_total,
                      bill.flash_weights, bill.flash_constants, bill.flash_code);
  text += fmt::format("RAM         {} B = arena {} + statics {} + stack {}\n", bill.ram_total,
                      bill.ram_arena, bill.ram_static, bill.ram_stack);
  text += fmt::format("a face      {} cycles, {:.3f} s\n", report.cycles_per_face,
                      report.seconds_per_face);
  text += fmt::format("rolling     {:.1f} frames a second\n", report.frames_per_second);
  return text;
}

Status roll(const Options &options) {
  die::DieOptions die;
  TRY(die.target, targets::find_target(options.target));
  die.model = options.model;
  die.rolls = options.rolls;
  die.seed = options.seed;
  die.weights = options.weights;
  if (!options.output.empty()) die.output = options.output;
  TRY(const die::DieReport report, with_warnings_printed(die::run_die(die, print_log)));
  options.as_json ? print_result(die::to_json(report)) : print_result(to_text(report));
  return Unit{};
}

std::string to_text(const die::PageReport &report) {
  return fmt::format(
      "page        {}, {} B, opens from the file\n"
      "module      {} B of WebAssembly\n"
      "network     {}: weights {} B, arena {} B\n",
      report.page.string(), report.page_bytes, report.module_bytes, report.model,
      report.weight_bytes, report.arena_bytes);
}

Status write_page(const Options &options) {
  die::PageOptions page;
  if (!options.model.empty()) page.model = options.model;
  if (!options.weights.empty()) page.weights = options.weights;
  if (!options.output.empty()) page.output = options.output;
  TRY(const die::PageReport report, with_warnings_printed(die::make_page(page, print_log)));
  options.as_json ? print_result(die::to_json(report)) : print_result(to_text(report));
  return Unit{};
}

}  // namespace

Command die_command(App root) {
  App app = root.add_subcommand("die", "Roll the electronic die on its simulated board");
  auto options = std::make_shared<Options>();
  app->add_option("--target", options->target,
                  "The board's chip: atmega328p (default), attiny85, ch32v003");
  app->add_option(
      "--model", options->model,
      "A decoder, 7 values to 1x32x32: a file, or a shipped one: faces_3889, faces_929, "
      "faces_616, die_3889, die_929; default: the largest that the chip holds");
  app->add_option("--rolls", options->rolls, "Presses of the button; default: 30")
      ->check(between(1, 1000000));
  app->add_option("--seed", options->seed, "Of the person who presses; default: 1");
  app->add_option("--weights", options->weights,
                  "auto: in the order, or as the instructions, of least time; int8: as they are, "
                  "less flash for more time; default: what the chip has room for")
      ->check(one_of({"auto", "int8"}));
  app->add_flag("--web", options->web,
                "Instead of a board, one self-contained page: the same C as WebAssembly, and its "
                "memory plan alive beside it")
      ->excludes("--target", "--rolls", "--seed");
  app->add_option("-o,--output", options->output,
                  "Directory for what is made; default: die_out. With --web the page; default: "
                  "die.html");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return options->web ? write_page(*options) : roll(*options); }};
}

}  // namespace thimble::cli
