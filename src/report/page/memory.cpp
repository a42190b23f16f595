// The memory map: steps go right, addresses up, each tensor is one path of all its rows. The
// drawing stretches to whatever place there is; its numbers are HTML around it, so that they stay
// readable on a phone. Under it, which colour is which buffer.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/axis.h"
#include "report/page/html.h"
#include "report/page/sections.h"

namespace thimble::report::page {
namespace {

using plan::Life;

// A rectangle of steps and bytes, both half open.
struct Block {
  std::int64_t from = 0, to = 0, low = 0, high = 0;
  std::int64_t area() const { return (to - from) * (high - low); }
};

Block block_of(const Life &life) {
  return {life.born, life.dies + 1, life.offset, life.offset + life.bytes};
}

// Rows that lie side by side for the same steps are one rectangle.
std::vector<Block> merged(std::vector<Life> lives) {
  std::sort(lives.begin(), lives.end(), [](const Life &a, const Life &b) {
    return std::tie(a.born, a.dies, a.offset) < std::tie(b.born, b.dies, b.offset);
  });
  std::vector<Block> blocks;
  for (const Life &life : lives) {
    const Block block = block_of(life);
    if (!blocks.empty() && blocks.back().from == block.from && blocks.back().to == block.to &&
        blocks.back().high == block.low)
      blocks.back().high = block.high;
    else
      blocks.push_back(block);
  }
  return blocks;
}

std::string path_of(const std::vector<Block> &blocks, std::int64_t arena_bytes) {
  std::string path;
  for (const Block &block : blocks)
    path += fmt::format("M{} {}h{}v{}H{}z", block.from, arena_bytes - block.high,
                        block.to - block.from, block.high - block.low, block.from);
  return path;
}

struct Span {
  std::int64_t steps = 1, bytes = 1;
};

std::string position(double x, double y) {
  return fmt::format("left:{:.2f}%;bottom:{:.2f}%", 100 * x, 100 * y);
}

// Its number on the rectangle that is nearest to the middle of all of them, where there is room.
std::string number_on(int buffer, const std::vector<Block> &blocks, const Span &span) {
  constexpr double kRoomX = 0.02, kRoomY = 0.03;
  struct Spot {
    double x = 0, y = 0, width = 0;
  };
  const auto spot_of = [&](const Block &block) {
    const double steps = static_cast<double>(span.steps), bytes = static_cast<double>(span.bytes);
    return Spot{static_cast<double>(block.from + block.to) / (2 * steps),
                static_cast<double>(block.low + block.high) / (2 * bytes),
                static_cast<double>(block.to - block.from) / steps};
  };
  double x = 0, y = 0, area = 0, low = 1, high = 0;
  for (const Block &block : blocks) {
    const Spot spot = spot_of(block);
    const double weight = static_cast<double>(block.area());
    x += weight * spot.x;
    y += weight * spot.y;
    area += weight;
    low = std::min(low, static_cast<double>(block.low) / static_cast<double>(span.bytes));
    high = std::max(high, static_cast<double>(block.high) / static_cast<double>(span.bytes));
  }
  if (area == 0) return {};
  const auto distance = [&](const Block &block) {
    const Spot spot = spot_of(block);
    return std::hypot(spot.x - x / area, spot.y - y / area);
  };
  const auto nearest =
      std::min_element(blocks.begin(), blocks.end(),
                       [&](const Block &a, const Block &b) { return distance(a) < distance(b); });
  const Spot spot = spot_of(*nearest);
  if (spot.width < kRoomX || high - low < kRoomY) return {};
  return fmt::format("<span class=\"on\" style=\"{}\">{}</span>", position(spot.x, spot.y),
                     buffer + 1);
}

std::string axis_labels(std::int64_t most, const char *kind, const char *side) {
  const Range range{0, static_cast<double>(most), Scale::kLinear};
  std::string text;
  for (const Tick &tick : ticks(range)) {
    const double at = range.place(tick.value);
    if (at <= 1)
      text += fmt::format("<span style=\"{}:{:.2f}%\">{}</span>", side, 100 * at, tick.label);
  }
  return fmt::format("<div class=\"{}\">{}</div>\n", kind, text);
}

// By where their first thing begins: what comes later covers what it follows.
std::vector<int> drawing_order(const Page &page) {
  std::vector<int> order;
  for (int i = 0; i < static_cast<int>(page.lives.size()); ++i)
    if (!page.lives[i].empty()) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return page.analysis.buffers[a].first < page.analysis.buffers[b].first;
  });
  return order;
}

