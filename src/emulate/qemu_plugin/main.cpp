// A plugin of qemu-system-arm that counts instructions and model cycles: cycles.so of a run
// (cycle_plugin.h says how it is passed). Whenever the program comes to an address that is a
// `mark`, the counts so far become a record of cycles.bin.
//
// QEMU translates blocks of instructions once and then runs them: a block's cost is found when it
// is translated, and added when it is run. A block that reaches for a device is left there, and
// what follows runs as another: what lies between two marks must have no such access, or it counts
// some instructions twice. Nothing outlives QEMU, so nothing is freed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "emulate/cycles.h"

// Of QEMU 6 to 8's qemu-plugin.h, which Debian does not package.
extern "C" {
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;
using qemu_plugin_id_t = std::uint64_t;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
using tb_translated_fn = void (*)(qemu_plugin_id_t, qemu_plugin_tb *);
using tb_run_fn = void (*)(unsigned cpu, void *user);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, tb_translated_fn);
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb *, tb_run_fn, qemu_plugin_cb_flags,
                                          void *user);
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *, std::size_t);
std::uint64_t qemu_plugin_tb_vaddr(const qemu_plugin_tb *);
const void *qemu_plugin_insn_data(const qemu_plugin_insn *);
std::size_t qemu_plugin_insn_size(const qemu_plugin_insn *);

int qemu_plugin_version = 1;
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *, int argc, char **argv);
}

namespace {

using namespace thimble;

targets::CycleModel model;
std::uint32_t marks[2];
int mark_count;
std::FILE *records;

emulate::Counts counts;
const emulate::Block *last;

// At the end of a page QEMU looks at the halfword behind an instruction, and counts it to its
// bytes.
void append_instruction(emulate::Block &block, const qemu_plugin_insn *instruction) {
  std::uint16_t halfwords[2] = {};
  std::memcpy(halfwords, qemu_plugin_insn_data(instruction),
              std::min(qemu_plugin_insn_size(instruction), sizeof halfwords));
  const int bytes = halfwords[0] >> 11 >= 0x1d ? 4 : 2;  // Armv7-M manual, A5.1
  append(block, emulate::decode_thumb(halfwords[0], halfwords[1]), bytes, model);
}

void on_mark(unsigned, void *user) {
  const emulate::CycleRecord record = {static_cast<std::uint32_t *>(user) - marks, counts};
  std::fwrite(&record, sizeof record, 1, records);
  std::fflush(records);
}

void on_run(unsigned, void *user) {
  const auto *block = static_cast<const emulate::Block *>(user);
  run_block(counts, last, *block, model);
  last = block;
}

void on_translated(qemu_plugin_id_t, qemu_plugin_tb *tb) {
  auto *block = static_cast<emulate::Block *>(std::calloc(1, sizeof(emulate::Block)));
  if (!block) std::abort();
  block->begin = block->end = static_cast<std::uint32_t>(qemu_plugin_tb_vaddr(tb));
  for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(tb); ++i)
    append_instruction(*block, qemu_plugin_tb_get_insn(tb, i));
  for (std::uint32_t &mark : marks) {
    if (block->begin != mark) continue;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, on_mark, QEMU_PLUGIN_CB_NO_REGS, &mark);
  }
  qemu_plugin_register_vcpu_tb_exec_cb(tb, on_run, QEMU_PLUGIN_CB_NO_REGS, block);
}

// "NAME=NUMBER"
void read_argument(const char *text) {
  const char *equals = std::strchr(text, '=');
  if (!equals) return;
  const auto is = [&](const char *name) {
    const auto length = static_cast<std::size_t>(equals - text);
    return std::strlen(name) == length && std::strncmp(text, name, length) == 0;
  };
  const auto value = static_cast<std::uint32_t>(std::strtoul(equals + 1, nullptr, 0));
  if (is("mark") && mark_count < 2) marks[mark_count++] = value;
  for (const targets::CycleModelField &field : targets::kCycleModelFields) {
    if (is(field.name)) model.*field.value = static_cast<int>(value);
  }
}

}  // namespace

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *, int argc, char **argv) {
  for (int i = 0; i < argc; ++i) read_argument(argv[i]);
  records = std::fopen("cycles.bin", "wb");
  if (!records) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
  return 0;
}
