// Reads the chips: those built in, then those of the file that THIMBLE_TARGETS names.
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <string_view>

#include "support/check.h"
#include "support/files.h"
#include "targets/target.h"

namespace thimble::targets {

std::string_view embedded_targets(std::string_view file_name);

namespace {

constexpr int kRamPerStack = 8;

Diagnostic target_error(const std::string &file, const std::string &target, std::string what,
                        std::string why = {}) {
  Diagnostic diagnostic = usage_error((target.empty() ? "" : "target '" + target + "': ") + what,
                                      std::move(why), "see src/targets/targets.toml for the form");
  diagnostic.file = file;
  return diagnostic;
}

// One table of the file. Every key that is unknown or of the wrong type is reported.
class EntryReader {
 public:
  EntryReader(const toml::table &table, const std::string &file, const std::string &name)
      : table_(table), file_(file), name_(name) {}

  void text(const char *key, std::string &into, bool required = false) {
    read<std::string>(key, "a string", into, required);
  }
  void integer(const char *key, std::int64_t &into, std::int64_t least, std::int64_t most) {
    std::int64_t value = into;
    if (!read<std::int64_t>(key, "an integer", value, false)) return;
    if (value < least || value > most) {
      report(std::string(key) + " is " + std::to_string(value) + ", not between " +
             std::to_string(least) + " and " + std::to_string(most));
    } else {
      into = value;
    }
  }
  void integer(const char *key, int &into, int least, int most) {
    std::int64_t value = into;
    integer(key, value, least, most);
    into = static_cast<int>(value);
  }
  void boolean(const char *key, bool &into) { read<bool>(key, "true or false", into, false); }
  void texts(const char *key, std::vector<std::string> &into) {
    known_.push_back(key);
    const toml::node *node = table_.get(key);
    if (!node) return;
    const toml::array *array = node->as_array();
    if (!array) return report(std::string(key) + " is not a list of strings");
    for (const toml::node &element : *array) {
      const auto value = element.value_exact<std::string>();
      if (!value) return report(std::string(key) + " is not a list of strings");
      into.push_back(*value);
    }
  }
  void one_of(const char *key, const std::string &value, const std::vector<std::string> &allowed) {
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
    std::string list;
    for (const std::string &word : allowed) list += (list.empty() ? "" : ", ") + word;
    report(std::string(key) + " is '" + value + "'", "known: " + list);
  }
  const toml::table *table(const char *key) {
    known_.push_back(key);
    const toml::node *node = table_.get(key);
    if (node && !node->is_table()) report(std::string(key) + " is not a table");
    return node ? node->as_table() : nullptr;
  }
  void report(const Diagnostics &more) { found_.insert(found_.end(), more.begin(), more.end()); }
  void report(std::string what, std::string why = {}) {
    found_.push_back(target_error(file_, name_, std::move(what), std::move(why)));
  }
  // After all keys were asked for.
  Diagnostics findings() {
    for (const auto &[key, node] : table_) {
      if (std::find(known_.begin(), known_.end(), key.str()) == known_.end()) {
        report("unknown key '" + std::string(key.str()) + "'");
      }
    }
    return std::move(found_);
  }

 private:
  template <class T>
  bool read(const char *key, const char *kind, T &into, bool required) {
    known_.push_back(key);
    const toml::node *node = table_.get(key);
    if (!node) {
      if (required) report(std::string(key) + " is missing");
      return false;
    }
    const auto value = node->value_exact<T>();
    if (!value) {
      report(std::string(key) + " is not " + kind);
      return false;
    }
    into = *value;
    return true;
  }

  const toml::table &table_;
  const std::string &file_;
  const std::string &name_;
  std::vector<std::string_view> known_;
  Diagnostics found_;
};

// In the order of the file: toml++ keeps tables sorted by name, so by line.
std::vector<std::pair<std::string, const toml::node *>> in_file_order(const toml::table &document) {
  std::vector<std::pair<std::string, const toml::node *>> entries;
  for (const auto &[key, node] : document) entries.emplace_back(std::string(key.str()), &node);
  std::stable_sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) {
    return a.second->source().begin.line < b.second->source().begin.line;
  });
  return entries;
}

const std::vector<std::string> kResidencies = {"rings", "rows", "lines", "layers"};

