// What networks are retrained on: arrays, random numbers, MNIST's files, and what is wrong with
// them.
#include "recipes/examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "idx_files.h"
#include "ir/text.h"
#include "ops/operator.h"
#include "recipes/mnist.h"
#include "support/idx.h"
#include "support/npy.h"

namespace thimble::recipes {
namespace {

using ::testing::HasSubstr;

ir::Graph network(const std::string &input, const std::string &dims, int classes = 10) {
  auto graph = ir::parse("graph g\ninput x: f32[" + input + "] dims [" + dims +
                             "]\nnode m: Reduce(x) {axes = [0, 1, 2], kind = \"mean\"} -> m\n"
                             "node y: Linear(m; w, b) -> y\noutput y dims [1, " +
                             std::to_string(classes) + "]\nconst w: f32[" +
                             std::to_string(classes) + ", 1] = random(1, 1)\nconst b: f32[" +
                             std::to_string(classes) + "] = random(2, 1)\n",
                         "g.thm");
  EXPECT_TRUE(graph.ok()) << to_string(graph.diagnostics()[0]);
  EXPECT_TRUE(ops::infer_types(*graph).ok());
  return *std::move(graph);
}

// Of one channel, as MNIST's are.
ir::Graph reader(int rows = 6, int cols = 4) {
  const std::string r = std::to_string(rows), c = std::to_string(cols);
  return network(r + "x" + c + "x1", "1, 1, " + r + ", " + c);
}

NpyArray floats(std::vector<std::int64_t> shape) {
  NpyArray array{std::move(shape), {}};
  std::vector<float> data;
  for (std::int64_t i = 0; i < array.element_count(); ++i)
    data.push_back(static_cast<float>(i % 97));
  array.data = std::move(data);
  return array;
}

NpyArray integers(std::vector<std::int32_t> data) {
  return {{static_cast<std::int64_t>(data.size())}, std::move(data)};
}

class ExamplesTest : public testing::Test {
 protected:
  std::string file(const NpzEntries &entries) {
    const auto path = directory_.path() / "x.npz";
    EXPECT_TRUE(write_npz(path, entries).ok());
    return path.string();
  }
  const std::filesystem::path &folder() const { return directory_.path(); }

  // What is said of these arrays; the file is named.
  Diagnostic error_of(const ir::Graph &graph, const NpzEntries &entries) {
    const std::string path = file(entries);
    const auto examples = read_examples(graph, path, "train");
    if (examples.ok()) throw std::runtime_error("this was taken");
    EXPECT_EQ(examples.diagnostics()[0].file, path);
    EXPECT_EQ(examples.diagnostics()[0].error_class, ErrorClass::kUsage);
    return examples.diagnostics()[0];
  }

