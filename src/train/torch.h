// libtorch. Debian's brings glog, whose CHECK is not ours (support/check.h, to be included after).
#pragma once

#include <torch/torch.h>

#undef CHECK