// The keys that the table of a level has, over what `level` has.
Diagnostics read_level(const toml::table &table, const std::string &file, const std::string &target,
                       Level &level) {
  EntryReader entry(table, file, target);
  if (table.contains("flags")) level.flags.clear();
  entry.texts("flags", level.flags);
  if (table.contains("inner_loops")) entry.text("inner_loops", level.inner_loops.emplace());
  entry.text("residency", level.residency);
  entry.one_of("residency", level.residency, kResidencies);
  entry.text("weights", level.weights);
  entry.boolean("share_kernels", level.share_kernels);
  entry.boolean("tell_in_flash", level.tell_in_flash);
  return entry.findings();
}

// [optimize] of the built-in file, in its order.
const std::vector<Level> &common_levels() {
  static const std::vector<Level> levels = [] {
    const toml::table document = toml::parse(embedded_targets("targets.toml"));
    std::vector<Level> found;
    for (const auto &[name, node] : in_file_order(*document["optimize"].as_table())) {
      found.emplace_back().name = name;
      const Diagnostics errors = read_level(*node->as_table(), "targets.toml", "", found.back());
      CHECK(errors.empty(), "[optimize]: " + to_string(errors[0]));
    }
    return found;
  }();
  return levels;
}

std::string names_of(const std::vector<Level> &levels) {
  std::string names;
  for (const Level &level : levels) names += (names.empty() ? "" : ", ") + level.name;
  return names;
}

// The levels of a chip: what all have, with the keys of its `optimize`.
void read_levels(const std::string &file, EntryReader &entry, Target &target) {
  target.levels = common_levels();
  const toml::table *own = entry.table("optimize");
  if (!own) return;
  for (const auto &[key, node] : *own) {
    const std::string name(key.str());
    const auto level = std::find_if(target.levels.begin(), target.levels.end(),
                                    [&](const Level &l) { return l.name == name; });
    if (level == target.levels.end() || !node.is_table()) {
      entry.report("optimize." + name + " is no level",
                   "known: " + names_of(target.levels));
    } else {
      entry.report(read_level(*node.as_table(), file, target.name, *level));
    }
  }
}

void read_cycle_model(EntryReader &entry, const std::string &file, Target &target) {
  const toml::table *table = entry.table("cycle_model");
  if (!table) return;
  if (target.emulator != "qemu-arm") entry.report("cycle_model is for qemu-arm alone");
  CycleModel &model = target.cycle_model.emplace();
  EntryReader fields(*table, file, target.name);
  for (const CycleModelField &field : kCycleModelFields) {
    fields.integer(field.name, model.*field.value, 0, 1000);
  }
  entry.report(fields.findings());
}

Result<Target> read_entry(const std::string &name, const toml::table &table,
                          const std::string &file) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  Target target;
  target.name = name;
  EntryReader entry(table, file, name);
  entry.text("description", target.description);
  entry.text("toolchain", target.toolchain, true);
  entry.one_of("toolchain", target.toolchain, {"host", "avr", "arm", "riscv"});
  entry.text("compiler", target.compiler, true);
  entry.texts("flags", target.flags);
  target.c_standard = "c99";
  entry.text("c_standard", target.c_standard);
  entry.text("debian_package", target.debian_package);
  entry.text("emulator", target.emulator, true);
  entry.one_of("emulator", target.emulator, {"native", "simavr", "qemu-arm", "qemu-riscv"});
  entry.text("machine", target.machine);
  entry.text("count_unit", target.count_unit);
  read_cycle_model(entry, file, target);
  entry.integer("flash_bytes", target.flash_bytes, 0, kMost);
  entry.integer("ram_bytes", target.ram_bytes, 0, kMost);
  entry.integer("clock_hz", target.clock_hz, 0, kMost);
  entry.integer("index_bits", target.index_bits, 16, 64);
  entry.integer("pointer_bytes", target.pointer_bytes, 1, 8);
  entry.boolean("flash_separate", target.flash_separate);
  entry.boolean("gcc_only", target.gcc_only);
  entry.text("inner_loops", target.inner_loops);
  entry.text("costs", target.costs);
  entry.integer("alignment_bytes", target.alignment_bytes, 1, 16);
  std::string requant = to_string(target.requant);
  entry.text("requant", requant);
  if (auto parsed = parse_requant(requant)) {
    target.requant = *parsed;
  } else {
    entry.report(parsed.diagnostics().front().what, parsed.diagnostics().front().why);
  }
  read_levels(file, entry, target);
  if (Diagnostics findings = entry.findings(); !findings.empty()) return findings;
  return target;
}