  // What is said of the folder as it is.
  Diagnostic error_of_folder() {
    const auto digits = read_digits(folder() / "train");
    if (digits.ok()) throw std::runtime_error("this was taken");
    const Diagnostic &error = digits.diagnostics()[0];
    EXPECT_EQ(error.error_class, ErrorClass::kUsage);
    EXPECT_FALSE(error.why.empty() || error.fix.empty());
    EXPECT_THAT(error.file, HasSubstr(folder().string()));
    return error;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(ExamplesTest, AreAnArraysSamplesWithTheirClasses) {
  const auto examples = read_examples(
      reader(), file({{"x", floats({3, 1, 6, 4})}, {"y", integers({0, 9, 4})}}), "train");
  ASSERT_TRUE(examples.ok());
  EXPECT_EQ(examples->count(), 3);
  EXPECT_EQ(examples->inputs[0].sizes(), (std::vector<std::int64_t>{3, 6, 4, 1}));
  EXPECT_EQ(examples->inputs[0][1][0][2][0].item<float>(), 26);
  EXPECT_TRUE(examples->labels.equal(torch::tensor({0, 9, 4}, torch::kInt64)));
  const Examples last = examples->slice(1, 3), first = examples->rows(torch::tensor({0}));
  EXPECT_EQ(last.count(), 2);
  EXPECT_EQ(last.labels[0].item<int>(), 9);
  EXPECT_EQ(first.labels[0].item<int>(), 0);
  EXPECT_TRUE(first.inputs[0][0].equal(examples->inputs[0][0]));
}

TEST_F(ExamplesTest, OfChannelsComeLast) {
  const auto examples =
      read_examples(network("2x3x2", "1, 2, 2, 3"), file({{"x", floats({2, 2, 2, 3})}}), "train");
  ASSERT_TRUE(examples.ok());
  EXPECT_FALSE(examples->labelled());
  EXPECT_EQ(examples->inputs[0][0][1][2][1].item<float>(), 11);  // channel 1, row 1, column 2
}

TEST_F(ExamplesTest, ClassesMayBeOfAnyIntegersInAColumn) {
  NpyArray column = integers({1, 2});
  column.shape = {2, 1};
  EXPECT_TRUE(
      read_examples(reader(), file({{"x", floats({2, 1, 6, 4})}, {"y", column}}), "train").ok());
}

TEST_F(ExamplesTest, ClassesAreChecked) {
  const NpyArray x = floats({2, 1, 6, 4});
  EXPECT_THAT(error_of(reader(), {{"x", x}, {"y", integers({1, 10})}}).what,
              HasSubstr("classes that the network does not have"));
  EXPECT_THAT(error_of(reader(), {{"x", x}, {"y", integers({-1, 1})}}).what,
              HasSubstr("classes that the network does not have"));
  for (const NpyArray &y : {integers({1}), integers({1, 2, 3}), integers({}), floats({2})})
    EXPECT_THAT(error_of(reader(), {{"x", x}, {"y", y}}).what,
                HasSubstr("one whole number a sample"));
}

TEST_F(ExamplesTest, ShapesAreChecked) {
  EXPECT_THAT(error_of(reader(), {{"x", floats({2, 1, 4, 6})}}).what, HasSubstr("[2, 1, 4, 6]"));
  EXPECT_THAT(error_of(reader(), {{"x", floats({0, 1, 6, 4})}}).what, HasSubstr("no samples"));
  EXPECT_THAT(error_of(reader(), {{"y", integers({1})}, {"z", integers({1})}}).what,
              HasSubstr("no array 'x0'"));
  NpyArray infinite = floats({1, 1, 6, 4});
  std::get<std::vector<float>>(infinite.data)[3] = INFINITY;
  EXPECT_THAT(error_of(reader(), {{"x", infinite}}).what, HasSubstr("not finite"));
}

TEST_F(ExamplesTest, RandomOnesAreAlwaysTheSame) {
  const auto one = read_examples(reader(), "random:7", "train");
  const auto other = read_examples(reader(), "random:7", "t10k");
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(one->count(), 7);
  EXPECT_FALSE(one->labelled());
  EXPECT_TRUE(one->inputs[0].equal(other->inputs[0]));
  EXPECT_FALSE(one->inputs[0][0].equal(one->inputs[0][1]));
  for (const char *text : {"random:", "random:0", "random:-3", "random:7x", "random:99999999999"})
    EXPECT_FALSE(read_examples(reader(), text, "train").ok()) << text;
}

TEST_F(ExamplesTest, AFileThatIsNotThereOrNoneIsSaid) {
  EXPECT_FALSE(read_examples(reader(), (folder() / "none.npz").string(), "train").ok());
  ASSERT_TRUE(write_file(folder() / "bad.npz", "PK not really").ok());
  EXPECT_FALSE(read_examples(reader(), (folder() / "bad.npz").string(), "train").ok());
  ASSERT_TRUE(write_npy(folder() / "x.npy", floats({2, 1, 6, 4})).ok());
  const auto examples = read_examples(reader(), (folder() / "x.npy").string(), "train");
  ASSERT_TRUE(examples.ok());
  EXPECT_FALSE(examples->labelled());
}

TEST_F(ExamplesTest, OfAFolderAreDigitsAsWhiteOnGrey) {
  write_digits(folder());
  const auto examples = read_examples(reader(), folder().string(), "train");
  ASSERT_TRUE(examples.ok());
  EXPECT_EQ(examples->inputs[0].sizes(), (std::vector<std::int64_t>{20, 6, 4, 1}));
  EXPECT_NEAR(examples->inputs[0][0][0][3][0].item<float>(), (3 / 255.0 - 0.1307) / 0.3081, 1e-5);
  EXPECT_EQ(examples->labels[13].item<int>(), 3);
  EXPECT_FALSE(read_examples(reader(), folder().string(), "t10k").ok()) << "these are not there";
}

TEST_F(ExamplesTest, OfAFolderAreRefusedByNetworksOfSomethingElse) {
  write_digits(folder());
  for (const ir::Graph &graph : {reader(5, 4), reader(6, 3), network("6x4x2", "1, 2, 6, 4")}) {
    const auto examples = read_examples(graph, folder().string(), "train");
    ASSERT_FALSE(examples.ok());
    EXPECT_THAT(examples.diagnostics()[0].what, HasSubstr("has shape [20, 6, 4]"));
    EXPECT_FALSE(examples.diagnostics()[0].why.empty());
  }
}

TEST_F(ExamplesTest, OfAFolderMustBeClassesOfTheNetwork) {
  write_digits(folder());
  const auto examples =
      read_examples(network("6x4x1", "1, 1, 6, 4", 3), folder().string(), "train");
  ASSERT_FALSE(examples.ok());
  EXPECT_THAT(examples.diagnostics()[0].what, HasSubstr("classes that the network does not have"));
}

TEST_F(ExamplesTest, FilesThatAreNotThereAreNamed) {
  EXPECT_THAT(error_of_folder().file, HasSubstr("train-images-idx3-ubyte"));
  write_digits(folder());
  std::filesystem::remove(labels_of(folder()));
  EXPECT_THAT(error_of_folder().file, HasSubstr("train-labels-idx1-ubyte"));
}

TEST_F(ExamplesTest, HostileFilesAreRefused) {
  const Bytes whole = idx_bytes({20, 6, 4}, 20 * 24);
  const auto with = [&](const Bytes &pictures) {
    write_digits(folder());
    EXPECT_TRUE(write_file(pictures_of(folder()), pictures).ok());
    return error_of_folder().what;
  };
  for (const std::size_t left : {0, 1, 3, 4, 15})
    EXPECT_THAT(with({whole.begin(), whole.begin() + left}), HasSubstr("does not begin"));
  for (const std::size_t left : {16, 17, 495})
    EXPECT_THAT(with({whole.begin(), whole.begin() + left}), HasSubstr("cut off"));
  EXPECT_THAT(with(idx_bytes({20, 6, 4}, 481)), HasSubstr("longer than it says"));
  EXPECT_THAT(with(idx_bytes({20, 24}, 480)), HasSubstr("does not begin"));        // two sizes
  EXPECT_THAT(with(idx_bytes({20, 6, 4}, 480, 13)), HasSubstr("does not begin"));  // of floats
  EXPECT_THAT(with({0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8}),
              HasSubstr("does not begin"));  // packed by gzip
  EXPECT_THAT(with(idx_bytes({0, 6, 4}, 0)), HasSubstr("impossible sizes"));
  EXPECT_THAT(with(idx_bytes({0xffffffff, 1, 1}, 8)), HasSubstr("impossible sizes"));
  EXPECT_THAT(with(idx_bytes({1 << 24, 1 << 24, 1 << 24}, 8)), HasSubstr("impossible sizes"));
  EXPECT_THAT(with(idx_bytes({1 << 24, 1 << 8, 1}, 8)), HasSubstr("cut off"));
}

TEST_F(ExamplesTest, LabelsAreOneDigitAPicture) {
  write_digits(folder());
  ASSERT_TRUE(write_file(labels_of(folder()), idx_bytes({19}, 19)).ok());
  EXPECT_THAT(error_of_folder().what, HasSubstr("one label a picture"));
  Bytes eleven = idx_bytes({20}, 20);
  eleven.back() = 10;
  ASSERT_TRUE(write_file(labels_of(folder()), eleven).ok());
  EXPECT_THAT(error_of_folder().what, HasSubstr("no digits"));
}

TEST_F(ExamplesTest, DigitsAreWhereTheyAreSaidToBeOrInTheCache) {
  EXPECT_EQ(*digits_folder("some/where"), "some/where");
  const auto cached = folder() / "thimble" / "mnist" / "package" / "data";
  write_digits(cached, "train");
  write_digits(cached, "t10k");
  const char *before = std::getenv("XDG_CACHE_HOME");
  const std::string kept = before ? before : "";
  setenv("XDG_CACHE_HOME", folder().c_str(), 1);
  const auto found = digits_folder("");
  before ? setenv("XDG_CACHE_HOME", kept.c_str(), 1) : unsetenv("XDG_CACHE_HOME");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(*found, cached);
}

}  // namespace
}  // namespace thimble::recipes
