package crux

// #include "shim.h"
import "C"

import (
	"unsafe"
)

type pair struct{ name, value string }

// request is a call as its options describe it.
type request struct {
	method, path          string
	query, fills, headers []pair
	settings              []setting
	body                  *body
	contentType           string
	contentLength         *int64
	field, fileName       string
	progress              func(done, total int64)
	jobProgress           func(percent int)
	lasts                 bool // longer than a request
	sends                 bool
	streams               bool
	keeps                 bool // the response is needed after its facts have been taken
	make                  func(client *C.crux_client) (*C.crux_call, error)
}

func newRequest(method, path string, options []CallOption) (*request, error) {
	r := &request{method: method, path: path}
	for _, option := range options {
		if option == nil {
			return nil, refused("An option of the call is nil.")
		}
		if err := option.applyCall(r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// call makes the call of the library. What it refuses is kept by the call, and told by its response.
func (r *request) call(client *C.crux_client) (*C.crux_call, *source, error) {
	call, err := r.begin(client)
	if err != nil {
		return nil, nil, err
	}
	source, err := r.describe(call)
	if err != nil {
		C.crux_free(unsafe.Pointer(call))
		return nil, nil, err
	}
	return call, source, nil
}

func (r *request) begin(client *C.crux_client) (*C.crux_call, error) {
	if r.make != nil {
		return r.make(client)
	}
	if err := checkText("method", r.method); err != nil {
		return nil, err
	}
	if err := checkText("path", r.path); err != nil {
		return nil, err
	}
	both := make([]byte, len(r.method)+1+len(r.path)+1)
	path := both[len(r.method)+1:]
	copy(both, r.method)
	copy(path, r.path)
	return C.crux_call_new(client, (*C.char)(unsafe.Pointer(&both[0])), (*C.char)(unsafe.Pointer(&path[0]))), nil
}

func (r *request) describe(call *C.crux_call) (*source, error) {
	type setter func(name, value *C.char)
	apply := func(what string, pairs []pair, set setter) error {
		for _, pair := range pairs {
			name, err := text("name of a "+what, pair.name)
			if err != nil {
				return err
			}
			value, err := text(what+` "`+pair.name+`"`, pair.value)
			if err != nil {
				return err
			}
			set(name, value)
		}
		return nil
	}
	if err := apply("placeholder", r.fills, func(n, v *C.char) { C.crux_call_fill(call, n, v) }); err != nil {
		return nil, err
	}
	if err := apply("query member", r.query, func(n, v *C.char) { C.crux_call_query(call, n, v) }); err != nil {
		return nil, err
	}
	if err := apply("header", r.headers, func(n, v *C.char) { C.crux_call_header(call, n, v) }); err != nil {
		return nil, err
	}
	for _, setting := range r.settings {
		if err := setting.put(func(n, v *C.char) C.int32_t { return C.crux_call_set(call, n, v) }); err != nil {
			return nil, err
		}
	}
	if r.body == nil {
		return nil, nil
	}
	r.sends = true
	return r.body.put(call, r)
}

// put hands a setting over; what the library says of its value, its object says later.
func (s setting) put(set func(key, value *C.char) C.int32_t) error {
	key, err := text("name of an option", s.key)
	if err != nil {
		return err
	}
	value, err := text(`option "`+s.key+`"`, s.value)
	if err != nil {
		return err
	}
	set(key, value)
	return nil
}

// watched says whether somebody wants to hear of its progress.
func (r *request) watched() bool { return r.progress != nil || r.jobProgress != nil }

// tell says how far it is.
func (r *request) tell(response *C.crux_response) {
	var at C.struct_crux_go_progress
	C.crux_go_progress(response, &at)
	switch {
	case at.phase == phaseJob:
		if r.jobProgress != nil && at.percent >= 0 {
			r.jobProgress(int(at.percent))
		}
	case r.progress == nil:
	case r.sends:
		r.progress(max(int64(at.sent), 0), int64(at.send_total))
	default:
		r.progress(max(int64(at.received), 0), int64(at.receive_total))
	}
}
