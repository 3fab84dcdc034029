#include "sources.h"

namespace fastlogit {

void Numbers::copy_to(Rows rows, double* out) const {
  write(rows, [out](Index i, double number) { out[i] = number; });
}

void Numbers::multiply_into(Rows rows, double* out) const {
  write(rows, [out](Index i, double number) { out[i] *= number; });
}

void Sources::add(const Numbers& numbers) {
  if (known_.insert(numbers.address()).second) all_.push_back(numbers);
}

Selection::Selection(const Sources& sources, const std::vector<Index>& rows)
    : rows_(static_cast<Index>(rows.size())) {
  for (const Numbers& source : sources.all()) {
    Numbers& copy = copies_[source.address()];
    if (source.doubles) {
      copy.doubles = gather(source.doubles, rows, doubles_);
    } else {
      copy.integers = gather(source.integers, rows, integers_);
    }
  }
}

}  // namespace fastlogit
