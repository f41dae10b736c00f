//go:build go1.27 && goexperiment.jsonv2

package crux

import (
	"encoding/json"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
)

// strictJSON is json.Marshal, but text that is not UTF-8 is an error.
func strictJSON(value any) ([]byte, error) {
	return jsonv2.Marshal(value, json.DefaultOptionsV1(), jsontext.AllowInvalidUTF8(false))
}
