// Sections that are loaded count as flash, writable ones as RAM; initialised data are both. The AVR
// linker puts EEPROM, fuses and signature at addresses of their own from 0x810000, which are
// neither.
#include "emulate/image.h"

#include <cstring>

#include "emulate/elf_file.h"

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kAvrNotMemory = 0x810000;

bool in_memory(const ElfFile &elf, const Elf32_Shdr &section) {
  const bool avr_extra = elf.header.e_machine == EM_AVR && section.sh_addr >= kAvrNotMemory;
  return (section.sh_flags & SHF_ALLOC) && !avr_extra;
}

}  // namespace

Result<ImageSize> image_size(const std::filesystem::path &image) {
  TRY(const ElfFile elf, read_elf(image));
  ImageSize size;
  for (const Elf32_Shdr &section : elf.sections) {
    if (!in_memory(elf, section)) continue;
    if (section.sh_type != SHT_NOBITS) size.flash_bytes += section.sh_size;
    if (section.sh_flags & SHF_WRITE) size.ram_bytes += section.sh_size;
  }
  return size;
}

Result<std::int64_t> symbol_bytes(const std::filesystem::path &image, const std::string &name) {
  TRY(const ElfFile elf, read_elf(image));
  for (const ElfSymbol &symbol : elf.symbols) {
    if (symbol.name == name) return symbol.size;
  }
  return std::int64_t{0};
}

Result<Bytes> flash_contents(const std::filesystem::path &image) {
  constexpr std::uint64_t kMost = 1u << 24;
  TRY(const ElfFile elf, read_elf(image));
  Bytes flash;
  for (int i = 0; i < elf.header.e_phnum; ++i) {
    Elf32_Phdr segment;
    const std::uint64_t at = elf.header.e_phoff + std::uint64_t{elf.header.e_phentsize} * i;
    if (!read_at(elf.bytes, at, segment)) return cut_short(image);
    if (segment.p_type != PT_LOAD || segment.p_filesz == 0) continue;
    if (elf.header.e_machine == EM_AVR && segment.p_paddr >= kAvrNotMemory) continue;
    const std::uint64_t from = segment.p_offset, size = segment.p_filesz;
    const std::uint64_t end = std::uint64_t{segment.p_paddr} + size;
    if (from > elf.bytes.size() || size > elf.bytes.size() - from) return cut_short(image);
    if (end > kMost) return model_error("'" + image.string() + "' is no image of a flash of 16 MB");
    if (end > flash.size()) flash.resize(end, 0xff);
    std::memcpy(flash.data() + segment.p_paddr, elf.bytes.data() + from, size);
  }
  return flash;
}

}  // namespace thimble::emulate
