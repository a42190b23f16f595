// The handles, over CLI11.
#include "cli/parser.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>

namespace thimble::cli {

Check one_of(std::vector<std::string> words) {
  return [words = std::move(words)](CLI::Option &option) { option.check(CLI::IsMember(words)); };
}
Check between(int least, int most) {
  return [=](CLI::Option &option) { option.check(CLI::Range(least, most)); };
}
Check between(double least, double most) {
  return [=](CLI::Option &option) { option.check(CLI::Range(least, most)); };
}
Check positive() {
  return [](CLI::Option &option) { option.check(CLI::PositiveNumber); };
}
Check non_negative() {
  return [](CLI::Option &option) { option.check(CLI::NonNegativeNumber); };
}

Option Option::required() { return Option(option_->required()); }
Option Option::check(const Check &check) {
  check(*option_);
  return *this;
}
Option Option::delimiter(char character) { return Option(option_->delimiter(character)); }
Option Option::allow_extra_args(bool allowed) { return Option(option_->allow_extra_args(allowed)); }
Option Option::excludes(const std::string &other, const std::string &another,
                        const std::string &third) {
  return Option(option_->excludes(other, another, third));
}
Option Option::hide() { return Option(option_->group("")); }

App App::add_subcommand(const std::string &name, const std::string &summary) {
  return App(app_->add_subcommand(name, summary));
}
void App::require_subcommand(int count) { app_->require_subcommand(count); }
void App::leave_words() {
  app_->prefix_command();
  app_->set_help_flag();
}

template <class Value>
Option App::add_option(const std::string &names, Value &value, const std::string &text) {
  return Option(app_->add_option(names, value, text));
}
#define THIMBLE_OPTION(Value) \
  template Option App::add_option(const std::string &, Value &, const std::string &)
THIMBLE_OPTION(std::string);
THIMBLE_OPTION(std::vector<std::string>);
THIMBLE_OPTION(int);
THIMBLE_OPTION(std::int64_t);
THIMBLE_OPTION(std::uint64_t);
THIMBLE_OPTION(double);
THIMBLE_OPTION(std::optional<int>);
THIMBLE_OPTION(std::optional<std::int64_t>);
THIMBLE_OPTION(std::optional<double>);
#undef THIMBLE_OPTION

Option App::add_flag(const std::string &names, bool &value, const std::string &text) {
  return Option(app_->add_flag(names, value, text));
}

std::string App::footer() const { return app_->get_footer(); }
std::vector<Given> App::given() const {
  std::vector<Given> all;
  for (const CLI::Option *option : app_->get_options())
    if (option->count() > 0)
      all.push_back(
          {option->get_single_name(), option->get_expected_max() == 0, option->results()});
  return all;
}
std::vector<std::string> App::words() const { return app_->remaining(); }

}  // namespace thimble::cli
