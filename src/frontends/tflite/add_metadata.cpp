// FlatBuffers' offsets lead forward, so what is new is put in front: behind the file's first eight
// bytes come a new Model table, its lists of buffers and metadata, and the entry; then the old
// bytes, of which only the distance to the file's beginning changes. The old Model table stays
// where it was and nobody is led to it. Sixteen bytes are the strictest alignment of the format.
#include "frontends/tflite/add_metadata.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/limits.h"
#include "frontends/tflite/open_model.h"
#include "frontends/tflite/schema.h"
#include "support/check.h"

namespace thimble::frontends::tflite {
namespace {

constexpr std::uint64_t kHead = 8;  // offset of the Model, "TFL3"
constexpr std::uint64_t kAlignment = 16;
constexpr std::uint64_t kMostBytes = 1ull << 31;  // of a file that 32-bit offsets span

// What is new: bytes from kHead on, and offsets in them, to be filled in when all places are known.
class Front {
 public:
  std::uint64_t end() const { return kHead + bytes_.size(); }
  const Bytes &bytes() const { return bytes_; }

  // Until what is written after `ahead` bytes lies at a multiple of `size`.
  void align(std::uint64_t size, std::uint64_t ahead = 0) {
    while ((end() + ahead) % size != 0) bytes_.push_back(0);
  }
  template <class T>
  void number(T value) {
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(&value);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof(T));
  }
  void raw(View bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  // An offset to a place of the old file.
  void to_old(std::uint64_t place) {
    old_.push_back({end(), place});
    number(std::uint32_t{0});
  }
  // One to what comes later: `lead` says where that is.
  std::uint64_t to_new() {
    number(std::uint32_t{0});
    return end() - sizeof(std::uint32_t);
  }
  void lead(std::uint64_t place, std::uint64_t target) {
    const auto distance = static_cast<std::uint32_t>(target - place);
    std::memcpy(bytes_.data() + (place - kHead), &distance, sizeof distance);
  }

  // The last thing to do: by so many bytes the old ones move.
  std::uint64_t settle() {
    align(kAlignment, kAlignment - kHead);
    for (const auto &[place, target] : old_) lead(place, target + bytes_.size());
    return bytes_.size();
  }

 private:
  struct Old {
    std::uint64_t place, target;
  };
  Bytes bytes_;
  std::vector<Old> old_;
};

// A table of 32-bit fields, which follow: its list of places, and the distance back to that. Where
// the table is.
std::uint64_t begin_table(Front &front, const std::vector<bool> &present) {
  const std::size_t slots = present.size();
  const auto list = static_cast<std::uint16_t>(4 + 2 * slots);
  const auto fields = static_cast<std::uint16_t>(std::count(present.begin(), present.end(), true));
  front.align(4, list);
  front.number(list);
  front.number(static_cast<std::uint16_t>(4 + 4 * fields));
  std::uint16_t at = 4;
  for (const bool is_there : present) {
    front.number(is_there ? at : std::uint16_t{0});
    if (is_there) at = static_cast<std::uint16_t>(at + 4);
  }
  front.number(std::int32_t{list});
  return front.end() - sizeof(std::int32_t);
}

struct Old {
  Table model;
  std::vector<std::uint64_t> buffers, metadata;  // where their tables are
};

// The tables of buffers and of metadata that stay.
Old read_old(const Table &model, std::string_view replaced) {
  Old old{model, {}, {}};
  const Tables buffers = model.tables(Model::kBuffers);
  for (std::size_t i = 0; i < buffers.size(); ++i) old.buffers.push_back(buffers[i].at());
  const Tables metadata = model.tables(Model::kMetadata);
  for (std::size_t i = 0; i < metadata.size(); ++i)
    if (metadata[i].text(Metadata::kName) != replaced) old.metadata.push_back(metadata[i].at());
  return old;
}

bool has_outside_weights(const Table &model) {
  const Tables buffers = model.tables(Model::kBuffers);
  for (std::size_t i = 0; i < buffers.size(); ++i)
    if (buffers[i].scalar<std::uint64_t>(BufferTable::kOffset, 0) > 1) return true;
  return false;
}

// Whether a tensor names a buffer that is not there: in the copy there is one more. (Too many
// tensors to look at are as bad.)
bool has_stray_buffers(const Table &model) {
  const std::size_t count = model.tables(Model::kBuffers).size();
  const Tables subgraphs = model.tables(Model::kSubgraphs);
  Budget items(kMaxItems);
  for (std::size_t i = 0; i < subgraphs.size(); ++i) {
    const Tables tensors = subgraphs[i].tables(Subgraph::kTensors);
    if (!items.take(1 + static_cast<std::int64_t>(tensors.size()))) return true;
    for (std::size_t k = 0; k < tensors.size(); ++k)
      if (tensors[k].scalar<std::uint32_t>(Tensor::kBuffer, 0) >= count) return true;
  }
  return false;
}

bool has_newer_fields(const Table &model) {
  constexpr int kLooked = 24;
  for (int field = Model::kFieldCount; field < kLooked; ++field)
    if (model.target(field)) return true;
  return false;
}

// Where the new Model table is, and its offsets to the new lists.
struct NewModel {
  std::uint64_t at = 0, buffers = 0, metadata = 0;
};

NewModel write_model(Front &front, const Table &old) {
  std::vector<bool> present;
  for (int field = 0; field < Model::kFieldCount; ++field)
    present.push_back(field == Model::kVersion || field == Model::kBuffers ||
                      field == Model::kMetadata || old.target(field).has_value());
  NewModel model{begin_table(front, present)};
  for (int field = 0; field < Model::kFieldCount; ++field) {
    if (!present[field]) continue;
    if (field == Model::kVersion)
      front.number(kSchemaVersion);
    else if (field == Model::kBuffers)
      model.buffers = front.to_new();
    else if (field == Model::kMetadata)
      model.metadata = front.to_new();
    else
      front.to_old(*old.target(field));
  }
  return model;
}

// The old tables, and a new one, whose offset's place is given back.
std::uint64_t write_list(Front &front, const std::vector<std::uint64_t> &old) {
  front.number(static_cast<std::uint32_t>(old.size() + 1));
  for (const std::uint64_t place : old) front.to_old(place);
  return front.to_new();
}

void write_text(Front &front, std::string_view text) {
  front.number(static_cast<std::uint32_t>(text.size()));
  front.raw({reinterpret_cast<const std::uint8_t *>(text.data()), text.size()});
  front.number(std::uint8_t{0});
}

// Where the new Model table is.
std::uint64_t write_front(Front &front, const Old &old, std::string_view name, View data) {
  const NewModel model = write_model(front, old.model);
  front.lead(model.buffers, front.end());
  const std::uint64_t buffer = write_list(front, old.buffers);
  front.lead(model.metadata, front.end());
  const std::uint64_t entry = write_list(front, old.metadata);

  front.lead(entry, begin_table(front, {true, true}));
  const std::uint64_t entry_name = front.to_new();
  front.number(static_cast<std::uint32_t>(old.buffers.size()));
  front.lead(entry_name, front.end());
  write_text(front, name);

  front.lead(buffer, begin_table(front, {true}));
  const std::uint64_t elements = front.to_new();
  front.align(kAlignment, sizeof(std::uint32_t));
  front.lead(elements, front.end());
  front.number(static_cast<std::uint32_t>(data.size()));
  front.raw(data);
  return model.at;
}

// Whether the entry is found in the new file as any reader would find it.
bool holds(View file, std::string_view name, View data) {
  Buffer buffer(file);
  const Table model = root(buffer);
  const Tables entries = model.tables(Model::kMetadata);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].text(Metadata::kName) != name) continue;
    const auto index = entries[i].scalar<std::uint32_t>(Metadata::kBuffer, 0);
    const View found =
        model.tables(Model::kBuffers)[index].numbers<std::uint8_t>(BufferTable::kData).bytes();
    return !buffer.broken() && std::equal(found.begin(), found.end(), data.begin(), data.end());
  }
  return false;
}

}  // namespace

Result<Bytes> add_metadata(View file, std::string_view name, View data) {
  Buffer buffer(file);
  TRY(const Table model, open_model(buffer));
  if (has_outside_weights(model))
    return model_error("weights lie behind the flatbuffer", "metadata would move them",
                       "convert the model again, below 2 GB");
  if (has_newer_fields(model))
    return model_error("the file's schema is newer than what Thimble can copy",
                       "its Model table has fields without a known meaning", kReconvert);
  const Old old = read_old(model, name);
  if (has_stray_buffers(model) || buffer.broken()) return damaged();

  Front front;
  const auto root_place = static_cast<std::uint32_t>(write_front(front, old, name, data));
  const std::uint64_t moved = front.settle();
  if (file.size() + moved >= kMostBytes) return model_error("the file is too large");
  Bytes copy(file.begin(), file.begin() + kHead);
  std::memcpy(copy.data(), &root_place, sizeof root_place);
  copy.insert(copy.end(), front.bytes().begin(), front.bytes().end());
  copy.insert(copy.end(), file.begin() + kHead, file.end());
  CHECK(holds(copy, name, data), "metadata is not found where it was written");
  return copy;
}

}  // namespace thimble::frontends::tflite
