#include "support/npy.h"

#include <gtest/gtest.h>

#include <cstring>

#include "support/process.h"

namespace thimble {
namespace {

Bytes npy(const std::string &dict, const Bytes &data) {
  Bytes bytes = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<std::uint8_t>(dict.size()), 0};
  bytes.insert(bytes.end(), dict.begin(), dict.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

std::string dict(const std::string &descr, const std::string &shape, const char *order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

template <class T>
std::vector<T> values(const Result<NpyArray> &array) {
  EXPECT_TRUE(array.ok()) << to_string(array.diagnostics().at(0));
  return std::get<std::vector<T>>(array->data);
}

TEST(Npy, ReadsBackWhatItWrites) {
  const NpyArray floats{{2, 3}, std::vector<float>{0.1f, -2, 3e30f, 4, 5, 6}};
  const NpyArray bytes{{4}, std::vector<std::int8_t>{-128, -1, 0, 127}};
  const NpyArray scalar{{}, std::vector<std::int64_t>{1ll << 40}};
  for (const NpyArray &array : {floats, bytes, scalar}) {
    const Bytes written = format_npy(array);
    const auto again = parse_npy(written, "t.npy");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->shape, array.shape);
    EXPECT_EQ(again->data, array.data);
  }
}

TEST(Npy, StartsTheElementsAtAMultipleOf64) {
  for (std::size_t rank = 0; rank < 9; ++rank) {
    const NpyArray array{std::vector<std::int64_t>(rank, 1), std::vector<std::int8_t>{1}};
    EXPECT_EQ((format_npy(array).size() - 1) % 64, 0u);
  }
}

TEST(Npy, WidensOtherTypes) {
  EXPECT_EQ(values<float>(parse_npy(npy(dict("<f2", "(2,)"), {0, 0x3c, 0, 0xc0}), "t")),
            (std::vector<float>{1, -2}));
  EXPECT_EQ(values<std::int32_t>(parse_npy(npy(dict("|u1", "(2,)"), {0, 255}), "t")),
            (std::vector<std::int32_t>{0, 255}));
  EXPECT_EQ(values<std::int32_t>(parse_npy(npy(dict(">i2", "(1,)"), {0xff, 0xfe}), "t")),
            (std::vector<std::int32_t>{-2}));
}

TEST(Npy, TurnsFortranOrderIntoRows) {
  const auto array = parse_npy(npy(dict("|i1", "(2, 3)", "True"), {1, 4, 2, 5, 3, 6}), "t");
  EXPECT_EQ(values<std::int8_t>(array), (std::vector<std::int8_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, RefusesWhatItsBytesCannotHold) {
  EXPECT_FALSE(parse_npy(npy(dict("<f4", "(2,)"), {0, 0, 0, 0}), "t").ok());
  EXPECT_FALSE(parse_npy(npy(dict("<f4", "(4294967296, 4294967296)"), {0}), "t").ok());
  EXPECT_FALSE(parse_npy(npy(dict("<f4", "(-1,)"), {0}), "t").ok());
  EXPECT_FALSE(parse_npy(npy(dict("<U7", "(1,)"), Bytes(28)), "t").ok());
  EXPECT_FALSE(parse_npy(npy("{'descr': '<f4'}", {}), "t").ok());
}

TEST(Npy, SurvivesEveryPrefixOfAFile) {
  const Bytes whole = format_npy({{2, 2}, std::vector<float>{1, 2, 3, 4}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_npy(Bytes(whole.begin(), whole.begin() + size), "t").ok());
  }
}

TEST(Npz, ReadsBackWhatItWritesAndWritesEqualBytes) {
  const TemporaryDirectory folder;
  const NpzEntries entries = {{"x0", {{2}, std::vector<float>{1, 2}}},
                              {"y", {{1, 1}, std::vector<std::int32_t>{-7}}}};
  ASSERT_TRUE(write_npz(folder.path() / "a.npz", entries).ok());
  ASSERT_TRUE(write_npz(folder.path() / "b.npz", entries).ok());
  EXPECT_EQ(*read_file(folder.path() / "a.npz"), *read_file(folder.path() / "b.npz"));
  const auto again = read_arrays(folder.path() / "a.npz");
  ASSERT_TRUE(again.ok());
  ASSERT_EQ(again->size(), 2u);
  EXPECT_EQ((*again)[0].first, "x0");
  EXPECT_EQ((*again)[1].second.data, entries[1].second.data);
}

TEST(Npz, RefusesDamagedArchives) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "a.npz";
  ASSERT_TRUE(write_npz(path, {{"x", {{64}, std::vector<float>(64, 1)}}}).ok());
  const Bytes whole = *read_file(path);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    ASSERT_TRUE(write_file(path, Bytes(whole.begin(), whole.begin() + size)).ok());
    EXPECT_FALSE(read_npz(path).ok());
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes flipped = whole;
    flipped[at] ^= 0x55;
    ASSERT_TRUE(write_file(path, flipped).ok());
    (void)read_npz(path);
  }
}

// The one with NumPy, where `./thimble test` has made it.
std::string python() {
  const std::filesystem::path own = THIMBLE_SOURCE_DIR "/.venv/bin/python";
  return std::filesystem::exists(own) ? own.string() : "python3";
}

TEST(Npz, ReadsNumPysCompressedArchives) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "n.npz";
  const auto made = run_process(
      {python(), "-c",
       "import numpy, sys; numpy.savez_compressed(sys.argv[1], x=numpy.arange(6.).reshape(2, 3))",
       path.string()});
  if (!made.ok() || made->exit_code != 0) GTEST_SKIP() << "NumPy is not installed";
  const auto entries = read_npz(path);
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ((*entries)[0].second.shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ((*entries)[0].second.as_float(), (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace thimble
