// Messages are copied field by field, each as it was read; only the fields that are spoken of here
// are written anew. Numbers are those of onnx.proto.
#include "frontends/onnx/annotate.h"

#include <fmt/format.h>

#include <set>

#include "frontends/limits.h"
#include "frontends/onnx/messages.h"
#include "frontends/onnx/tensors.h"
#include "frontends/onnx/wire_writer.h"
#include "support/files.h"

namespace thimble::frontends::onnx {
namespace {

constexpr std::uint64_t kMostBytes = (1ull << 31) - 1;  // of any protobuf message

namespace fields {
enum Model { kGraph = 7 };
enum Graph { kNode = 1, kInitializer = 5, kInput = 11, kOutput = 12, kValueInfo = 13 };
enum Tensor { kRawData = 9, kExternalData = 13, kDataLocation = 14 };
}  // namespace fields

// Where a message has its words.
struct Places {
  int doc_string = 0, metadata_props = 0;
};
constexpr Places kOfNode = {6, 9}, kOfValue = {3, 4};

MessageWriter entry(const std::string &key, const std::string &value) {
  MessageWriter writer;
  writer.bytes(1, key);
  writer.bytes(2, value);
  return writer;
}

// The message with the notes' words behind its own.
MessageWriter with_notes(View message, const Places &places,
                         const std::vector<const Note *> &notes) {
  MessageWriter writer;
  std::string text;
  for (Fields all(message); all.next();) {
    if (all.field().number == places.doc_string)
      text = all.field().text();  // of several, the last one counts
    else
      writer.copy(all.field());
  }
  for (const Note *note : notes) {
    text += (text.empty() ? "" : "\n") + note->text;
    for (const auto &[key, value] : note->properties)
      writer.message(places.metadata_props, entry(key, value));
  }
  if (!text.empty()) writer.bytes(places.doc_string, text);
  return writer;
}

class Annotator {
 public:
  Annotator(const std::filesystem::path &directory, const Notes &notes)
      : directory_(directory), notes_(notes) {}

  Result<Annotated> run(View bytes) {
    MessageWriter writer;
    for (Fields all(bytes); all.next();) {
      if (all.field().number != fields::kGraph) {
        writer.copy(all.field());
        continue;
      }
      TRY(const MessageWriter graph, graph_of(all.field().bytes));
      writer.message(fields::kGraph, graph);
    }
    if (writer.data().size() > kMostBytes)
      return model_error("the annotated copy is too large for one file", "weights are part of it");
    return Annotated{writer.data(), static_cast<int>(noted_.size())};
  }

 private:
  Result<MessageWriter> graph_of(View graph) {
    MessageWriter writer;
    for (Fields all(graph); all.next();) {
      const Field &field = all.field();
      switch (field.number) {
        case fields::kNode: {
          TRY(const NodeMessage node, parse_node(field.bytes, items_));
          writer.message(field.number, with_notes(field.bytes, kOfNode, notes_at(node.outputs)));
          break;
        }
        case fields::kInput:
        case fields::kOutput:
        case fields::kValueInfo: {
          TRY(const ValueMessage value, parse_value(field.bytes));
          writer.message(field.number, with_notes(field.bytes, kOfValue, notes_at({value.name})));
          break;
        }
        case fields::kInitializer: {
          TRY(const MessageWriter tensor, tensor_of(field.bytes));
          writer.message(field.number, tensor);
          break;
        }
        default:
          writer.copy(field);
      }
    }
    return writer;
  }

  std::vector<const Note *> notes_at(const std::vector<std::string_view> &names) {
    std::vector<const Note *> found;
    for (const std::string_view name : names) {
      const auto note = notes_.find(name);
      if (note == notes_.end()) continue;
      found.push_back(&note->second);
      noted_.insert(note->first);
    }
    return found;
  }

  // With its data inside.
  Result<MessageWriter> tensor_of(View bytes) {
    TRY(const TensorMessage tensor, parse_tensor(bytes));
    MessageWriter writer;
    for (Fields all(bytes); all.next();) {
      const int number = all.field().number;
      if (tensor.external && (number == fields::kRawData || number == fields::kExternalData ||
                              number == fields::kDataLocation))
        continue;
      writer.copy(all.field());
    }
    if (!tensor.external) return writer;
    TRY(const auto data, external_bytes(tensor, directory_, elements_));
    writer.bytes(fields::kRawData, {reinterpret_cast<const char *>(data.data()), data.size()});
    return writer;
  }

  const std::filesystem::path directory_;
  const Notes &notes_;
  std::set<std::string> noted_;
  Budget items_{kMaxItems}, elements_{kMaxElements};
};

}  // namespace

Result<Annotated> annotate(const std::filesystem::path &path, const Notes &notes) {
  TRY(const Bytes bytes, read_file(path, kMaxFileBytes));
  TRY([[maybe_unused]] const ModelMessage model, parse_model(bytes));  // it is one
  return Annotator(path.parent_path(), notes).run(bytes);
}

}  // namespace thimble::frontends::onnx
