// 32-bit little-endian ELF files, as the cross compilers write them: objects and linked images.
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "support/diagnostic.h"
#include "support/files.h"

namespace thimble::emulate {

struct ElfSymbol {
  std::string name;
  std::int64_t size = 0;  // bytes
  std::uint32_t address = 0;
  int type = 0;  // STT_FUNC, STT_OBJECT, ...
  bool global = false;
  int section = 0;  // index into sections; SHN_UNDEF, SHN_ABS and the like where there is none
};

struct ElfFile {
  Bytes bytes;
  Elf32_Ehdr header;
  std::vector<Elf32_Shdr> sections;
  std::vector<ElfSymbol> symbols;  // in the file's order, to which relocations refer
};

// Errors: unreadable, no 32-bit little-endian ELF file, cut short.
Result<ElfFile> read_elf(const std::filesystem::path &path);

// Copies a T that stands at `offset`; false where the file ends before.
template <class T>
bool read_at(const Bytes &bytes, std::uint64_t offset, T &out) {
  if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) return false;
  std::memcpy(&out, bytes.data() + offset, sizeof(T));
  return true;
}

Diagnostic cut_short(const std::filesystem::path &path);

}  // namespace thimble::emulate
