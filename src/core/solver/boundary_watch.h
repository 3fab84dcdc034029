// Steps that run into the edge of the link's domain.
#pragma once

#include "tuning.h"

namespace fastlogit {

class BoundaryWatch {
 public:
  // watches: there is an edge, and the score does not turn away from it by itself.
  explicit BoundaryWatch(bool watches) : watches_(watches) {}

  // cut: a longer step would have left the domain.
  void observe(bool cut) {
    was_cut_ = cuts_ > 0;
    cuts_ = watches_ && cut ? cuts_ + 1 : 0;
  }

  bool last_step_was_cut() const { return cuts_ > 0; }

  // Nothing but shorter and shorter steps is to be had here.
  bool is_stuck() const { return cuts_ == kMostCuts; }

  // Steps that are cut take turns with others that turn away: so the last but one counts where the
  // iterations have run out.
  bool ends_at_edge(bool at_limit) const { return cuts_ > 0 || (was_cut_ && at_limit); }

 private:
  bool watches_;
  bool was_cut_ = false;
  Index cuts_ = 0;  // in a row
};

}  // namespace fastlogit
