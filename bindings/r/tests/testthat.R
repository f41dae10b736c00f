library(testthat)
library(libcrux)

test_check("libcrux")
