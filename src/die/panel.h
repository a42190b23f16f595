// An SSD1306 panel of 128x64 pixels as it answers on I2C: commands, the three addressing modes and
// display memory, after the chip's data sheet (Solomon Systech, rev 1.1). Scrolling and
// multiplexing are taken note of only as far as their arguments must be skipped.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

namespace thimble::die {

inline constexpr int kPanelColumns = 128;
inline constexpr int kPanelRows = 64;

// What a person sees: one bit a pixel, row by row from the top left.
struct PanelPicture {
  std::bitset<kPanelColumns * kPanelRows> pixels;
  bool lit(int column, int row) const { return pixels[row * kPanelColumns + column]; }
  void set(int column, int row, bool lit) { pixels[row * kPanelColumns + column] = lit; }
  bool operator==(const PanelPicture &) const = default;
};

class Panel {
 public:
  static constexpr std::uint8_t kAddress = 0x3C;  // 7 bits

  // The traffic of the bus: a start is followed by the address byte. True: the panel acknowledges.
  void start();
  bool write(std::uint8_t byte);
  void stop();

  // As a module is mounted: upright when columns and rows are remapped (A1, C8). All dark while the
  // display is off or has no charge pump.
  PanelPicture picture() const;

  // Every command that the chip does not have, in words.
  const std::vector<std::string> &problems() const { return problems_; }

 private:
  enum class Expect { kNothing, kAddress, kControl, kCommands, kData, kOneCommand, kOneData };
  enum class Addressing { kHorizontal, kVertical, kPage };

  void command_byte(std::uint8_t byte);
  void execute();
  void set_addressing(std::uint8_t mode);
  void data_byte(std::uint8_t byte);

  std::array<std::array<std::uint8_t, kPanelColumns>, 8> memory_{};  // page, column
  Expect expect_ = Expect::kNothing;
  std::vector<std::uint8_t> command_;  // the one being received, with its arguments so far
  Addressing addressing_ = Addressing::kPage;
  int page_ = 0, column_ = 0;
  int first_page_ = 0, last_page_ = 7, first_column_ = 0, last_column_ = kPanelColumns - 1;
  int start_line_ = 0;
  bool on_ = false, charge_pump_ = false, inverse_ = false, all_lit_ = false;
  bool columns_remapped_ = false, rows_remapped_ = false;
  std::vector<std::string> problems_;
};

}  // namespace thimble::die
