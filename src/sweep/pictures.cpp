// Which run is which point.
#include "sweep/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "report/numbers.h"
#include "support/files.h"
#include "sweep/contact_sheet.h"

namespace thimble::sweep {
namespace {

constexpr std::int64_t kSmallParameters = 5000;  // beyond, linear axes would hide the small ones
constexpr double kLeastEvenness = 4;             // 1 / 2^4 and below get the last colour
constexpr std::array<std::int64_t, 5> kBudgets = {512, 1024, 2048, 4096, 8192};

std::string label_of(const Config &config) {
  return fmt::format("{}", fmt::join(config.channels, ","));
}

std::string hires_name(int hires) {
  if (hires == 0) return "no hires layers";
  return fmt::format("{} hires layer{}", hires, hires == 1 ? "" : "s");
}

double parameters_of(const Row &row) { return static_cast<double>(row.size.best().parameters); }

// One series for each number of hires layers, of the best runs.
template <class Value>
std::vector<report::Series> by_hires(const std::vector<Row> &rows, const Value &value) {
  std::map<int, report::Series> series;
  for (const Row &row : rows) {
    const int hires = row.size.config.hires;
    report::Series &its = series[hires];
    its.points.push_back({parameters_of(row), value(row.size.best()), label_of(row.size.config)});
    its.name = hires_name(hires);
    its.marker = hires == 0 ? report::Marker::kDot : report::Marker::kTriangle;
    its.colour = report::series_colour(std::min<std::size_t>(hires, 5));
  }
  std::vector<report::Series> list;
  for (auto &[hires, its] : series) list.push_back(std::move(its));
  return list;
}

report::Series other_seeds(const std::vector<Row> &rows) {
  report::Series series{"other seeds", "#9ca3af", report::Marker::kRing, false, {}};
  for (const Row &row : rows) {
    for (std::size_t i = 1; i < row.size.runs.size(); ++i) {
      series.points.push_back({parameters_of(row), row.size.runs[i].loss});
    }
  }
  return series;
}

report::Series line_of(const PowerLaw &law, const std::vector<Row> &rows) {
  double low = 1e300, high = 0;
  for (const Row &row : rows) {
    if (row.size.config.hires > 0) continue;
    low = std::min(low, parameters_of(row));
    high = std::max(high, parameters_of(row));
  }
  return {fmt::format("slope {:.2f} \u00b1 {:.2f}", law.slope, law.slope_error),
          "#374151",
          report::Marker::kNone,
          true,
          {{low, law.at(low)}, {high, law.at(high)}}};
}

bool is_small(const Row &row) {
  return row.size.config.hires == 0 && row.size.best().parameters <= kSmallParameters;
}

}  // namespace

report::Plot loss_plot(const std::vector<Row> &rows) {
  report::Plot plot{"The more parameters, the better the pictures",
                    {"parameters of the decoder", report::Scale::kLog},
                    {"loss: mean squared error on test pictures", report::Scale::kLog},
                    {}};
  plot.series = by_hires(rows, [](const TrainedRun &run) { return run.loss; });
  if (const auto law = law_of(rows)) plot.series.push_back(line_of(*law, rows));
  plot.series.push_back(other_seeds(rows));
  return plot;
}

report::Plot evenness_plot(const std::vector<Row> &rows) {
  report::Plot plot{"Small decoders: how evenly channels are spread",
                    {"parameters of the decoder", report::Scale::kLinear},
                    {"loss: mean squared error on test pictures", report::Scale::kLinear},
                    {}};
  std::map<double, report::Series, std::greater<>> series;
  for (const Row &row : rows) {
    if (!is_small(row)) continue;
    const double even = evenness(row.size.config);
    report::Series &its = series[even];
    its.points.push_back({parameters_of(row), row.size.best().loss, label_of(row.size.config)});
    its.name = fmt::format("min / max = {:.3g}", even);
    its.colour = report::scale_colour(-std::log2(even) / kLeastEvenness);
  }
  for (auto &[even, its] : series) plot.series.push_back(std::move(its));
  return plot;
}

report::Plot recognised_plot(const std::vector<Row> &rows) {
  report::Plot plot{"Which faces an evaluation network recognises",
                    {"parameters of the decoder", report::Scale::kLog},
                    {"recognised, %", report::Scale::kLinear},
                    {}};
  plot.series = by_hires(rows, [](const TrainedRun &run) { return 100 * run.recognised; });
  return plot;
}

std::vector<Budget> best_for_budgets(const std::vector<Row> &rows) {
  std::vector<Budget> budgets;
  for (std::int64_t bytes : kBudgets) {
    Budget budget{bytes, nullptr};
    for (const Row &row : rows) {
      if (row.cost.ram_bytes == 0 || row.cost.ram_bytes > bytes) continue;
      if (!budget.best || row.size.best().loss < budget.best->size.best().loss) budget.best = &row;
    }
    budgets.push_back(budget);
  }
  return budgets;
}

std::string to_markdown(const std::vector<Budget> &budgets) {
  std::string text =
      "| RAM | best network | parameters | needs | loss | recognised "
      "|\n|---|---|---|---|---|---|\n";
  for (const Budget &budget : budgets) {
    text += "| " + report::grouped(budget.bytes) + " B | ";
    if (!budget.best) {
      text += "none of these | | | | |\n";
      continue;
    }
    const TrainedRun &run = budget.best->size.best();
    text += fmt::format(
        "{} | {} | {} B | {:.5f} | {:.1f} % |\n", run.run.name, report::grouped(run.parameters),
        report::grouped(budget.best->cost.ram_bytes), run.loss, 100 * run.recognised);
  }
  return text;
}

Result<std::vector<std::string>> write_pictures(const std::vector<Row> &rows,
                                                const std::filesystem::path &directory) {
  std::vector<std::string> names;
  const auto write_plot = [&](const std::string &name, const report::Plot &plot) -> Status {
    names.push_back(name);
    return write_file(directory / name, report::to_svg(plot));
  };
  TRY([[maybe_unused]] const Unit loss, write_plot("loss.svg", loss_plot(rows)));
  if (std::any_of(rows.begin(), rows.end(), is_small)) {
    TRY([[maybe_unused]] const Unit even, write_plot("evenness.svg", evenness_plot(rows)));
  }
  TRY([[maybe_unused]] const Unit recognised, write_plot("recognised.svg", recognised_plot(rows)));
  const std::vector<Budget> budgets = best_for_budgets(rows);
  if (std::any_of(budgets.begin(), budgets.end(), [](const Budget &b) { return b.best; })) {
    names.push_back("samples.png");
    TRY([[maybe_unused]] const Unit sheet, write_contact_sheet(budgets, directory / names.back()));
  }
  return names;
}

}  // namespace thimble::sweep
