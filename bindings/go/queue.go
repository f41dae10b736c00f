package crux

// #include "shim.h"
import "C"

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// queue is what a client has started. The library works on it with threads of its own; one goroutine, which the
// netpoller wakes, takes what has finished. All but taken is guarded by the core.
type queue struct {
	starting int
	pending  map[*C.crux_response]*flight // nil of one that has finished before it was known here
	event    *os.File                     // readable while there is a finished one
	taken    [64]*C.crux_response         // of the pump alone
}

// start starts a call. That may send it, so no lock is held meanwhile.
func (c *core) start(call *C.crux_call, source *source) (*flight, error) {
	if err := c.beginStart(); err != nil {
		return nil, err
	}
	f := &flight{handle: C.crux_call_start(call), source: source, done: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue.starting--
	if _, finished := c.queue.pending[f.handle]; finished {
		delete(c.queue.pending, f.handle)
		close(f.done)
	} else {
		c.queue.pending[f.handle] = f
	}
	if c.closed {
		f.end()
		c.queue.wake()
	}
	return f, nil
}

func (c *core) beginStart() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed
	}
	if err := c.pump(); err != nil {
		return err
	}
	c.queue.starting++
	return nil
}

// pump starts what takes the finished ones, once.
func (c *core) pump() error {
	if c.queue.event != nil {
		return nil
	}
	event, raw, err := eventOf(unsafe.Pointer(c.handle))
	if err != nil {
		return err
	}
	c.queue.event = event
	c.users++
	go func() {
		defer c.leave()
		defer event.Close()
		for !c.isOver() {
			// Ends early when the deadline is reached that wake sets.
			_ = raw.Read(func(uintptr) bool {
				c.take()
				return c.isOver()
			})
			_ = event.SetReadDeadline(time.Time{})
		}
	}()
	return nil
}

// wake lets the pump see that the client is closed.
func (q *queue) wake() {
	if q.event != nil {
		_ = q.event.SetReadDeadline(time.Unix(1, 0))
	}
}

// isOver says whether nothing will finish any more.
func (c *core) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed && c.queue.starting == 0 && len(c.queue.pending) == 0
}

// take hands the finished ones to those who wait for them. Hooks run in it, so it holds no lock meanwhile.
func (c *core) take() {
	taken := c.queue.taken[:]
	for full := true; full; {
		count := int(C.crux_go_finished(c.handle, &taken[0], C.int32_t(len(taken))))
		c.mu.Lock()
		for _, handle := range taken[:count] {
			if f := c.queue.pending[handle]; f != nil {
				delete(c.queue.pending, handle)
				close(f.done)
			} else {
				c.queue.pending[handle] = nil
			}
		}
		c.mu.Unlock()
		full = count == len(taken)
	}
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
