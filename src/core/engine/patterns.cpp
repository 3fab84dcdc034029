#include "patterns.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>

#include "partition.h"

namespace fastlogit {

namespace {

// What tells rows apart, a row's words one after another.
class RowKeys {
 public:
  explicit RowKeys(const Sources& sources)
      : sources_(sources.all()), words_(static_cast<Index>(sources_.size())) {}

  Index words() const { return words_; }

  void read(Rows rows) {
    keys_.resize(rows.size() * words_);
    for (Index j = 0; j < words_; ++j) {
      std::uint64_t* const out = keys_.data() + j;
      sources_[j].for_each_bits(rows, [&](Index k, std::uint64_t bits) { out[k * words_] = bits; });
    }
  }

  const std::uint64_t* key(Index k) const { return keys_.data() + k * words_; }

 private:
  const std::vector<Numbers>& sources_;
  Index words_;
  std::vector<std::uint64_t> keys_;
};

// Numbers different keys in the order in which they come. A hash says where to look, and never that
// two keys are equal: open addressing with linear probing (Knuth, TAOCP 3, section 6.4).
class PatternTable {
 public:
  explicit PatternTable(Index words) : words_(words), slots_(Index{1} << bits_, kEmpty) {}

  Index size() const { return size_; }

  const std::uint64_t* key(Index number) const { return keys_.data() + number * words_; }

  // A new key gets the number size().
  int find_or_add(const std::uint64_t* wanted) {
    const size_t slot = find(wanted);
    if (slots_[slot] != kEmpty) return slots_[slot];
    const int number = static_cast<int>(size_++);
    slots_[slot] = number;
    keys_.insert(keys_.end(), wanted, wanted + words_);
    if (2 * size_ > static_cast<Index>(slots_.size())) grow();
    return number;
  }

 private:
  static constexpr int kEmpty = -1;

  // Where the key is, or where it belongs. The highest bits of the product depend on all bits of
  // the key: those of small integers stored as doubles differ in the highest only.
  size_t find(const std::uint64_t* wanted) const {
    std::uint64_t hash = 0;
    for (Index j = 0; j < words_; ++j) {
      hash = (hash ^ (hash >> 32) ^ wanted[j] ^ (wanted[j] >> 32)) * 0x9E3779B97F4A7C15u;
    }
    size_t slot = hash >> (64 - bits_);
    while (slots_[slot] != kEmpty && !std::equal(wanted, wanted + words_, key(slots_[slot]))) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    return slot;
  }

  void grow() {
    ++bits_;
    slots_.assign(size_t{1} << bits_, kEmpty);
    for (Index number = 0; number < size_; ++number) {
      slots_[find(key(number))] = static_cast<int>(number);
    }
  }

  Index words_;
  Index size_ = 0;
  int bits_ = 8;
  std::vector<int> slots_;
  std::vector<std::uint64_t> keys_;
};

class PatternFinder {
 public:
  PatternFinder(const Sources& sources, Index rows) : sources_(sources), rows_(rows) {}

  // None where there are too few rows, or too few equal ones, to make it worth while.
  std::optional<Patterns> find(int threads, const Heartbeat& heartbeat) const {
    if (rows_ < kFewestRows) return std::nullopt;
    const double expected = estimate();
    if (!(expected * kFewestRepeats <= rows_)) return std::nullopt;
    return find(static_cast<Index>(expected), threads, heartbeat);
  }

 private:
  // A part of the rows on its own.
  struct Strip {
    explicit Strip(Index words) : table(words) {}

    PatternTable table;
    std::vector<Index> first;
  };

  // From a random sample, how many patterns there would be if all were equally frequent: m draws
  // have m^2 / (2 G) pairs of equal ones. It asks for few rows, since m may be far smaller than G,
  // but knows of the frequent patterns only; strips give up where rare ones turn up all the time.
  double estimate() const {
    const Index draws = std::min(kMostDraws, rows_ / 8);
    return 0.5 * draws * draws / pairs_of(draw(draws));
  }

  // Rows that may be equal, as far as is known, have the same group.
  struct Drawn {
    std::uint64_t row;
    std::uint64_t group;
    Index times;
  };

  std::vector<Drawn> draw(Index draws) const {
    PatternTable rows(1);
    std::vector<Drawn> drawn;
    for (Index i = 0; i < draws; ++i) {
      const std::uint64_t row = scrambled(i) % static_cast<std::uint64_t>(rows_);
      const Index number = rows.find_or_add(&row);
      if (number == static_cast<Index>(drawn.size())) drawn.push_back({row, 0, 0});
      ++drawn[number].times;
    }
    return drawn;
  }

