//go:build !go1.27 || !goexperiment.jsonv2

package crux

import (
	"bytes"
	"encoding/json"
	"errors"
)

// strictJSON is json.Marshal, but text that is not UTF-8 is an error: json.Marshal writes \ufffd for it, and for
// nothing else.
func strictJSON(value any) ([]byte, error) {
	raw, err := json.Marshal(value)
	for rest := raw; err == nil; {
		at := bytes.Index(rest, []byte(`\ufffd`))
		if at < 0 {
			break
		}
		before := rest[:at]
		if slashes := len(before) - len(bytes.TrimRight(before, `\`)); slashes%2 == 0 {
			return nil, errors.New("a text in it is not valid UTF-8")
		}
		rest = rest[at+1:]
	}
	return raw, err
}
