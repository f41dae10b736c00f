package crux

// #include "shim.h"
import "C"

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"sync"
	"time"
	"unsafe"
)

// Response is a response, held by Go alone: it stays good when its client is closed. Since 0.2.
type Response struct {
	// Status is the HTTP status, such as 200.
	Status int
	// Header holds the headers.
	Header http.Header
	// Body holds the bytes, decoded from gzip; none after a download or for a stream.
	Body []byte
	// URL is where it came from, after redirects.
	URL string
	// Location is the Location header as a whole URL; of a job that has ended, its result; "" if there is none.
	Location string
	// Result is the address or the id of what a POST, PUT, PATCH or DELETE has made; "" if it is not known.
	Result string
	// Warning is the Warning header; "" if there is none.
	Warning string
	// Attempts is how many requests it took, retries and redirects included.
	Attempts int
	// Elapsed is how long it took.
	Elapsed time.Duration

	client *Client
	jobURL string
	job    *job // what may have started a job; nil of other responses
}

// Text returns the body as text; what is not UTF-8 becomes U+FFFD. Since 0.2.
func (r *Response) Text() string { return string(bytes.ToValidUTF8(r.Body, []byte("\uFFFD"))) }

// JSON reads the body into what a pointer points to, as [json.Unmarshal] does. A body that is not JSON, or has another
// shape, is [ErrProtocol] with the error of encoding/json. Since 0.2.
func (r *Response) JSON(into any) error {
	if err := json.Unmarshal(r.Body, into); err != nil {
		message := "The body of the response cannot be read as JSON: " + err.Error() + "."
		return &Error{Code: ErrProtocol, Status: r.Status, Message: message, Response: r, causes: []error{err}}
	}
	return nil
}

// Follow requests a link as it stands in the response; a relative one is resolved against its URL. A GET, unless
// [Method] says otherwise. Since 0.2.
func (r *Response) Follow(ctx context.Context, link string, options ...CallOption) (*Response, error) {
	if r == nil || r.client == nil {
		return nil, refused("The response is nil, or no call has returned it; it has no links to follow.")
	}
	target, err := r.resolve(link)
	if err != nil {
		return nil, err
	}
	return r.client.Get(ctx, target, options...)
}

func (r *Response) resolve(link string) (string, error) {
	base, err := url.Parse(r.URL)
	if err == nil {
		base, err = base.Parse(link)
	}
	if err != nil {
		// The error of net/url shows the link, which may hold a signature.
		return "", refused("The link is not one that can be followed.")
	}
	return base.String(), nil
}

// scratch is where C writes; it is used again.
type scratch struct {
	facts   C.struct_crux_go_facts
	headers C.struct_crux_go_headers
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// outcome copies what came of a request, which has finished.
func (c *Client) outcome(ctx context.Context, r *request, f *flight) (*Response, error) {
	object := unsafe.Pointer(f.handle)
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	*s = scratch{}
	reads := r.method == http.MethodGet || r.method == http.MethodHead
	withResult := C.int32_t(1)
	if reads {
		withResult = 0
	}
	C.crux_go_facts(object, withResult, &s.facts, &s.headers)
	response := s.response(object)
	response.client = c
	if s.facts.code == C.CRUX_OK {
		if !reads || response.jobURL != "" {
			response.keep(f)
		}
		return response, nil
	}
	if response.jobURL != "" {
		response.keep(f)
	}
	failed := s.failure()
	if response.Status != 0 || response.jobURL != "" {
		failed.Response = response
	}
	if failed.Code == ErrCancelled || failed.Code == ErrTimeout {
		failed.blame(ctx)
		if c.core.isClosed() {
			failed.causes = append(failed.causes, os.ErrClosed)
		}
	}
	if f.source != nil {
		if err := f.source.failure(); err != nil {
			failed.causes = append(failed.causes, err)
			failed.Message = "The body could not be read: " + err.Error() + "."
		}
	}
	if err := c.core.tokens.failure(); err != nil && failed.Code == ErrAuth {
		failed.causes = append(failed.causes, err)
	}
	return nil, failed
}

func (s *scratch) response(object unsafe.Pointer) *Response {
	facts := &s.facts
	return &Response{
		Status:   int(facts.status),
		Header:   s.header(object),
		Body:     bytes.Clone(unsafe.Slice((*byte)(unsafe.Pointer(facts.body)), int(facts.body_length))),
		URL:      C.GoString(facts.url),
		Location: C.GoString(facts.location),
		Result:   C.GoString(facts.result),
		Warning:  C.GoString(facts.warning),
		Attempts: max(int(facts.attempts), 0),
		Elapsed:  time.Duration(max(facts.elapsed_ms, 0)) * time.Millisecond,
		jobURL:   C.GoString(facts.job_url),
	}
}

func (s *scratch) header(object unsafe.Pointer) http.Header {
	header := make(http.Header, int(s.headers.count))
	for from := 0; s.headers.count > 0; {
		for i := range int(s.headers.count) {
			name := textproto.CanonicalMIMEHeaderKey(C.GoString(s.headers.names[i]))
			header[name] = append(header[name], C.GoString(s.headers.values[i]))
		}
		if s.headers.count < C.CRUX_GO_HEADERS {
			break
		}
		from += C.CRUX_GO_HEADERS
		C.crux_go_headers(object, C.size_t(from), &s.headers)
	}
	return header
}

func (s *scratch) failure() *Error {
	facts := &s.facts
	return &Error{
		Code:          Code(facts.code),
		Status:        int(facts.status),
		Message:       C.GoString(facts.message),
		ServerMessage: C.GoString(facts.server_message),
		Retryable:     facts.retryable == 1,
		MaybeSent:     facts.maybe_sent == 1,
		RetryAfter:    time.Duration(max(facts.retry_after_ms, 0)) * time.Millisecond,
		causes:        limitOf(Code(facts.code)),
	}
}

// limitOf is what a limit of time is to the standard library.
func limitOf(code Code) []error {
	if code == ErrTimeout {
		return []error{os.ErrDeadlineExceeded}
	}
	return nil
}

// errorOf is the error of options, a call or a client.
func errorOf(object unsafe.Pointer) error {
	code := Code(C.crux_code(object))
	return &Error{Code: code, Message: C.GoString(C.crux_message(object)), causes: limitOf(code)}
}