std::string drawing(const Page &page, const Span &span) {
  std::string paths, numbers;
  for (const int buffer : drawing_order(page)) {
    const std::vector<Block> blocks = merged(page.lives[buffer]);
    paths += fmt::format("<path data-buffer=\"{}\" fill=\"{}\" d=\"{}\"><title>{}</title></path>\n",
                         buffer, buffer_colour(buffer), path_of(blocks, span.bytes),
                         escaped(page.analysis.buffers[buffer].tensor));
    numbers += number_on(buffer, blocks, span);
  }
  const Peak &peak = page.analysis.peak;
  const double at = (peak.step + 0.5) / static_cast<double>(span.steps);
  return fmt::format(
      "<div class=\"plot\"><svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-label=\"Rows of all tensors over steps and addresses\">\n{}</svg>\n{}"
      "<i class=\"peak\" style=\"left:{:.2f}%\"></i></div>\n",
      span.steps, span.bytes, paths, numbers, 100 * at);
}

std::string legend(const Page &page, const Figures &figures) {
  std::string text;
  for (int i = 0; i < static_cast<int>(page.analysis.buffers.size()); ++i) {
    const std::string key = fmt::format("analyze/buffers/{}/", i);
    const BufferUse &buffer = page.analysis.buffers[i];
    text += fmt::format("<li>{} {} {} at {}", chip(i), bold(buffer.tensor),
                        figures.bytes(key + "bytes"), figures.count(key + "offset"));
    if (buffer.rows > 0)
      text += fmt::format(", {} row{}", figures.count(key + "rows"), buffer.rows == 1 ? "" : "s");
    text += fmt::format(", steps {} to {}</li>\n", figures.count(key + "first"),
                        figures.count(key + "last"));
  }
  return "<ol class=\"legend\">\n" + text + "</ol>\n";
}

}  // namespace

const std::string &buffer_colour(int buffer) {
  static const std::array<std::string, 10> kColours = {"#4e79a7", "#f28e2b", "#59a14f", "#e15759",
                                                       "#76b7b2", "#edc948", "#b07aa1", "#ff9da7",
                                                       "#9c755f", "#86bcf2"};
  return kColours[static_cast<std::size_t>(buffer) % kColours.size()];
}

std::string chip(int buffer) {
  return fmt::format("<i class=\"chip\" style=\"background:{}\">{}</i>", buffer_colour(buffer),
                     buffer + 1);
}

std::string memory(const Page &page, const Figures &figures) {
  const Span span{std::max(page.analysis.peak.step_count, 1),
                  std::max<std::int64_t>(page.analysis.arena_bytes, 1)};
  const Analysis &analysis = page.analysis;
  if (analysis.buffers.empty()) return {};
  std::string proven =
      "no placement of these rows in time needs less, and no schedule in the "
      "search";
  if (!analysis.schedule_proven) proven = "no placement of these rows in time needs less";
  if (!analysis.placement_proven)
    proven = "at least " + figures.bytes("analyze/arena/lower_bound") + " for these rows in time";
  const std::string intro = fmt::format(
      "<p>Each rectangle is rows of a tensor, from the step that makes them to the last that reads "
      "them. {} of arena over {} steps; {}.</p>\n",
      figures.bytes("analyze/arena/bytes"), figures.count("analyze/peak/steps"), proven);
  return section(
      "memory", "Memory map",
      intro + "<div class=\"map\">\n" + axis_labels(span.bytes, "y", "bottom") +
          drawing(page, span) + axis_labels(span.steps, "x", "left") +
          "<p class=\"unit\">bytes up, steps to the right; dashed: the peak</p></div>\n" +
          legend(page, figures));
}

}  // namespace thimble::report::page
