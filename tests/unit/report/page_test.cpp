// Names on a page stay names, whatever bytes they are of; steps of shrink are believed only as
// such.
#include "report/page.h"

#include <gmock/gmock.h>

#include "report/page/figures.h"
#include "report/page/html.h"
#include "report/shrink_steps.h"
#include "support/files.h"

namespace thimble::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Html, NamesAreEscaped) {
  EXPECT_EQ(page::escaped("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
  EXPECT_EQ(page::escaped("é×✓😀"), "é×✓😀");
}

TEST(Html, BrokenUtf8AndControlCharactersAreReplaced) {
  const std::string replaced = "\xEF\xBF\xBD";
  EXPECT_EQ(page::escaped(std::string("a\0b\n", 4)), "a" + replaced + "b" + replaced);
  EXPECT_EQ(page::escaped("\xC3"), replaced);
  EXPECT_EQ(page::escaped("\xC0\xBC"), replaced + replaced);                 // '<', overlong
  EXPECT_EQ(page::escaped("\xE2\x9C<"), replaced + replaced + "&lt;");       // cut off
  EXPECT_EQ(page::escaped("\xED\xA0\x80"), replaced + replaced + replaced);  // a surrogate
}

TEST(Figures, AreWhatTheJsonSays) {
  page::Figures figures;
  figures.add("bench", {{"flash", {{"total", 12345}}}, {"part", 0.25}, {"name", "x"}});
  EXPECT_EQ(figures.bytes("bench/flash/total"),
            "<data data-key=\"bench/flash/total\" value=\"12345\">12,345&nbsp;B</data>");
  EXPECT_THAT(figures.percent("bench/part"), HasSubstr("value=\"0.25\">25.00&nbsp;%<"));
  EXPECT_THAT(figures.share("bench/part", "bench/flash/total"),
              HasSubstr("data-of=\"bench/flash/total\""));
  EXPECT_EQ(figures.count("bench/name"), "");
  EXPECT_EQ(figures.count("bench/flash/none"), "");
  EXPECT_EQ(figures.count("other/flash"), "");
}

TEST(Page, AnEmptyNetworkHasOneToo) {
  Page page;
  page.analysis.labels.model = "<script>";
  const std::string html = to_html(page);
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

TEST(ShrinkSteps, LieBesideTheModel) {
  EXPECT_EQ(shrink_steps_path("a/small.onnx"), "a/small.steps.json");
}

TEST(ShrinkSteps, OfAnotherFormAreAnError) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "x.steps.json";
  for (const char *text : {"", "{}", "[]", R"({"labelled": true, "steps": []})",
                           R"({"labelled": true, "steps": [{"step": "a"}]})"}) {
    ASSERT_TRUE(write_file(path, std::string_view(text)).ok());
    EXPECT_FALSE(read_shrink_steps(path).ok()) << text;
  }
  EXPECT_FALSE(read_shrink_steps(folder.path() / "none").ok());
}

}  // namespace
}  // namespace thimble::report
