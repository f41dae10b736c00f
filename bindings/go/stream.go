package crux

// #include "shim.h"
import "C"

import (
	"context"
	"io"
	"os"
	"runtime"
	"sync"
	"syscall"
	"unsafe"
)

// Stream is a response whose body is read piece by piece, as an [io.ReadCloser]. Close it when you have had enough.
// It stays good when its client is closed. One goroutine reads; any may close. Since 0.2.
type Stream struct {
	// Response is the head; it has no body.
	*Response
	body *streamBody
}

// streamBody is what the cleanup of a Stream ends.
type streamBody struct {
	ctx     context.Context
	core    *core
	unwatch func() bool

	reading sync.Mutex // held by whoever reads, and by whoever frees
	mu      sync.Mutex // keeps the handle alive while it is cancelled
	handle  *C.crux_response
	event   *os.File // made when nothing is there yet
	raw     syscall.RawConn
	end     error // what every further Read returns
}

// Stream sends a request and waits for the head of the response; the body is then read from the result, in as little
// memory as you like. A GET, unless [Method] says otherwise. When ctx is over, the next Read fails, also one that
// waits. Since 0.2.
func (c *Client) Stream(ctx context.Context, path string, options ...CallOption) (*Stream, error) {
	r, err := newRequest("GET", path, options)
	if err != nil {
		return nil, err
	}
	return c.stream(ctx, r)
}

func (c *Client) stream(ctx context.Context, r *request) (*Stream, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(c)
	r.lasts, r.streams, r.keeps = true, true, true
	r.settings = append(r.settings, setting{"stream", "1"})
	f, err := c.core.send(ctx, r)
	if err != nil {
		if ctx != nil {
			c.core.log.flush(ctx)
		}
		return nil, err
	}
	defer f.free()
	head, err := c.outcome(ctx, r, f)
	c.core.log.flush(ctx)
	if err != nil {
		return nil, err
	}
	b := &streamBody{ctx: ctx, core: c.core, handle: f.handle}
	f.handle = nil
	b.unwatch = context.AfterFunc(ctx, b.cancel)
	s := &Stream{Response: head, body: b}
	runtime.AddCleanup(s, (*streamBody).close, b)
	return s, nil
}

// Read waits for the next bytes. The end of a complete body is [io.EOF]; a body that was cut is an [*Error].
func (s *Stream) Read(buffer []byte) (int, error) {
	defer runtime.KeepAlive(s)
	return s.body.read(buffer)
}

// Close ends the request, if it is not over. The error is always nil.
func (s *Stream) Close() error {
	s.body.close()
	return nil
}

func (b *streamBody) read(buffer []byte) (int, error) {
	b.reading.Lock()
	defer b.reading.Unlock()
	if b.end != nil || len(buffer) == 0 {
		return 0, b.end
	}
	amount := b.take(buffer)
	if amount == nothingYet {
		if amount = b.await(buffer); amount == nothingYet {
			b.end = errClosed
			return 0, b.end
		}
	}
	if amount > 0 {
		return amount, nil
	}
	b.end = io.EOF
	if amount < 0 {
		b.end = b.failure()
	}
	b.core.log.flush(b.ctx)
	b.unwatch()
	return 0, b.end
}

const nothingYet = -2

// take reads what is there.
func (b *streamBody) take(buffer []byte) int {
	return int(C.crux_read(b.handle, unsafe.Pointer(&buffer[0]), C.size_t(len(buffer))))
}

// await reads once there is something, and keeps no thread meanwhile.
func (b *streamBody) await(buffer []byte) (amount int) {
	amount = nothingYet
	if b.event == nil {
		var err error
		if b.event, b.raw, err = eventOf(unsafe.Pointer(b.handle)); err != nil {
			// Without a descriptor a thread waits.
			for amount == nothingYet {
				C.crux_wait(unsafe.Pointer(b.handle), -1)
				amount = b.take(buffer)
			}
			return amount
		}
	}
	_ = b.raw.Read(func(uintptr) bool {
		amount = b.take(buffer)
		return amount != nothingYet
	})
	return amount
}

func (b *streamBody) failure() error {
	failed := errorOf(unsafe.Pointer(b.handle)).(*Error)
	failed.Status = int(C.crux_status(unsafe.Pointer(b.handle)))
	if failed.Code == ErrCancelled {
		failed.blame(b.ctx)
	}
	return failed
}

// cancel lets a Read that waits return.
func (b *streamBody) cancel() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.handle != nil {
		C.crux_cancel(unsafe.Pointer(b.handle))
	}
}

func (b *streamBody) close() {
	b.unwatch()
	b.cancel()
	b.reading.Lock()
	defer b.reading.Unlock()
	if b.handle == nil {
		return
	}
	if b.event != nil {
		_ = b.event.Close()
	}
	if b.end == nil || b.end == io.EOF {
		b.end = &Error{Code: ErrArgument, Message: "The stream is closed.", causes: []error{os.ErrClosed}}
	}
	b.mu.Lock()
	C.crux_free(unsafe.Pointer(b.handle))
	b.handle = nil
	b.mu.Unlock()
	b.core.log.flush(b.ctx)
}
