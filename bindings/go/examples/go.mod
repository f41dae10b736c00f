module libcrux.example/crux/examples

go 1.24

require libcrux.example/crux v0.2.0

replace libcrux.example/crux => ../
