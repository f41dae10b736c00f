package crux

import (
	"context"
	"errors"
	"os"
	"time"
)

// Code is the kind of a failure, itself an error: errors.Is(err, crux.ErrHTTP). Since 0.2.
type Code int32

// Error returns what the code means, in a sentence.
func (c Code) Error() string {
	if known, ok := codes[c]; ok {
		return known.text
	}
	return "A failure of a kind that this package does not know."
}

// String returns the word for the code, such as "too_large".
func (c Code) String() string {
	if known, ok := codes[c]; ok {
		return known.word
	}
	return "unknown"
}

// Error is what every function of this package fails with, other than what a reader, a callback or the JSON package
// of the program says itself. errors.Is finds its Code, and where it fits
//   - context.Canceled, context.DeadlineExceeded and the cause of the context, if that has ended the call;
//   - os.ErrDeadlineExceeded, if a limit such as [TimeoutTotal] has;
//   - the error of the file system, if a file is to blame;
//   - os.ErrClosed, if the client was closed.
//
// Since 0.2.
type Error struct {
	// Code is the kind of the failure.
	Code Code
	// Status is the HTTP status; 0 if there was no response.
	Status int
	// Message says in one sentence what failed, without secrets.
	Message string
	// ServerMessage is what the server says about it; "" if nothing.
	ServerMessage string
	// Retryable: the same request may succeed later.
	Retryable bool
	// MaybeSent: the request may have reached the server.
	MaybeSent bool
	// RetryAfter is how long the server asks to wait; 0 if it does not.
	RetryAfter time.Duration
	// Response is the response, with its body; nil if there was none.
	Response *Response

	causes []error
}

// Error returns the message.
func (e *Error) Error() string { return "crux: " + e.Message }

// Unwrap returns the code and the causes, for errors.Is and errors.As.
func (e *Error) Unwrap() []error { return append([]error{e.Code}, e.causes...) }

// Timeout reports whether a time limit or the deadline of a context was reached, as net.Error does.
func (e *Error) Timeout() bool { return e.Code == ErrTimeout }

// errClosed is what a closed client says.
var errClosed = &Error{
	Code: ErrArgument, Message: "The client is closed; log in again.", causes: []error{os.ErrClosed},
}

// ended is the error of a call whose context is over before it was sent.
func ended(ctx context.Context) error {
	e := &Error{Code: ErrCancelled, Message: "The call was ended before it was sent."}
	e.blame(ctx)
	return e
}

// blame adds why the context is over, if it is. A deadline is a time limit.
func (e *Error) blame(ctx context.Context) {
	why := ctx.Err()
	if why == nil {
		return
	}
	if errors.Is(why, context.DeadlineExceeded) {
		e.Code = ErrTimeout
		e.Message = "The deadline of the context was reached."
	}
	e.causes = append(e.causes, why)
	if cause := context.Cause(ctx); cause != why {
		e.causes = append(e.causes, cause)
	}
}
