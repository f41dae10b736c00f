test_that("every case of the file is run here, or skipped with its reason", {
  skip_without_sandbox()
  skip_if(length(cases) == 0L, "CRUX_CASES is not set")
  expect_identical(setdiff(names(cases), ls(ran)), character())
  expect_identical(setdiff(ls(ran), names(cases)), character())
})