  // How many pairs of draws are equal. Each number of a row is far from the others in memory, and
  // the first few tell most rows apart: a row that is alone in its group is not read on.
  double pairs_of(std::vector<Drawn> drawn) const {
    double pairs = 0.0;
    const auto count = [&](Index times) { pairs += 0.5 * times * (times - 1.0); };
    std::vector<Index> members(1, 0);
    for (const Numbers& source : sources_.all()) {
      if (drawn.empty()) return pairs;
      PatternTable groups(2);
      members.clear();
      for (Drawn& one : drawn) {
        std::uint64_t key[] = {one.group, 0};
        const Index row = static_cast<Index>(one.row);
        source.for_each_bits({row, row + 1}, [&](Index, std::uint64_t bits) { key[1] = bits; });
        one.group = groups.find_or_add(key);
        if (one.group == members.size()) members.push_back(0);
        ++members[one.group];
      }
      const auto alone = std::partition(
          drawn.begin(), drawn.end(), [&](const Drawn& one) { return members[one.group] > 1; });
      for (auto one = alone; one != drawn.end(); ++one) count(one->times);
      drawn.erase(alone, drawn.end());
    }
    members.assign(members.size(), 0);
    for (const Drawn& one : drawn) members[one.group] += one.times;
    for (const Index times : members) count(times);
    return pairs;
  }

  // splitmix64 (Steele, Lea & Flood 2014): a sample at equal distances would see what is periodic
  // in the rows, and nothing that repeats from one to the next.
  static std::uint64_t scrambled(std::uint64_t i) {
    std::uint64_t z = (i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  // Strips are long beside the patterns expected, so that few of them are found twice and what was
  // not expected shows.
  std::optional<Patterns> find(Index expected, int threads, const Heartbeat& heartbeat) const {
    const Index words = static_cast<Index>(sources_.all().size());
    const Partition partition(rows_, rows_ / (8 * (expected + kSurprises)), kBlockRows);
    std::vector<Strip> strips(partition.strips(), Strip(words));
    Patterns patterns;
    patterns.of_row.resize(rows_);
    std::atomic<bool> futile{false};
    const auto search = [&](Index i, int) {
      RowKeys keys(sources_);
      partition.for_each_block(partition.strip(i), [&](Rows rows) {
        if (futile) return;
        keys.read(rows);
        add(keys, rows, strips[i], patterns.of_row.data());
        const Index seen = rows.end - partition.strip(i).begin;
        if (strips[i].table.size() > 2 * expected + kSurprises + seen / 4) futile = true;
      });
    };
    const int workers = rows_ * words < kWorthThreads ? 1 : threads;
    if (!parallel_for(partition.strips(), workers, search, heartbeat)) throw Interrupted();
    if (futile) return std::nullopt;
    if (strips.size() == 1) {
      patterns.first = std::move(strips[0].first);
    } else {
      join(strips, partition, workers, patterns);
    }
    return patterns;
  }

  static void add(const RowKeys& keys, Rows rows, Strip& strip, int* of_row) {
    for (Index k = 0; k < rows.size(); ++k) {
      const int number = strip.table.find_or_add(keys.key(k));
      of_row[rows.begin + k] = number;
      if (number == static_cast<int>(strip.first.size())) strip.first.push_back(rows.begin + k);
    }
  }

  // From the numbers of each strip to those of all.
  static void join(const std::vector<Strip>& strips,
                   const Partition& partition,
                   int threads,
                   Patterns& patterns) {
    std::vector<std::vector<int>> number(strips.size());
    Strip all = strips[0];
    for (size_t i = 1; i < strips.size(); ++i) {
      for (Index k = 0; k < strips[i].table.size(); ++k) {
        number[i].push_back(all.table.find_or_add(strips[i].table.key(k)));
        if (number[i].back() == static_cast<int>(all.first.size())) {
          all.first.push_back(strips[i].first[k]);
        }
      }
    }
    const auto translate = [&](Index i, int) {
      const Rows rows = partition.strip(i + 1);
      for (Index row = rows.begin; row < rows.end; ++row) {
        patterns.of_row[row] = number[i + 1][patterns.of_row[row]];
      }
    };
    parallel_for(partition.strips() - 1, threads, translate, nullptr);
    patterns.first = std::move(all.first);
  }

  static constexpr Index kFewestRows = 2000;      // fewer cost nothing anyway
  static constexpr Index kFewestRepeats = 8;      // of a pattern on average
  static constexpr Index kMostDraws = 4096;       // a sample of more would itself be felt
  static constexpr Index kSurprises = 1000;       // patterns that the sample need not have known of
  static constexpr Index kBlockRows = 256;        // the keys of a block stay in the cache
  static constexpr Index kWorthThreads = 100000;  // words: fewer are read faster by one thread

  const Sources& sources_;
  Index rows_;
};

}  // namespace

std::optional<Patterns> find_patterns(const Sources& sources,
                                      Index rows,
                                      int threads,
                                      const Heartbeat& heartbeat) {
  return PatternFinder(sources, rows).find(threads, heartbeat);
}

}  // namespace fastlogit
