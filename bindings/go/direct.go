package crux

// #include "shim.h"
import "C"

import (
	"context"
	"runtime"
	"time"
	"unsafe"
)

// direct is what of a client waits on threads of Go. All is guarded by the core.
type direct struct {
	calls  map[*C.crux_call]*watch // nil for a context that is never over
	watch  *watch                  // of the context that came last
	rested time.Time               // when one of them last went through the scheduler
	small  int                     // small requests under way, those of the queue included
}

// watch ends the calls of one context once that is over. It stays for the next calls of the same context, until one of
// another comes, which costs less than a watch for each.
type watch struct {
	done  <-chan struct{}
	users int
	stop  func() bool
}

// goesDirect says whether a small request waits on its own thread: one that is alone. It costs half of what one of the queue
// costs then; of several, each would make Go's scheduler find another thread.
func (c *core) goesDirect(ctx context.Context, call *C.crux_call) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.direct.small++
	if c.closed || c.direct.small > 1 {
		return false
	}
	w := c.watch(ctx)
	if w != nil {
		w.users++
	}
	c.direct.calls[call] = w
	return true
}

func (c *core) endSmall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.direct.small--
}

// sendDirect waits on its own thread.
func (c *core) sendDirect(r *request, call *C.crux_call) *flight {
	s := scratches.Get().(*scratch)
	handle := C.crux_go_send(call, r.how(), &s.facts, (*C.char)(unsafe.Pointer(&s.room[0])), C.size_t(len(s.room)))
	if c.endDirect(call) {
		runtime.Gosched()
	}
	return &flight{handle: handle, scratch: s}
}

// A goroutine that goes from one call of C to the next for 10 ms without the scheduler is taken for a busy one: Go's
// monitor then wakes up every 20 µs and takes the processor from each call, which costs more than the request.
const restEvery = 5 * time.Millisecond

// endDirect gives the place back, and says whether it is time for the scheduler.
func (c *core) endDirect(call *C.crux_call) bool {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.direct.calls[call]; w != nil {
		w.users--
		if w.users == 0 && w != c.direct.watch {
			w.stop()
		}
	}
	delete(c.direct.calls, call)
	rests := now.Sub(c.direct.rested) > restEvery
	if rests {
		c.direct.rested = now
	}
	return rests
}

// watch returns the watch of a context.
func (c *core) watch(ctx context.Context) *watch {
	done := ctx.Done()
	if done == nil {
		return nil
	}
	if w := c.direct.watch; w != nil && w.done == done {
		return w
	}
	w := &watch{done: done}
	w.stop = context.AfterFunc(ctx, func() { c.end(w) })
	c.direct.replace(w)
	return w
}

// replace lets go of the watch that is there, if no call needs it any more.
func (d *direct) replace(w *watch) {
	if old := d.watch; old != nil && old.users == 0 {
		old.stop()
	}
	d.watch = w
}

// end ends the calls of a context that is over.
func (c *core) end(w *watch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for call, its := range c.direct.calls {
		if its == w {
			C.crux_cancel(unsafe.Pointer(call))
		}
	}
	if c.direct.watch == w {
		c.direct.replace(nil)
	}
}
