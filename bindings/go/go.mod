module libcrux.example/crux

go 1.24
