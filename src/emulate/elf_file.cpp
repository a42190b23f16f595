// Headers, section headers and the symbol table; what else a reader wants it finds by their
// offsets.
#include "emulate/elf_file.h"

#include <algorithm>

namespace thimble::emulate {
namespace {

// The text up to its zero byte; empty where the file ends before.
std::string text_at(const Bytes &bytes, std::uint64_t offset) {
  if (offset >= bytes.size()) return {};
  const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  const auto end = std::find(from, bytes.end(), 0);
  return end == bytes.end() ? std::string() : std::string(from, end);
}

bool read_symbols(ElfFile &elf, const Elf32_Shdr &table) {
  if (table.sh_link >= elf.sections.size()) return false;
  const std::uint64_t names = elf.sections[table.sh_link].sh_offset;
  for (std::uint64_t at = 0; at + sizeof(Elf32_Sym) <= table.sh_size; at += sizeof(Elf32_Sym)) {
    Elf32_Sym raw;
    if (!read_at(elf.bytes, table.sh_offset + at, raw)) return false;
    elf.symbols.push_back({text_at(elf.bytes, names + raw.st_name), raw.st_size, raw.st_value,
                           ELF32_ST_TYPE(raw.st_info), ELF32_ST_BIND(raw.st_info) == STB_GLOBAL,
                           raw.st_shndx});
  }
  return true;
}

}  // namespace

Diagnostic cut_short(const std::filesystem::path &path) {
  return model_error("'" + path.string() + "' is cut short");
}

Result<ElfFile> read_elf(const std::filesystem::path &path) {
  ElfFile elf;
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
  for (const Elf32_Shdr &section : elf.sections) {  // a file has one symbol table at most
    if (section.sh_type == SHT_SYMTAB && !read_symbols(elf, section)) return cut_short(path);
  }
  return elf;
}

}  // namespace thimble::emulate
