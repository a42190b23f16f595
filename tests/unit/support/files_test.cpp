#include "support/files.h"

#include <gtest/gtest.h>

#include <fstream>

namespace thimble {
namespace {

namespace fs = std::filesystem;

std::string sha256(const std::string &text) {
  return sha256_hex(reinterpret_cast<const std::uint8_t *>(text.data()), text.size());
}

// Published vectors (FIPS 180-4 examples), and lengths around the padding's boundary.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Files, WritesThroughNewFoldersAndReadsBack) {
  const TemporaryDirectory folder;
  const fs::path path = folder.path() / "a" / "b.bin";
  ASSERT_TRUE(write_file(path, std::string_view("one\0two", 7)).ok());
  EXPECT_EQ(*read_text(path), std::string("one\0two", 7));
  ASSERT_TRUE(write_file(path, Bytes{1, 2}).ok());
  EXPECT_EQ(*read_file(path), (Bytes{1, 2}));
}

TEST(Files, LeaveNothingElseBehind) {
  const TemporaryDirectory folder;
  ASSERT_TRUE(write_file(folder.path() / "x", "1").ok());
  EXPECT_FALSE(write_file(folder.path(), "1").ok());
  EXPECT_FALSE(write_file(folder.path() / "x" / "y", "1").ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, SayWhatCannotBeRead) {
  const TemporaryDirectory folder;
  EXPECT_EQ(read_file(folder.path()).diagnostics()[0].what, "is a directory, not a file");
  EXPECT_EQ(read_file(folder.path() / "none").diagnostics()[0].why, "No such file or directory");
  std::ofstream(folder.path() / "big") << std::string(11, 'x');
  EXPECT_FALSE(read_file(folder.path() / "big", 10).ok());
}

TEST(TemporaryDirectory, GoesWithTheObject) {
  fs::path path;
  {
    const TemporaryDirectory folder;
    path = folder.path();
    EXPECT_TRUE(fs::is_directory(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace thimble
