// Rows in a cache: a file of blocks, of which a few are in memory at a time.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/set_blocks.h"
#include "core/engine/stored_rows.h"
#include "r_design.h"
#include "r_problem.h"
#include "row_file.h"

namespace fastlogit {

// Integers, counted from 1 in R and from 0 here; none for NULL.
inline std::vector<int> columns_from(const Rcpp::RObject& list_field) {
  if (list_field.isNULL()) return {};
  std::vector<int> columns = Rcpp::as<std::vector<int>>(list_field);
  for (int& column : columns) --column;
  return columns;
}

// variables: for each list(columns = ) or, of a factor, list(columns = , table = ), NULL where no
// term has it; largest, terms: as of a design in memory.
inline StoredDesign stored_design_from(const Rcpp::List& list) {
  StoredDesign design;
  design.columns = Rf_xlength(list["names"]);
  const Rcpp::List variables = list["variables"];
  const Rcpp::List largest = list["largest"];
  for (R_xlen_t k = 0; k < variables.size(); ++k) {
    StoredVariable stored;
    if (!Rf_isNull(variables[k])) {
      const Rcpp::List variable = variables[k];
      stored.columns = columns_from(variable["columns"]);
      if (variable.containsElementNamed("table")) {
        stored.table = Rcpp::as<std::vector<int>>(variable["table"]);
      } else {
        stored.largest = vector_from(largest[k]);
      }
    }
    design.variables.push_back(std::move(stored));
  }
  const Rcpp::List terms = list["terms"];
  for (const Rcpp::List term : terms) {
    StoredTerm stored;
    stored.variables = columns_from(term["variables"]);
    const Rcpp::List codings = term["codings"];
    for (const SEXP coding : codings) {
      stored.contrasts.push_back(Rf_isNull(coding) ? Eigen::SparseMatrix<double>()
                                                   : contrasts_from(coding));
    }
    design.terms.push_back(std::move(stored));
  }
  return design;
}

// Columns y, complement, weights, category, offset, of which any may be missing; outcome, classes:
// what the codes of y and of the category stand for.
inline StoredResponse stored_response_from(const Rcpp::List& list) {
  const auto field = [&](const char* name) -> Rcpp::RObject {
    if (!list.containsElementNamed(name)) return R_NilValue;
    return list[name];
  };
  StoredResponse response;
  response.y = columns_from(field("y"));
  response.complement = columns_from(field("complement"));
  response.weight = columns_from(field("weights"));
  response.category = columns_from(field("category"));
  response.offset = columns_from(field("offset"));
  response.base = columns_from(field("base"));
  response.set = columns_from(field("set"));
  const Rcpp::RObject outcome = field("outcome");
  if (!outcome.isNULL()) response.outcome = Rcpp::as<std::vector<double>>(outcome);
  const Rcpp::RObject classes = field("classes");
  if (!classes.isNULL()) response.classes = Rcpp::as<std::vector<int>>(classes);
  response.single = Rcpp::as<bool>(list["single"]);
  if (!response.weight.empty()) {
    response.unit = power_of_two_above(Rcpp::as<double>(list["largest_weight"]));
  }
  return response;
}

// rows: list(cache = a RowFile, design = , response = , model = , threads = , leave_out = ), where
// the design and the response name columns of the cache.
class CacheProblem final : public Problem {
 public:
  explicit CacheProblem(const Rcpp::List& rows)
      : Problem(model_from(rows), execution_from(rows)),
        file_(Rcpp::as<Rcpp::XPtr<RowFile>>(rows["cache"])),
        response_(stored_response_from(rows["response"])),
        sets_(response_.set.empty() ? nullptr
                                    : std::make_unique<SetBlocks>(*file_, response_.set[0])),
        rows_{sets_ ? static_cast<const StoredColumns&>(*sets_) : *file_,
              stored_design_from(rows["design"]),
              response_,
              Vector()},
        by_block_{*file_, rows_.design, response_, Vector()},
        pieces_(rows_),
        design_scale_(BlockReader(rows_).scale()),
        scale_(scale_of(design_scale_)) {
    if (!rows.containsElementNamed("leave_out")) return;
    const Vector direction = vector_from(rows["leave_out"]);
    rows_.leave_out = direction.cwiseQuotient(scale_.replicate(direction.size() / columns(), 1));
    by_block_.leave_out = rows_.leave_out;
  }

  Index count() const override { return file_->rows(); }
  const Vector& scale() const override { return scale_; }
  double unit() const override { return rows_.response.unit; }
  bool can_be_sampled() const override { return !sets_ && file_->blocks() >= kBlocksForSample; }

  std::unique_ptr<Evaluator> evaluator(const Execution& execution,
                                       const Likelihood& likelihood,
                                       Index thinning) const override {
    return std::make_unique<PartsEvaluator>(
        pieces_, make_family(likelihood), execution.threads, execution.heartbeat, thinning);
  }

  // What an object in memory would keep of the rows of a block, in the user's units.
  void at_block(Index number, const Vector& beta, MatrixRef eta, VectorRef weight) const {
    BlockReader reader(by_block_);
    const Piece piece = reader.read(number);
    // A block of the file may have parts of sets.
    Vector none;
    if (sets_) weight.setConstant(std::numeric_limits<double>::quiet_NaN());
    const auto [shown, at] = to_show(beta);
    MemoryEvaluator rows(
        piece.design, make_family(shown), piece.response, piece.offset, 1, [] { return false; });
    rows.at_rows(at, eta, sets_ ? VectorRef(none) : weight);
    weight *= unit();
  }

  // The rows of the design, n x p, in the user's units.
  void copy_block(Index number, MatrixRef x) const {
    BlockReader reader(by_block_);
    const Piece piece = reader.read(number);
    piece.design.copy({0, piece.design.rows()}, x);
    x *= design_scale_.cwiseInverse().asDiagonal();
  }

  Index design_columns() const { return design_scale_.size(); }

  const RowFile& file() const { return *file_; }

 private:
  // A sample is of whole blocks, so there have to be many.
  static constexpr Index kBlocksForSample = 64;

  Rcpp::XPtr<RowFile> file_;
  StoredResponse response_;
  std::unique_ptr<SetBlocks> sets_;  // of families of sets
  StoredRows rows_;
  StoredRows by_block_;  // as they are in the file
  StoredPieces pieces_;
  Vector design_scale_;
  Vector scale_;
};

}  // namespace fastlogit