Result<std::vector<Target>> parse_targets(std::string_view text, const std::string &file,
                                          bool built_in) {
  toml::table document;
  try {
    document = toml::parse(text);
  } catch (const toml::parse_error &error) {
    return target_error(file, "",
                        "line " + std::to_string(error.source().begin.line) + ": " +
                            std::string(error.description()));
  }
  std::vector<Target> targets;
  Diagnostics errors;
  for (const auto &[name, node] : in_file_order(document)) {
    if (built_in && name == "optimize") continue;  // common_levels
    if (!node->is_table()) {
      errors.push_back(target_error(file, "", "'" + name + "' is not a [table]"));
      continue;
    }
    auto target = read_entry(name, *node->as_table(), file);
    if (target) {
      targets.push_back(*std::move(target));
    } else {
      errors.insert(errors.end(), target.diagnostics().begin(), target.diagnostics().end());
    }
  }
  if (!errors.empty()) return errors;
  return targets;
}

void add_costs(Target &target, const toml::table &measured) {
  const toml::table *codes = measured[target.costs.empty() ? target.name : target.costs].as_table();
  if (!codes) return;
  for (const auto &[name, node] : *codes) {
    if (!node.is_table()) continue;
    const toml::table &one = *node.as_table();
    const CodeCost cost{std::string(name.str()), one["time"].value_or(0.0),
                        one["code"].value_or(std::int64_t{0}),
                        one["stack"].value_or(std::int64_t{0})};
    if (target.ram_bytes == 0 || cost.stack_bytes * kRamPerStack <= target.ram_bytes)
      target.code_costs.push_back(cost);
  }
}

std::vector<Target> with_costs(std::vector<Target> targets) {
  const toml::table measured = toml::parse(embedded_targets("costs.toml"));
  for (Target &target : targets) add_costs(target, measured);
  return targets;
}

void add_or_replace(std::vector<Target> &targets, Target target) {
  const auto same = std::find_if(targets.begin(), targets.end(),
                                 [&](const Target &t) { return t.name == target.name; });
  if (same == targets.end()) {
    targets.push_back(std::move(target));
  } else {
    *same = std::move(target);
  }
}

}  // namespace

Result<std::vector<Target>> all_targets() {
  auto targets = parse_targets(embedded_targets("targets.toml"), "targets.toml", true);
  CHECK(targets.ok(), "built-in targets: " + (targets ? "" : to_string(targets.diagnostics()[0])));
  const char *more = std::getenv("THIMBLE_TARGETS");
  if (!more || !*more) return with_costs(*std::move(targets));
  auto text = read_text(more, 1 << 20);
  if (!text) {
    Diagnostics errors = text.diagnostics();
    for (Diagnostic &error : errors) error.error_class = ErrorClass::kUsage;
    return errors;
  }
  TRY(std::vector<Target> added, parse_targets(*text, more, false));
  for (Target &target : added) add_or_replace(*targets, std::move(target));
  return with_costs(*std::move(targets));
}

Result<Target> find_target(const std::string &name) {
  TRY(const std::vector<Target> targets, all_targets());
  std::string known;
  for (const Target &target : targets) {
    if (target.name == name) return target;
    known += (known.empty() ? "" : ", ") + target.name;
  }
  return usage_error("unknown target '" + name + "'", "known: " + known,
                     "describe another chip in a file named by THIMBLE_TARGETS");
}

Result<Target> at_level(Target target, const std::string &level) {
  const auto found = std::find_if(target.levels.begin(), target.levels.end(),
                                  [&](const Level &l) { return l.name == level; });
  if (found == target.levels.end())
    return usage_error("unknown level '" + level + "' of --optimize",
                       "known: " + names_of(target.levels),
                       "leave it out for balanced; ram, speed and flash each need least of one");
  target.level = *found;
  if (found->inner_loops) target.inner_loops = *found->inner_loops;
  target.flags.insert(target.flags.end(), found->flags.begin(), found->flags.end());
  return target;
}

bool has_word(const std::string &inner_loops, std::string_view word) {
  std::istringstream words(inner_loops);
  const std::istream_iterator<std::string> end;
  return std::find(std::istream_iterator<std::string>(words), end, word) != end;
}

Result<Requant> parse_requant(const std::string &text) {
  for (Requant requant : {Requant::kQ31, Requant::kM16, Requant::kPow2}) {
    if (to_string(requant) == text) return requant;
  }
  return usage_error("unknown requantization '" + text + "'", "known: q31, m16, pow2");
}

std::string to_string(Requant requant) {
  switch (requant) {
    case Requant::kQ31:
      return "q31";
    case Requant::kM16:
      return "m16";
    case Requant::kPow2:
      return "pow2";
  }
  return "m16";
}

}  // namespace thimble::targets
