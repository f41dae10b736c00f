package crux

// #include "shim.h"
import "C"

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"
)

// text gives s to C for the duration of a call.
func text(what, s string) (*C.char, error) {
	if err := checkText(what, s); err != nil {
		return nil, err
	}
	return name(s), nil
}

// checkText refuses what is no text to the library. C would cut it at its first NUL in silence.
func checkText(what, s string) error {
	if strings.IndexByte(s, 0) >= 0 {
		return refused("The %s holds a NUL.", what)
	}
	if !utf8.ValidString(s) {
		return refused("The %s is not valid UTF-8.", what)
	}
	return nil
}

// textOrNull is text, with NULL for what is not given.
func textOrNull(what, s string) (*C.char, error) {
	if s == "" {
		return nil, nil
	}
	return text(what, s)
}

// name gives a constant to C, or what has been checked.
func name(s string) *C.char {
	bytes := make([]byte, len(s)+1)
	copy(bytes, s)
	return (*C.char)(unsafe.Pointer(&bytes[0]))
}

// refused is an error of an argument that does not reach the library.
func refused(format string, values ...any) error {
	return &Error{Code: ErrArgument, Message: fmt.Sprintf(format, values...)}
}

func flagText(value bool) string {
	if value {
		return "1"
	}
	return "0"
}

func numberText(value int64) string { return strconv.FormatInt(value, 10) }

// millisText rounds away from zero, which is often "no limit": less than a millisecond becomes one, and what is
// negative stays so, for the library to refuse.
func millisText(value time.Duration) string {
	whole, rest := value/time.Millisecond, value%time.Millisecond
	switch {
	case rest > 0:
		whole++
	case rest < 0:
		whole--
	}
	return numberText(int64(whole))
}
