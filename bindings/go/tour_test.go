package crux_test

import (
	"os"
	"os/exec"
	"testing"
)

// example runs a program of examples/ against a sandbox of its own.
func example(t *testing.T, name string) string {
	t.Helper()
	sandbox := os.Getenv("CRUX_SANDBOX")
	if sandbox == "" {
		t.Skip("CRUX_SANDBOX is not set")
	}
	folder := t.TempDir()
	program := folder + "/" + name
	build := exec.Command("go", "build", "-o", program, name+".go")
	build.Dir = "examples"
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOEXPERIMENT=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(sandbox, "--shop", program)
	run.Dir = folder
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// TestTour runs the program that all languages have.
func TestTour(t *testing.T) {
	wanted, err := os.ReadFile("../tour.txt")
	must(t, err)
	equal(t, "tour", example(t, "tour"), string(wanted))
}

// TestLoginExample runs the ten lines of the README.
func TestLoginExample(t *testing.T) {
	contains(t, example(t, "login"), "Bluse\nČepice\n")
}
