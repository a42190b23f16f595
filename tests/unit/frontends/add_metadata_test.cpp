// A copy of a TensorFlow Lite file with metadata: what any reader finds in it is what it was, and
// the entry.
#include "frontends/tflite/add_metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontends/read_model.h"
#include "frontends/tflite/schema.h"
#include "support/files.h"

namespace thimble::frontends::tflite {
namespace {

using ::testing::HasSubstr;

Bytes case_bytes(const std::string &name) {
  return *read_file(std::filesystem::path(THIMBLE_SOURCE_DIR) / "tests/tflite/cases" /
                    (name + ".tflite"));
}

const Bytes kData = {1, 2, 3, 4, 5};

// The entry of this name, as bytes; -1 entries: how many there are of it.
Bytes entry(const Bytes &file, std::string_view name, int *count = nullptr) {
  Buffer buffer(file);
  const Table model = root(buffer);
  const Tables entries = model.tables(Model::kMetadata);
  Bytes found;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].text(Metadata::kName) != name) continue;
    const auto index = entries[i].scalar<std::uint32_t>(Metadata::kBuffer, 0);
    const View data = model.tables(Model::kBuffers)[index].numbers<std::uint8_t>(0).bytes();
    EXPECT_EQ((data.data() - file.data()) % 16, 0) << "as TensorFlow Lite wants buffers";
    found.assign(data.begin(), data.end());
    if (count) ++*count;
  }
  EXPECT_FALSE(buffer.broken());
  return found;
}

TEST(AddMetadata, IsFoundAgainAndTheNetworkIsTheSame) {
  const Bytes file = case_bytes("residual");
  const auto copy = add_metadata(file, "numbers", kData);
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(entry(*copy, "numbers"), kData);
  EXPECT_EQ((copy->size() - file.size()) % 16, 0u) << "what was aligned stays so";
  EXPECT_TRUE(std::equal(file.begin() + 8, file.end(), copy->end() - (file.size() - 8)))
      << "the old bytes are all there";
  Buffer before(file), after(*copy);
  const Table was = root(before), is = root(after);
  EXPECT_EQ(was.tables(Model::kBuffers).size() + 1, is.tables(Model::kBuffers).size());
  EXPECT_EQ(was.tables(Model::kOperatorCodes).size(), is.tables(Model::kOperatorCodes).size());
}

TEST(AddMetadata, KeepsOtherEntriesAndReplacesItsOwn) {
  const Bytes once = *add_metadata(case_bytes("residual"), "numbers", kData);
  const Bytes twice = *add_metadata(once, "other", Bytes{9});
  const Bytes thrice = *add_metadata(twice, "numbers", Bytes{7, 8});
  int count = 0;
  EXPECT_EQ(entry(thrice, "numbers", &count), (Bytes{7, 8}));
  EXPECT_EQ(count, 1);
  EXPECT_EQ(entry(thrice, "other"), Bytes{9});
}

TEST(AddMetadata, RefusesWhatIsNoTensorFlowLiteFile) {
  const auto copy = add_metadata(Bytes(100, 0), "numbers", kData);
  ASSERT_FALSE(copy.ok());
  EXPECT_THAT(copy.diagnostics()[0].what, HasSubstr("not a TensorFlow Lite file"));
}

// Any byte may lie: the copy is refused, or it holds the entry.
TEST(AddMetadata, DamagedFilesAreRefusedOrCopied) {
  const Bytes file = case_bytes("residual");
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int value : {0, 1, 0x7f, 0xff}) {
      Bytes damaged = file;
      damaged[at] = static_cast<std::uint8_t>(value);
      const auto copy = add_metadata(damaged, "numbers", kData);
      if (!copy.ok()) continue;
      ASSERT_EQ(entry(*copy, "numbers"), kData) << at;
    }
    const auto cut = add_metadata(View(file).first(at), "numbers", kData);
    EXPECT_TRUE(!cut.ok() || entry(*cut, "numbers") == kData) << at;
  }
}

}  // namespace
}  // namespace thimble::frontends::tflite
