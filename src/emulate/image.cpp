// Sections that are loaded count as flash, writable ones as RAM; initialised data are both. The AVR
// linker puts EEPROM, fuses and signature at addresses of their own from 0x810000, which are
// neither.
#include "emulate/image.h"

#include <elf.h>

#include <cstring>
#include <string_view>
#include <vector>

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kAvrNotMemory = 0x810000;

struct Elf {
  Bytes bytes;
  Elf32_Ehdr header;
  std::vector<Elf32_Shdr> sections;
};

template <class T>
bool read_at(const Bytes &bytes, std::uint64_t offset, T &out) {
  if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) return false;
  std::memcpy(&out, bytes.data() + offset, sizeof(T));
  return true;
}

Diagnostic cut_short(const std::filesystem::path &path) {
  return model_error("'" + path.string() + "' is cut short");
}

Result<Elf> read_elf(const std::filesystem::path &path) {
  Elf elf;
  TRY(elf.bytes, read_file(path));
  Elf32_Ehdr &header = elf.header;
  const bool sound =
      read_at(elf.bytes, 0, header) && std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
      header.e_ident[EI_CLASS] == ELFCLASS32 && header.e_ident[EI_DATA] == ELFDATA2LSB;
  if (!sound) return model_error("'" + path.string() + "' is no 32-bit little-endian ELF file");
  for (int i = 0; i < header.e_shnum; ++i) {
    Elf32_Shdr section;
    if (!read_at(elf.bytes, header.e_shoff + std::uint64_t{header.e_shentsize} * i, section)) {
      return cut_short(path);
    }
    elf.sections.push_back(section);
  }
  return elf;
}

bool in_memory(const Elf &elf, const Elf32_Shdr &section) {
  const bool avr_extra = elf.header.e_machine == EM_AVR && section.sh_addr >= kAvrNotMemory;
  return (section.sh_flags & SHF_ALLOC) && !avr_extra;
}

bool has_name(const Elf &elf, std::uint64_t offset, std::string_view name) {
  if (offset > elf.bytes.size() || name.size() + 1 > elf.bytes.size() - offset) return false;
  const std::string_view text(reinterpret_cast<const char *>(elf.bytes.data()) + offset,
                              name.size() + 1);
  return text.substr(0, name.size()) == name && text.back() == '\0';
}

}  // namespace

Result<ImageSize> image_size(const std::filesystem::path &image) {
  TRY(const Elf elf, read_elf(image));
  ImageSize size;
  for (const Elf32_Shdr &section : elf.sections) {
    if (!in_memory(elf, section)) continue;
    if (section.sh_type != SHT_NOBITS) size.flash_bytes += section.sh_size;
    if (section.sh_flags & SHF_WRITE) size.ram_bytes += section.sh_size;
  }
  return size;
}

Result<std::int64_t> symbol_bytes(const std::filesystem::path &image, const std::string &name) {
  TRY(const Elf elf, read_elf(image));
  for (const Elf32_Shdr &table : elf.sections) {
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= elf.sections.size()) continue;
    const std::uint64_t names = elf.sections[table.sh_link].sh_offset;
    for (std::uint64_t at = 0; at + sizeof(Elf32_Sym) <= table.sh_size; at += sizeof(Elf32_Sym)) {
      Elf32_Sym symbol;
      if (!read_at(elf.bytes, table.sh_offset + at, symbol)) break;
      if (has_name(elf, names + symbol.st_name, name)) return std::int64_t{symbol.st_size};
    }
  }
  return std::int64_t{0};
}

Result<Bytes> flash_contents(const std::filesystem::path &image) {
  constexpr std::uint64_t kMost = 1u << 24;
  TRY(const Elf elf, read_elf(image));
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
