// What a command says of itself to the parser. That is CLI11, which takes seconds to compile
// wherever it is included: these handles of its App and Option have its words, and are compiled
// once.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace thimble::cli {

class Option;
using Check = std::function<void(CLI::Option &)>;
Check one_of(std::vector<std::string> words);
Check between(int least, int most);
Check between(double least, double most);
Check positive();      // a number
Check non_negative();  // likewise

class Option {
 public:
  explicit Option(CLI::Option *option) : option_(option) {}
  Option *operator->() { return this; }

  Option required();
  Option check(const Check &check);
  Option delimiter(char character);
  Option allow_extra_args(bool allowed);
  Option excludes(const std::string &other, const std::string &another, const std::string &third);
  Option hide();

 private:
  CLI::Option *option_;
};

// An option that was given.
struct Given {
  std::string name;  // without dashes
  bool is_flag = false;
  std::vector<std::string> values;
};

class App {
 public:
  explicit App(CLI::App *app) : app_(app) {}
  App *operator->() { return this; }
  CLI::App &parser() const { return *app_; }

  App add_subcommand(const std::string &name, const std::string &summary);
  void require_subcommand(int count);
  void leave_words();  // all that follows its name is left as it is, --help too: see words()
  // Value: one of those types that parser.cpp lists.
  template <class Value>
  Option add_option(const std::string &names, Value &value, const std::string &text = "");
  Option add_flag(const std::string &names, bool &value, const std::string &text);

  std::string footer() const;
  std::vector<Given> given() const;
  std::vector<std::string> words() const;

 private:
  CLI::App *app_;
};

}  // namespace thimble::cli
