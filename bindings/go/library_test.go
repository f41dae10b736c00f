package crux_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	crux "libcrux.example/crux"
)

const versionProgram = `package main

import (
	"fmt"
	"os"

	crux "libcrux.example/crux"
)

func main() {
	if _, err := crux.Anonymous("custom", crux.BaseURL("http://127.0.0.1:1/")); err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
}
`

// with runs a program with another folder of libraries.
func with(program, folder string) (string, error) {
	command := exec.Command(program)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "LD_LIBRARY_PATH=") {
			command.Env = append(command.Env, variable)
		}
	}
	command.Env = append(command.Env, "LD_LIBRARY_PATH="+folder)
	out, err := command.CombinedOutput()
	return string(out), err
}

// A linked program does not begin without its library; what was looked for, the system's loader says.
func libraryMissing(t *testing.T) {
	if isStatic() {
		t.Skip("the library is inside the program")
	}
	out, err := with(goProgram(t, "missing", versionProgram), t.TempDir())
	if err == nil {
		t.Skip("the system has a library of its own")
	}
	contains(t, out, "libcrux.so.0")
	contains(t, out, "cannot open shared object file")
}

func libraryTooOld(t *testing.T) {
	if isStatic() {
		t.Skip("the library is inside the program")
	}
	raw, err := os.ReadFile("crux_abi.h")
	must(t, err)
	source := "int crux_abi(void) { return 0; }\nconst char *crux_version(void) { return \"0.1.0\"; }\n"
	for _, found := range regexp.MustCompile(`(?m)^[a-z].*?\b(crux_[a-z_]+)\(`).FindAllStringSubmatch(string(raw), -1) {
		if name := found[1]; name != "crux_abi" && name != "crux_version" {
			source += fmt.Sprintf("void %s(void) {}\n", name)
		}
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "old.c")
	must(t, os.WriteFile(file, []byte(source), 0o600))
	library, script := filepath.Join(folder, "libcrux.so.0"), filepath.Join(folder, "versions")
	must(t, os.WriteFile(script, []byte("CRUX_0 { global: crux_*; };\n"), 0o600))
	compile := exec.Command("cc", "-shared", "-fPIC", "-Wl,-soname,libcrux.so.0", "-Wl,--version-script="+script,
		"-o", library, file)
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := with(goProgram(t, "old", versionProgram), folder)
	if err == nil {
		t.Fatal("a library that is too old was taken")
	}
	for _, part := range []string{"edition 0", "version 0.1.0", "needs edition", "libcrux.so.0"} {
		contains(t, out, part)
	}
}

// isStatic says whether this test has the library inside.
func isStatic() bool {
	raw, err := os.ReadFile("/proc/self/maps")
	return err == nil && !strings.Contains(string(raw), "libcrux.so")
}

// TestTheGeneratedHeaderIsThatOfTheLibrary: a compiler takes both at once only if no declaration differs.
func TestTheGeneratedHeaderIsThatOfTheLibrary(t *testing.T) {
	prefix := os.Getenv("CRUX_PREFIX")
	if prefix == "" {
		t.Skip("CRUX_PREFIX is not set")
	}
	file := filepath.Join(t.TempDir(), "both.c")
	must(t, os.WriteFile(file, []byte("#include <crux.h>\n#include \"crux_abi.h\"\n"), 0o600))
	compile := exec.Command("cc", "-std=c11", "-Wall", "-Werror", "-fsyntax-only", "-I", prefix+"/include", "-I", ".", file)
	if out, err := compile.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestTheVersionIsThatOfTheLibrary that was loaded.
func TestTheVersionIsThatOfTheLibrary(t *testing.T) {
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(crux.Version()) {
		t.Errorf("the version is %q", crux.Version())
	}
}
