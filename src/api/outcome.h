// How what rides along with a value reaches who embeds this: warnings are told as they arise,
// errors are the Result. Nothing in this room prints.
#pragma once

#include <functional>

#include "support/diagnostic.h"

namespace thimble::api {

// Told of warnings and notes, as they arise; may be told of none. Never empty.
using Notify = std::function<void(const Diagnostics &)>;

// Tells of the warnings that ride along with a value.
template <class T>
Result<T> notifying(const Notify &notify, Result<T> result) {
  if (result.ok()) notify(result.diagnostics());
  return result;
}

}  // namespace thimble::api

// TRY (support/diagnostic.h) for a Status: `TRY_STATUS(write_file(...));`
#define TRY_STATUS(...) \
  if (auto try_status_ = (__VA_ARGS__); !try_status_.ok()) return try_status_.diagnostics()
