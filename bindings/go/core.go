package crux

// #include "shim.h"
import "C"

import (
	"context"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// core is what a client and its calls share: the handle, and the queue of what is under way. A request is started on a
// thread of the library; one goroutine, which the netpoller wakes, takes those that have finished. So no thread of Go
// waits, however many requests there are.
type core struct {
	log *lines

	// life keeps the handle alive while it is used.
	life   sync.RWMutex
	handle *C.crux_client

	mu       sync.Mutex // guards what follows
	closed   bool
	pending  map[*C.crux_response]*flight
	awaited  map[*Response]int    // under crux_await
	event    *os.File             // readable while there is a finished one
	pumped   chan struct{}        // closed when the pump has ended
	finished [16]*C.crux_response // of the pump alone
	once     sync.Once
}

// flight is a request under way.
type flight struct {
	handle *C.crux_response
	source *source
	done   chan struct{}
}

// end asks the library to end it; that takes at most 200 ms. The handle must not be freed meanwhile.
func (f *flight) end() {
	if f.source != nil {
		f.source.stop()
	}
	C.crux_cancel(unsafe.Pointer(f.handle))
}

// free ends what is left of it.
func (f *flight) free() {
	if f.source != nil {
		f.source.stop()
	}
	C.crux_free(unsafe.Pointer(f.handle))
}

// use runs work with the handle of the client, which lives meanwhile.
func (c *core) use(work func(client *C.crux_client) error) error {
	c.life.RLock()
	defer c.life.RUnlock()
	if c.isClosed() {
		return errClosed
	}
	return work(c.handle)
}

func (c *core) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// start starts what a request describes.
func (c *core) start(r *request) (*flight, error) {
	var f *flight
	err := c.use(func(client *C.crux_client) error {
		call, source, err := r.call(client)
		if err != nil {
			return err
		}
		defer C.crux_free(unsafe.Pointer(call))
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.closed {
			return errClosed
		}
		if err := c.pump(); err != nil {
			return err
		}
		f = &flight{handle: C.crux_call_start(call), source: source, done: make(chan struct{})}
		c.pending[f.handle] = f
		return nil
	})
	return f, err
}

// send starts a request and waits until it has finished, or its context is over. The caller frees it.
func (c *core) send(ctx context.Context, r *request) (*flight, error) {
	if ctx == nil {
		return nil, refused("The context is nil.")
	}
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	f, err := c.start(r)
	if err != nil {
		return nil, err
	}
	whole := false
	defer func() {
		if !whole { // A callback has panicked.
			f.end()
			<-f.done
			f.free()
		}
	}()
	f.wait(ctx, r)
	if r.watched() && C.crux_code(unsafe.Pointer(f.handle)) == C.CRUX_OK {
		r.tell(f.handle)
	}
	if f.source != nil {
		f.source.stop()
		if f.source.failure() != nil && f.source.panicked != nil {
			panic(f.source.panicked)
		}
	}
	whole = true
	return f, nil
}

// How often progress is told.
const tellEvery = 100 * time.Millisecond

func (f *flight) wait(ctx context.Context, r *request) {
	over := ctx.Done()
	var tick <-chan time.Time
	if r.watched() {
		ticker := time.NewTicker(tellEvery)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-f.done:
			return
		case <-over:
			f.end()
			over = nil
		case <-tick:
			r.tell(f.handle)
		}
	}
}

// pump starts what takes the finished ones, once.
func (c *core) pump() error {
	if c.event != nil {
		return nil
	}
	event, raw, err := eventOf(unsafe.Pointer(c.handle))
	if err != nil {
		return err
	}
	c.event, c.pumped = event, make(chan struct{})
	go func() {
		defer close(c.pumped)
		for !c.isOver() {
			// Ends early when the deadline is reached that close sets.
			_ = raw.Read(func(uintptr) bool {
				c.take()
				return c.isOver()
			})
			_ = event.SetReadDeadline(time.Time{})
		}
	}()
	return nil
}

// isOver says whether nothing will finish any more.
func (c *core) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed && len(c.pending) == 0
}

// take hands the finished ones to those who wait for them. Hooks run in it, so it holds no lock meanwhile.
func (c *core) take() {
	for full := true; full; {
		count := int(C.crux_go_finished(c.handle, &c.finished[0], C.int32_t(len(c.finished))))
		c.mu.Lock()
		for _, handle := range c.finished[:count] {
			if f := c.pending[handle]; f != nil {
				delete(c.pending, handle)
				close(f.done)
			}
		}
		c.mu.Unlock()
		full = count == len(c.finished)
	}
}

// close ends what is under way, waits until it has ended, and frees the handle.
func (c *core) close() {
	c.once.Do(func() {
		c.mu.Lock()
		c.closed = true
		for _, f := range c.pending {
			f.end()
		}
		c.mu.Unlock()
		// Whoever is making a call finds the client closed.
		c.life.Lock()
		defer c.life.Unlock()
		if c.event != nil {
			_ = c.event.SetReadDeadline(time.Unix(1, 0))
			<-c.pumped
			_ = c.event.Close()
		}
		c.endAwaits()
		C.crux_free(unsafe.Pointer(c.handle))
		c.handle = nil
	})
	c.log.flush(context.Background())
}

// eventOf makes the event of an object something that the netpoller waits for.
func eventOf(object unsafe.Pointer) (*os.File, syscall.RawConn, error) {
	failed := &Error{Code: ErrInternal, Message: "The system has no descriptor left to wait with; close some files."}
	descriptor := C.crux_go_event(object)
	if descriptor < 0 {
		return nil, nil, failed
	}
	file := os.NewFile(uintptr(descriptor), "crux event")
	raw, err := file.SyscallConn()
	if err == nil {
		// Only what the netpoller waits for has deadlines.
		err = file.SetReadDeadline(time.Time{})
	}
	if err != nil {
		_ = file.Close()
		failed.causes = []error{err}
		return nil, nil, failed
	}
	return file, raw, nil
}
