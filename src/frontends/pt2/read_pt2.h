// `.pt2` archives, as torch.export.save of torch 2.9 and later writes them.
#pragma once

#include "frontends/file_graph.h"
#include "frontends/read_model.h"

namespace thimble::frontends::pt2 {

Result<FileGraph> read_pt2(const std::filesystem::path &path, const ReadOptions &options);

}  // namespace thimble::frontends::pt2
