// The panel of panel.h: a state machine over bytes. A transaction is an address byte, then control
// bytes, each followed by one byte (Co = 1) or by all that remain (Co = 0), of commands or of data.
#include "die/panel.h"

#include <fmt/format.h>

#include <algorithm>

namespace thimble::die {
namespace {

constexpr std::uint8_t kControlOne = 0x80;   // Co: one byte follows, then another control byte
constexpr std::uint8_t kControlData = 0x40;  // D/C#: data, not commands

bool between(std::uint8_t byte, int first, int last) { return byte >= first && byte <= last; }

// Bytes that follow the command; -1: no such command.
int argument_count(std::uint8_t command) {
  switch (command) {
    case 0x26:
    case 0x27:
      return 6;
    case 0x29:
    case 0x2A:
      return 5;
    case 0x21:
    case 0x22:
    case 0xA3:
      return 2;
    case 0x20:
    case 0x81:
    case 0x8D:
    case 0xA8:
    case 0xD3:
    case 0xD5:
    case 0xD9:
    case 0xDA:
    case 0xDB:
      return 1;
    case 0x2E:
    case 0x2F:
    case 0xA0:
    case 0xA1:
    case 0xA4:
    case 0xA5:
    case 0xA6:
    case 0xA7:
    case 0xAE:
    case 0xAF:
    case 0xC0:
    case 0xC8:
    case 0xE3:
      return 0;
    default:
      return between(command, 0x00, 0x1F) || between(command, 0x40, 0x7F) ||
                     between(command, 0xB0, 0xB7)
                 ? 0
                 : -1;
  }
}

}  // namespace

void Panel::start() { expect_ = Expect::kAddress; }

void Panel::stop() { expect_ = Expect::kNothing; }

bool Panel::write(std::uint8_t byte) {
  switch (expect_) {
    case Expect::kNothing:
      return false;
    case Expect::kAddress:
      expect_ = byte == kAddress << 1 ? Expect::kControl : Expect::kNothing;
      return expect_ == Expect::kControl;
    case Expect::kControl:
      if (byte & kControlOne) {
        expect_ = byte & kControlData ? Expect::kOneData : Expect::kOneCommand;
      } else {
        expect_ = byte & kControlData ? Expect::kData : Expect::kCommands;
      }
      return true;
    case Expect::kOneCommand:
      expect_ = Expect::kControl;
      [[fallthrough]];
    case Expect::kCommands:
      command_byte(byte);
      return true;
    case Expect::kOneData:
      expect_ = Expect::kControl;
      [[fallthrough]];
    case Expect::kData:
      data_byte(byte);
      return true;
  }
  return false;
}

void Panel::command_byte(std::uint8_t byte) {
  command_.push_back(byte);
  const int arguments = argument_count(command_.front());
  if (arguments < 0) {
    problems_.push_back(fmt::format("unknown command 0x{:02X}", byte));
    command_.clear();
  } else if (static_cast<int>(command_.size()) == 1 + arguments) {
    execute();
    command_.clear();
  }
}

void Panel::set_addressing(std::uint8_t mode) {
  constexpr Addressing kModes[] = {Addressing::kHorizontal, Addressing::kVertical,
                                   Addressing::kPage};
  if (mode > 2) {
    problems_.push_back(fmt::format("invalid addressing mode {}", mode));
  } else {
    addressing_ = kModes[mode];
  }
}

void Panel::execute() {
  const std::uint8_t code = command_[0];
  if (code <= 0x0F) column_ = (column_ & 0x70) | code;
  if (between(code, 0x10, 0x1F)) column_ = (column_ & 0x0F) | (code & 7) << 4;
  if (between(code, 0x40, 0x7F)) start_line_ = code - 0x40;
  if (between(code, 0xB0, 0xB7)) page_ = code & 7;
  switch (code) {
    case 0x20:
      set_addressing(command_[1] & 3);
      break;
    case 0x21:
      column_ = first_column_ = command_[1] & 127;
      last_column_ = command_[2] & 127;
      break;
    case 0x22:
      page_ = first_page_ = command_[1] & 7;
      last_page_ = command_[2] & 7;
      break;
    case 0x8D:
      charge_pump_ = command_[1] & 4;
      break;
    case 0xA0:
    case 0xA1:
      columns_remapped_ = code & 1;
      break;
    case 0xA4:
    case 0xA5:
      all_lit_ = code & 1;
      break;
    case 0xA6:
    case 0xA7:
      inverse_ = code & 1;
      break;
    case 0xAE:
    case 0xAF:
      on_ = code & 1;
      break;
    case 0xC0:
    case 0xC8:
      rows_remapped_ = code & 8;
      break;
    default:
      break;  // analog settings, scrolling
  }
}

void Panel::data_byte(std::uint8_t byte) {
  memory_[page_][column_] = byte;
  // What is stepped first, and within which bounds, is all that the modes differ in.
  const auto step = [](int &at, int first, int last) {
    const bool wraps = at == last;
    at = wraps ? first : at + 1;
    return wraps;
  };
  const auto bounded = [](int &at, int limit) { at &= limit - 1; };
  switch (addressing_) {
    case Addressing::kPage:
      step(column_, 0, kPanelColumns - 1);
      break;
    case Addressing::kHorizontal:
      if (step(column_, first_column_, last_column_)) step(page_, first_page_, last_page_);
      break;
    case Addressing::kVertical:
      if (step(page_, first_page_, last_page_)) step(column_, first_column_, last_column_);
      break;
  }
  bounded(column_, kPanelColumns);
  bounded(page_, 8);
}

PanelPicture Panel::picture() const {
  PanelPicture picture;
  if (!on_ || !charge_pump_) return picture;
  for (int row = 0; row < kPanelRows; ++row) {
    const int line = ((rows_remapped_ ? row : kPanelRows - 1 - row) + start_line_) % kPanelRows;
    for (int column = 0; column < kPanelColumns; ++column) {
      const int segment = columns_remapped_ ? column : kPanelColumns - 1 - column;
      const bool bit = memory_[line / 8][segment] >> line % 8 & 1;
      picture.set(column, row, all_lit_ || bit != inverse_);
    }
  }
  return picture;
}

}  // namespace thimble::die
