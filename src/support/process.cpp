// Running another program. Its three streams are anonymous temporary files, so that neither side
// ever waits for the other's pipe; it runs in a process group of its own, which is killed when time
// is up.
#include "support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>
#include <thread>

namespace thimble {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

Stream temporary_stream() { return Stream(std::tmpfile(), std::fclose); }

std::string contents(std::FILE *stream) {
  std::string text;
  std::rewind(stream);
  char chunk[1 << 14];
  while (std::size_t count = std::fread(chunk, 1, sizeof chunk, stream)) text.append(chunk, count);
  return text;
}

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become(pid_t parent, char *const *argv, int in, int out, int err) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);  // it died before it could be watched
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
  execv(argv[0], argv);
  _exit(errno == ENOENT ? 127 : 126);
}

// The exit status, or nothing when time is up (and the process has been killed).
std::optional<int> wait_for(pid_t pid, double timeout_seconds) {
  const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_seconds);
  auto pause = std::chrono::microseconds(200);
  for (;;) {
    int status = 0;
    const pid_t got = waitpid(pid, &status, WNOHANG);
    if (got == pid) return status;
    if (got < 0 && errno != EINTR) return 0;
    if (Clock::now() > deadline) {
      kill(-pid, SIGKILL);
      kill(pid, SIGKILL);
      waitpid(pid, &status, 0);
      return std::nullopt;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(10000));
  }
}

std::optional<fs::path> on_path(const std::string &name) {
  std::error_code code;
  if (name.find('/') != std::string::npos) {
    if (access(name.c_str(), X_OK) == 0 && !fs::is_directory(name, code)) return fs::path(name);
    return std::nullopt;
  }
  const char *path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
    if (access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate, code)) {
      return fs::absolute(candidate, code);
    }
  }
  return std::nullopt;
}

Diagnostic not_found(const std::string &name, const std::string &package) {
  return missing_tool_error("'" + name + "' is not installed", {},
                            package.empty() ? "" : "apt-get install " + package);
}

// The words of a command line with the program's path first, as exec wants them: pointers into
// itself, so it stays where it is.
struct CommandLine {
  std::vector<std::string> words;
  std::vector<char *> argv;
  CommandLine(const fs::path &program, const std::vector<std::string> &arguments)
      : words(arguments) {
    words.front() = program.string();
    for (std::string &word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
  }
  CommandLine(const CommandLine &) = delete;
  CommandLine &operator=(const CommandLine &) = delete;
};

}  // namespace

int exit_code_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

Result<pid_t> start_process(const std::vector<std::string> &arguments, const fs::path &log) {
  const auto program = arguments.empty() ? std::nullopt : on_path(arguments.front());
  if (!program) return not_found(arguments.empty() ? "" : arguments.front(), {});
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  const CommandLine line(*program, arguments);
  const pid_t self = getpid();
  const pid_t pid = in < 0 || out < 0 ? -1 : fork();
  if (pid == 0) become(self, line.argv.data(), in, out, out);
  const int why = errno;
  if (in >= 0) close(in);
  if (out >= 0) close(out);
  if (pid < 0) {
    return usage_error("cannot start '" + arguments.front() + "' with the log " + log.string(),
                       std::strerror(why));
  }
  setpgid(pid, pid);  // as it does itself, whoever is first: from here on the group can be killed
  return pid;
}

Result<ProcessResult> run_process(const std::vector<std::string> &arguments,
                                  const std::string &stdin_text, double timeout_seconds) {
  const auto program = arguments.empty() ? std::nullopt : on_path(arguments.front());
  if (!program) return not_found(arguments.empty() ? "" : arguments.front(), {});
  const Stream in = temporary_stream(), out = temporary_stream(), err = temporary_stream();
  if (!in || !out || !err) return usage_error("no temporary file", std::strerror(errno));
  std::fwrite(stdin_text.data(), 1, stdin_text.size(), in.get());
  std::rewind(in.get());

  const CommandLine line(*program, arguments);
  const int in_fd = fileno(in.get()), out_fd = fileno(out.get()), err_fd = fileno(err.get());
  const pid_t self = getpid();
  const pid_t pid = fork();
  if (pid < 0) return usage_error("no process for " + arguments.front(), std::strerror(errno));
  if (pid == 0) become(self, line.argv.data(), in_fd, out_fd, err_fd);

  const auto status = wait_for(pid, timeout_seconds);
  if (!status) {
    return model_error("'" + arguments.front() + "' did not end within " +
                       std::to_string(static_cast<int>(timeout_seconds)) + " seconds");
  }
  ProcessResult result;
  result.exit_code = exit_code_of(*status);
  result.stdout_text = contents(out.get());
  result.stderr_text = contents(err.get());
  return result;
}

Result<fs::path> find_program(const std::string &name, const std::string &debian_package) {
  if (auto path = on_path(name)) return *path;
  return not_found(name, debian_package);
}

}  // namespace thimble
