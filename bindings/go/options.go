package crux

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"time"
)

// LoginOption is an option of [Login] and its kin. Since 0.2.
type LoginOption interface{ applyLogin(*config) error }

// CallOption is an option of a single call. Since 0.2.
type CallOption interface{ applyCall(*request) error }

// Option is an option of a client, or of a single call. Since 0.2.
type Option interface {
	LoginOption
	CallOption
}

// setting is one of the library's options as text.
type setting struct{ key, value string }

func (s setting) applyLogin(c *config) error { c.settings = append(c.settings, s); return nil }
func (s setting) applyCall(r *request) error { r.settings = append(r.settings, s); return nil }

// String hides what must not be shown.
func (s setting) String() string {
	if secretOptions[s.key] {
		return s.key + "=[secret]"
	}
	return s.key + "=" + s.value
}

// GoString is String, for %#v.
func (s setting) GoString() string { return s.String() }

// Set is any option of the library by its key, such as "timeout.total_ms" or "timeout_total_ms". The value is a
// string, bool, integer or [time.Duration]. Whether there is such an option, and whether a single call may have it, is
// known when it is used. Since 0.2.
func Set(key string, value any) Option {
	if known, ok := optionKeys[key]; ok {
		key = known
	}
	if key == "stream" {
		// Of a call that the queue takes, the body would stay unread.
		return badOption{refused("The option %q is no option here: Client.Stream reads a body piece by piece.", key)}
	}
	switch value := value.(type) {
	case string:
		return setting{key, value}
	case bool:
		return setting{key, flagText(value)}
	case time.Duration:
		return setting{key, millisText(value)}
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return setting{key, fmt.Sprint(value)}
	default:
		return badOption{refused("The option %q cannot be of type %T; it is a string, a bool, an integer or a "+
			"time.Duration.", key, value)}
	}
}

type badOption struct{ err error }

func (b badOption) applyLogin(*config) error { return b.err }
func (b badOption) applyCall(*request) error { return b.err }

type callOption func(*request) error

func (f callOption) applyCall(r *request) error { return f(r) }

// Query adds a pair to the query, percent-encoded. Since 0.2.
func Query(name, value string) CallOption {
	return callOption(func(r *request) error { r.query = append(r.query, pair{name, value}); return nil })
}

// Fill says what {name} in the path stands for; it stays one segment, percent-encoded. Since 0.2.
func Fill(name, value string) CallOption {
	return callOption(func(r *request) error { r.fills = append(r.fills, pair{name, value}); return nil })
}

// Header adds a header. Those that the library sets itself (Authorization, Host, Content-Length and their like) are
// an error. Since 0.2.
func Header(name, value string) CallOption {
	return callOption(func(r *request) error { r.headers = append(r.headers, pair{name, value}); return nil })
}

// Method is the method of a call that is a GET otherwise: of [Client.Pages], [Client.Items] and [Client.Stream].
// Since 0.2.
func Method(method string) CallOption {
	return callOption(func(r *request) error { r.method = method; return nil })
}

// JSON sends a value as encoding/json writes it; a [json.RawMessage] goes as it is. Text that is not UTF-8 is an
// error, not a replacement character. Since 0.2.
func JSON(value any) CallOption {
	return callOption(func(r *request) error {
		raw, ok := value.(json.RawMessage)
		if !ok {
			var err error
			if raw, err = marshal(value); err != nil {
				return err
			}
		}
		return r.give(&body{from: "JSON", bytes: raw, isJSON: true})
	})
}

// Bytes sends bytes, as application/octet-stream unless [ContentType] says otherwise. Since 0.2.
func Bytes(data []byte) CallOption {
	return callOption(func(r *request) error { return r.give(&body{from: "Bytes", bytes: data}) })
}

// Body sends what a reader gives, without reading it into memory. Such a body is sent once: not again after a lost
// connection or an expired token; but what a *bytes.Reader, *bytes.Buffer or *strings.Reader holds can be. The length
// is that of those, of a regular file, or what [ContentLength] says; else the body goes in chunks. If the context ends
// while Read blocks, the call ends all the same, and that Read is left to itself. Since 0.2.
func Body(reader io.Reader) CallOption {
	return callOption(func(r *request) error {
		body, err := bodyOf(reader)
		if err != nil {
			return err
		}
		return r.give(body)
	})
}

// Form sends values as application/x-www-form-urlencoded. Since 0.2.
func Form(values url.Values) CallOption {
	return callOption(func(r *request) error {
		if r.contentType == "" {
			r.contentType = "application/x-www-form-urlencoded"
		}
		return r.give(&body{from: "Form", bytes: []byte(values.Encode())})
	})
}

// ContentType is the media type of a body, or of the file of an upload. Since 0.2.
func ContentType(media string) CallOption {
	return callOption(func(r *request) error { r.contentType = media; return nil })
}

// ContentLength is how many bytes the reader of a [Body] will give. Bytes that are in memory are counted: another
// number is [ErrArgument]. Since 0.2.
func ContentLength(bytes int64) CallOption {
	return callOption(func(r *request) error { r.contentLength = &bytes; return nil })
}

// Field is the name of the form's field that holds the file of an upload. Since 0.2.
func Field(name string) CallOption {
	return callOption(func(r *request) error { r.field = name; return nil })
}

// FileName is the name under which the server sees the file of an upload. Since 0.2.
func FileName(name string) CallOption {
	return callOption(func(r *request) error { r.fileName = name; return nil })
}

// Wait makes a call that starts a job go on until the job has ended; its response is the job's last. Since 0.2.
func Wait() CallOption { return lasting{"await", "1"} }

// Save writes the body of the response to a file, as [Client.Download] does; with [Wait], the result of the job.
// Since 0.2.
func Save(file string) CallOption { return lasting{"save", file} }

// lasting is a setting that makes a call take longer than a request.
type lasting setting

func (l lasting) applyCall(r *request) error {
	r.lasts = true
	return setting(l).applyCall(r)
}

// Progress is told how many bytes of how many have been moved (total is -1 if it is not known): of the body that is
// sent, if there is one, else of the one that is received. It is called about ten times a second and at the end, on
// the goroutine of the call; if it panics, the call is ended and the panic goes on. Since 0.2.
func Progress(tell func(done, total int64)) CallOption {
	return callOption(func(r *request) error { r.progress = tell; return nil })
}

// JobProgress is told how far a job is that is waited for, in percent; otherwise it is like [Progress]. Since 0.2.
func JobProgress(tell func(percent int)) CallOption {
	return callOption(func(r *request) error { r.jobProgress = tell; return nil })
}
