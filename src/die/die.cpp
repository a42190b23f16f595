// The whole way, a function a stage: network, firmware, rolls, and what a maker takes home.
#include "die/die.h"

#include <fmt/format.h>

#include <algorithm>

#include "codegen/emit.h"
#include "die/decoder.h"
#include "die/firmware.h"
#include "die/network.h"
#include "die/parts.h"
#include "die/rolling.h"
#include "die/show.h"
#include "emulate/image.h"
#include "report/png.h"
#include "support/files.h"

namespace thimble::die {
namespace {

namespace fs = std::filesystem;

Status check_options(const DieOptions &options) {
  if (options.rolls < 1) return usage_error("--rolls must be at least 1");
  return Unit{};
}

Result<Decoder> prepare_decoder(const fs::path &file, const ops::Numbers &numbers) {
  TRY(Model model, load_decoder(file));
  return make_decoder(std::move(model), numbers);
}

Diagnostic too_large(const Decoder &decoder, std::int64_t arena_bytes,
                     const targets::Target &target) {
  Diagnostic error = model_error(
      fmt::format("needs {} bytes of RAM, {} has {}", arena_bytes, target.name, target.ram_bytes),
      "the network's arena alone, with its rows streamed out", "use a smaller decoder");
  error.file = decoder.model.name;
  error.error_class = ErrorClass::kBudget;
  return error;
}

Result<codegen::Emitted> emit_network(const Decoder &decoder, const Part &part,
                                      const targets::Target &target, const ops::Numbers &numbers,
                                      const Log &log) {
  TRY(const plan::Plan plan, plan_network(decoder, target.ram_bytes - part.firmware_bytes));
  log(fmt::format("planned {}: arena {} bytes, rows streamed to the display", decoder.model.name,
                  plan.arena_bytes));
  if (plan.arena_bytes >= target.ram_bytes) return too_large(decoder, plan.arena_bytes, target);
  codegen::Options options;
  options.name = kNetworkName;
  options.target = target;
  options.numbers = numbers;
  options.model_sha256 = decoder.model.sha256;
  options.command_options = "die";
  return codegen::emit(decoder.quantized, plan, options);
}

Result<emulate::Bill> bill_of(const fs::path &image, const codegen::Emitted &network,
                              std::int64_t stack_bytes) {
  TRY(const emulate::ImageSize size, emulate::image_size(image));
  emulate::Bill bill;
  bill.flash_weights = network.weight_bytes;
  bill.flash_constants = network.constant_bytes;
  bill.flash_total = size.flash_bytes;
  bill.flash_code = size.flash_bytes - network.weight_bytes - network.constant_bytes;
  bill.ram_arena = network.arena_bytes;
  bill.ram_static = size.ram_bytes - network.arena_bytes;
  bill.ram_stack = stack_bytes;
  bill.ram_total = size.ram_bytes + stack_bytes;
  return bill;
}

// One picture a face, the first that was rolled.
Result<std::vector<FacePicture>> show_faces(const std::vector<Roll> &rolls,
                                            const fs::path &directory) {
  std::vector<FacePicture> pictures;
  for (int face = 1; face <= kFaces; ++face) {
    const auto roll =
        std::find_if(rolls.begin(), rolls.end(), [&](const Roll &r) { return r.face == face; });
    if (roll == rolls.end()) continue;
    const fs::path path = directory / fmt::format("face_{}.png", face);
    TRY([[maybe_unused]] const Unit written, report::write_png(path, panel_image(roll->picture)));
    pictures.push_back({face, path, panel_text(roll->picture)});
  }
  return pictures;
}

Status write_maker_files(const fs::path &image, const Part &part, const targets::Target &target,
                         DieReport &report, const fs::path &directory) {
  TRY(const Bytes flash, emulate::flash_contents(image));
  report.hex = directory / "die.hex";
  report.wiring = part.wiring;
  const std::string build = build_command(part, target);
  report.flash_command = flash_command(part, "die.hex");
  TRY([[maybe_unused]] const Unit hex, write_file(report.hex, intel_hex(flash)));
  return write_file(directory / "wiring.txt", report.wiring + "\n" + report.flash_command +
                                                  "\n\nbuilt in firmware/ by\n" + build + "\n");
}

void count_faces(const std::vector<Roll> &rolls, const Part &part, DieReport &report) {
  report.rolls = static_cast<int>(rolls.size());
  for (const Roll &roll : rolls) {
    ++report.faces.at(roll.face - 1);
    report.cycles_per_face = std::max(report.cycles_per_face, roll.cycles);
  }
  report.seconds_per_face =
      static_cast<double>(report.cycles_per_face) / static_cast<double>(part.clock_hz);
}

// How many frames roll depends on how long one takes, which the firmware without them tells.
Status build_images(const fs::path &sources, const Part &part, const DieOptions &options,
                    const Images &images) {
  TRY([[maybe_unused]] const Unit built,
      build_firmware(sources, part, options.target, {"DIE_ROLLING_FRAMES=0"},
                     images.without_frames));
  TRY(const std::int64_t cycles, face_cycles(images.without_frames, part, options.seed));
  TRY([[maybe_unused]] const Unit said, write_roll(frames_for(cycles, part), sources));
  return build_firmware(sources, part, options.target, {}, images.flashed);
}

}  // namespace

Result<DieReport> run_die(const DieOptions &options, const Log &log) {
  TRY([[maybe_unused]] const Unit checked, check_options(options));
  TRY(const Part *const part, part_of(options.target));
  const ops::Numbers numbers{options.target.requant,
                             options.weights.empty() ? std::string(part->weights) : options.weights,
                             options.target.code_costs, options.target.flash_bytes};
  const fs::path model = options.model.empty() ? fs::path(part->model) : options.model;
  TRY(const Decoder decoder, prepare_decoder(model, numbers));
  log("quantized " + decoder.model.name + " to int8");
  TRY(const codegen::Emitted network, emit_network(decoder, *part, options.target, numbers, log));

  const fs::path sources = options.output / "firmware";
  const TemporaryDirectory build;
  const Images images{build.path() / "die.elf", build.path() / "die_without_frames.elf"};
  TRY([[maybe_unused]] const Unit written, write_firmware(network, *part, sources));
  TRY([[maybe_unused]] const Unit built, build_images(sources, *part, options, images));
  log("built the firmware for " + options.target.description);

  TRY(const Rolls rolled, roll_many(images, *part, options.rolls, options.seed));
  TRY(const Recogniser recogniser, Recogniser::load());
  const Judgement judgement = judge(rolled.rolls, decoder, recogniser);

  DieReport report;
  report.target = options.target.name;
  report.model = decoder.model.name;
  report.recognised = judgement.recognised;
  report.recognised_float = judgement.recognised_float;
  report.pictures_different = judgement.pictures_different;
  report.frames_per_second = rolled.frames_per_second;
  count_faces(rolled.rolls, *part, report);
  TRY(report.bill, bill_of(images.flashed, network, rolled.stack_bytes));
  TRY(report.pictures, show_faces(rolled.rolls, options.output));
  TRY([[maybe_unused]] const Unit maker,
      write_maker_files(images.flashed, *part, options.target, report, options.output));
  return report;
}

Json to_json(const DieReport &report) {
  Json images = Json::array();
  for (const FacePicture &picture : report.pictures) images.push_back(picture.image.string());
  const emulate::Bill &bill = report.bill;
  return Json{{"target", report.target},
              {"model", report.model},
              {"rolls", report.rolls},
              {"faces", report.faces},
              {"recognised", report.recognised},
              {"recognised_float", report.recognised_float},
              {"pictures_different", report.pictures_different},
              {"seconds_per_face", report.seconds_per_face},
              {"cycles_per_face", report.cycles_per_face},
              {"frames_per_second", report.frames_per_second},
              {"flash",
               {{"weights", bill.flash_weights},
                {"constants", bill.flash_constants},
                {"code", bill.flash_code},
                {"total", bill.flash_total}}},
              {"ram",
               {{"arena", bill.ram_arena},
                {"static", bill.ram_static},
                {"stack", bill.ram_stack},
                {"total", bill.ram_total}}},
              {"images", std::move(images)},
              {"hex", report.hex.string()}};
}

}  // namespace thimble::die
