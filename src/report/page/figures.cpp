#include "report/page/figures.h"

#include <fmt/format.h>

#include <cmath>

#include "report/numbers.h"
#include "report/page/html.h"

namespace thimble::report::page {

const Json *Figures::find(const std::string &key) const {
  const Json::json_pointer path("/" + key);
  if (!sources_.contains(path)) return nullptr;
  const Json &found = sources_[path];
  const bool is_finite = found.is_number() && std::isfinite(found.get<double>());
  return is_finite ? &found : nullptr;
}

double Figures::number(const std::string &key) const {
  const Json *found = find(key);
  return found ? found->get<double>() : 0;
}

std::string Figures::data(const std::string &key, const std::string &text) const {
  return fmt::format("<data data-key=\"{}\" value=\"{}\">{}</data>", escaped(key),
                     find(key)->dump(), text);
}

std::string Figures::count(const std::string &key) const {
  const Json *found = find(key);
  return found ? data(key, grouped(found->get<std::int64_t>())) : "";
}

std::string Figures::bytes(const std::string &key) const {
  const Json *found = find(key);
  return found ? data(key, grouped(found->get<std::int64_t>()) + "&nbsp;B") : "";
}

std::string Figures::percent(const std::string &key) const {
  const Json *found = find(key);
  return found ? data(key, fmt::format("{:.2f}&nbsp;%", 100 * found->get<double>())) : "";
}

std::string Figures::real(const std::string &key, int digits) const {
  const Json *found = find(key);
  return found ? data(key, fmt::format("{:.{}f}", found->get<double>(), digits)) : "";
}

std::string Figures::share(const std::string &key, const std::string &of) const {
  const Json *part = find(key), *whole = find(of);
  if (!part || !whole || whole->get<double>() == 0) return "";
  const double value = part->get<double>() / whole->get<double>();
  return fmt::format("<data data-key=\"{}\" data-of=\"{}\" value=\"{}\">{:.{}f}&nbsp;%</data>",
                     escaped(key), escaped(of), Json(value).dump(), 100 * value,
                     value < 0.0995 ? 1 : 0);
}

}  // namespace thimble::report::page
