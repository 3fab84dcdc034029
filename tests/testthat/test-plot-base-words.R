test_that("names get the room that they need, or are abridged in their middles", {
  drawn({
    long <- paste("a very long name of a level, number", 1:3)
    fitted <- fitting(long, 1.5, 0.85)
    expect_true(all(width_of_words(fitted$words, fitted$cex) <= 1.5))
    expect_match(fitted$words, "^a very.*[.][.][.].*[123]$")
    expect_identical(fitting("short", 3, 0.85), list(words = "short", cex = 0.85))
    panel <- as_panel(list(), axis_of("x", labels = long), axis_of("", labels = long))
    graphics::plot.new()
    words <- words_around(panel)
    expect_lt(max(words$margins[c(1, 3)]), 3.5)
    expect_gt(words$margins[2], widest(words$left$labels, words$left$cex))
    expect_lt(words$margins[2], 3.5)
  })
})

test_that("names below an axis are beside each other, in lines, or turned", {
  drawn({
    ticks <- function(labels) {
      ticks_of_axis(axis_of("", labels = labels), 5, 0.2, upright = TRUE)
    }
    expect_identical(names_below(ticks(c("a", "b")), 5, 2, 0.2)$labels, c(a = "a", b = "b"))
    lines <- names_below(ticks(rep("two or three lines of words", 4)), 5, 2, 0.2)
    expect_match(lines$labels, "\n")
    expect_false(lines$turned)
    turned <- names_below(ticks(rep("onelongwordthatcannotbesplit", 8)), 5, 2, 0.2)
    expect_true(turned$turned)
    many <- names_below(ticks(paste("level", 1:200)), 5, 2, 0.2)
    expect_lt(length(many$at) * many$cex * 0.2, 5.01)
  })
})

test_that("groups' names take as many rows as they need", {
  drawn({
    expect_null(rows_of_key("one", 3))
    expect_identical(rows_of_key(c("a", "b", "c"), 5), list(1:3))
    long <- rep("a name that fills a row alone, and more", 2)
    expect_identical(rows_of_key(long, 2), list(1L, 2L))
  })
})
