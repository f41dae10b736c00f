package crux

// #include "shim.h"
import "C"

import (
	"bytes"
	"context"
	"encoding/binary"
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
	facts C.struct_crux_go_facts
	room  []byte
	// What next reads.
	texts string
	at    int
}

// Most responses to small requests find room in it.
const usualRoom = 4096

var scratches = sync.Pool{New: func() any { return &scratch{room: make([]byte, usualRoom)} }}

// how says what is to become of the response.
func (r *request) how() C.int32_t {
	var how C.int32_t
	if r.makes() {
		how |= C.CRUX_GO_MAKES
	}
	if r.keeps {
		how |= C.CRUX_GO_KEEPS
	}
	return how
}

// makes says whether something may come to be of it, or a job begin. Nothing of a stream is awaited: its handle is the
// body's.
func (r *request) makes() bool {
	return r.method != http.MethodGet && r.method != http.MethodHead && !r.streams
}

// take copies what came of a request, which has finished. The handle stays if it is still needed.
func (f *flight) take(r *request) {
	s := f.scratch
	if s == nil {
		s = scratches.Get().(*scratch)
		f.scratch = s
		f.handle = C.crux_go_take(f.handle, r.how(), &s.facts, (*C.char)(unsafe.Pointer(&s.room[0])), C.size_t(len(s.room)))
	}
	if int(s.facts.texts) > len(s.room) {
		s.room = make([]byte, int(s.facts.texts))
		f.handle = C.crux_go_take(f.handle, r.how(), &s.facts, (*C.char)(unsafe.Pointer(&s.room[0])), C.size_t(len(s.room)))
	}
}

// outcome makes a response or an error of what take has copied.
func (c *Client) outcome(ctx context.Context, r *request, f *flight) (*Response, error) {
	s := f.scratch
	s.texts, s.at = string(s.room[:s.facts.texts]), 0
	response := &Response{
		Status:   int(s.facts.status),
		URL:      s.next(),
		Location: s.next(),
		Warning:  s.next(),
		jobURL:   s.next(),
		Result:   s.next(),
		Attempts: max(int(s.facts.attempts), 0),
		Elapsed:  time.Duration(max(s.facts.elapsed_ms, 0)) * time.Millisecond,
		client:   c,
	}
	var failed *Error
	if s.facts.code != C.CRUX_OK {
		failed = s.failure()
	}
	response.Header = s.header()
	response.Body = s.body()
	s.texts = ""
	if response.jobURL != "" || (failed == nil && r.makes()) {
		response.keep(f)
	}
	if failed == nil {
		return response, nil
	}
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

// next returns the text that comes next in the room. All are parts of one string.
func (s *scratch) next() string {
	from := s.at + 4
	s.at = from + int(binary.NativeEndian.Uint32(s.room[s.at:]))
	return s.texts[from:s.at]
}

func (s *scratch) header() http.Header {
	count := int(s.facts.headers)
	header, values := make(http.Header, count), make([]string, count)
	for i := range values {
		name := textproto.CanonicalMIMEHeaderKey(s.next())
		values[i] = s.next()
		if earlier := header[name]; earlier != nil {
			header[name] = append(earlier, values[i])
		} else {
			header[name] = values[i : i+1 : i+1]
		}
	}
	return header
}

func (s *scratch) body() []byte {
	length := int(s.facts.body_length)
	if s.facts.body != nil {
		return bytes.Clone(unsafe.Slice((*byte)(unsafe.Pointer(s.facts.body)), length))
	}
	return bytes.Clone(s.room[s.at : s.at+length])
}

func (s *scratch) failure() *Error {
	facts := &s.facts
	return &Error{
		Code:          Code(facts.code),
		Status:        int(facts.status),
		Message:       s.next(),
		ServerMessage: s.next(),
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
