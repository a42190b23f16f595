// The table of kinds, names, and offsets for TensorFlow Lite Micro. That packages build is
// tests/exports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "frontends/tflite/flatbuffer.h"
#include "frontends/tflite/schema.h"
#include "packages/package.h"
#include "packages/write.h"

namespace thimble::packages {
namespace {

using ::testing::HasSubstr;

namespace tfl = frontends::tflite;

Bytes case_bytes(const std::string &name) {
  return *read_file(std::filesystem::path(THIMBLE_SOURCE_DIR) / "tests/tflite/cases" /
                    (name + ".tflite"));
}

TEST(Kinds, EachMakesAPackageOrAPlan) {
  for (const Kind &kind : all_kinds()) {
    EXPECT_NE(kind.of_network == nullptr, kind.of_file == nullptr) << kind.name;
    EXPECT_EQ(find_kind(kind.name), &kind);
  }
  EXPECT_EQ(find_kind("cobol"), nullptr);
}

TEST(Kinds, HeadersOfTheSystemAreNotHidden) {
  EXPECT_TRUE(check_name("die").ok());
  for (const char *name : {"string", "Arduino", "TIME"}) {
    const Status status = check_name(name);
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_THAT(status.diagnostics()[0].fix, HasSubstr("--name net_"));
  }
}

TEST(Write, LooksBeforeItWrites) {
  const TemporaryDirectory folder;
  ASSERT_TRUE(write_file(folder.path() / "src", std::string_view("a file")).ok());
  const Status status = write(folder.path(), {{"LICENSE", "x"}, {"src/a.c", "y"}});
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.diagnostics()[0].file, HasSubstr("src"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "LICENSE"));
}

// The list of the file: version, subgraph, count, an offset a tensor.
std::vector<std::int32_t> list_in(const std::string &text) {
  const Bytes file(text.begin(), text.end());
  tfl::Buffer buffer(file);
  const tfl::Table model = tfl::root(buffer);
  const tfl::Table entry = model.tables(tfl::Model::kMetadata)[0];
  EXPECT_EQ(entry.text(tfl::Metadata::kName), "OfflineMemoryAllocation");
  const auto data = model.tables(tfl::Model::kBuffers)[entry.scalar<std::uint32_t>(1, 0)]
                        .numbers<std::uint8_t>(tfl::BufferTable::kData)
                        .bytes();
  std::vector<std::int32_t> list(data.size() / 4);
  std::memcpy(list.data(), data.data(), data.size());
  return list;
}

TEST(TflitePlan, NamesAnOffsetForEachTensorThatIsComputed) {
  const auto planned = tflite_plan(case_bytes("residual"), "net");
  ASSERT_TRUE(planned.ok());
  EXPECT_TRUE(planned->proven);
  EXPECT_EQ(planned->arena_bytes, planned->lower_bound);
  EXPECT_EQ(planned->files[0].name, "net_planned.tflite");
  const auto list = list_in(planned->files[0].text);
  ASSERT_EQ(list.size(), 3u + static_cast<std::size_t>(list[2]));
  EXPECT_EQ(list[0], 1);
  EXPECT_EQ(list[1], 0);
  int count = 0;
  for (std::size_t i = 3; i < list.size(); ++i) {
    count += list[i] >= 0;
    EXPECT_TRUE(list[i] == -1 || list[i] % 16 == 0);
    EXPECT_LT(list[i], planned->arena_bytes);
  }
  EXPECT_EQ(count, planned->tensor_count);
}

TEST(TflitePlan, AReshapeTakesNoBytes) {
  const auto planned = tflite_plan(case_bytes("reshape"), "net");
  ASSERT_TRUE(planned.ok());
  const auto list = list_in(planned->files[0].text);
  EXPECT_EQ(planned->tensor_count, 3) << "input, something else, and that in another shape";
  EXPECT_EQ(planned->arena_bytes, 2 * 176);
  EXPECT_EQ(list.back(), list[list.size() - 3]);
}

TEST(TflitePlan, DamagedFilesAreRefusedOrPlanned) {
  const Bytes file = case_bytes("reshape");
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int value : {0, 0x7f, 0xff}) {
      Bytes damaged = file;
      damaged[at] = static_cast<std::uint8_t>(value);
      const auto planned = tflite_plan(damaged, "net");
      EXPECT_TRUE(!planned.ok() || planned->arena_bytes >= 0) << at;
    }
  }
}

}  // namespace
}  // namespace thimble::packages
