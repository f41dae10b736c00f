package crux

// #include "shim.h"
import "C"

import (
	"context"
	"sync"
	"time"
	"unsafe"
)

// core is what a client and its calls share. The last that uses it after it was closed frees the handle.
type core struct {
	log    *lines
	tokens *tokens
	handle *C.crux_client
	queue  queue

	mu     sync.Mutex // guards what follows, and the members of queue that say so
	closed bool
	users  int
	direct direct
	jobs   map[*job]struct{} // that responses hold
	gone   chan struct{}     // closed when the handle is freed
}

func newCore(handle *C.crux_client, log *lines, tokens *tokens) *core {
	return &core{
		log: log, tokens: tokens, handle: handle, gone: make(chan struct{}),
		queue:  queue{pending: map[*C.crux_response]*flight{}},
		direct: direct{calls: map[*C.crux_call]*watch{}}, jobs: map[*job]struct{}{},
	}
}

// enter keeps the handle alive until leave.
func (c *core) enter() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errClosed
	}
	c.users++
	return nil
}

func (c *core) leave() {
	c.mu.Lock()
	c.users--
	last := c.closed && c.users == 0
	c.mu.Unlock()
	if last {
		c.free()
	}
}

func (c *core) free() {
	c.mu.Lock()
	for job := range c.jobs {
		C.crux_free(unsafe.Pointer(job.handle))
	}
	clear(c.jobs)
	c.mu.Unlock()
	C.crux_free(unsafe.Pointer(c.handle))
	close(c.gone)
}

// use runs work that does not wait with the handle of the client.
func (c *core) use(work func(client *C.crux_client)) error {
	if err := c.enter(); err != nil {
		return err
	}
	defer c.leave()
	work(c.handle)
	return nil
}

func (c *core) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// How long Close waits for what it ends. Whatever takes longer, such as a hook that itself closes the client, is let
// go of, and the handle is freed after it.
const patience = 300 * time.Millisecond

// close ends what is under way.
func (c *core) close() {
	c.mu.Lock()
	first := !c.closed
	c.closed = true
	if first {
		for _, f := range c.queue.pending {
			if f != nil {
				f.end()
			}
		}
		for call := range c.direct.calls {
			C.crux_cancel(unsafe.Pointer(call))
		}
		c.direct.replace(nil)
		c.queue.wake()
	}
	last := first && c.users == 0
	c.mu.Unlock()
	if last {
		c.free()
	}
	select {
	case <-c.gone:
	default:
		limit := time.NewTimer(patience)
		defer limit.Stop()
		select {
		case <-c.gone:
		case <-limit.C:
		}
	}
	c.log.flush(context.Background())
}

// flight is a request under way, or one that is over and not yet freed.
type flight struct {
	handle  *C.crux_response // nil once it is no longer needed
	scratch *scratch         // what came of it
	source  *source
	done    chan struct{}
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
	if f.handle != nil {
		C.crux_free(unsafe.Pointer(f.handle))
	}
	if f.scratch != nil {
		scratches.Put(f.scratch)
	}
}

// send sends a request, waits until it has finished, or its context is over, and copies what came of it. The caller
// frees it.
func (c *core) send(ctx context.Context, r *request) (*flight, error) {
	f, err := c.run(ctx, r)
	if err == nil {
		f.take(r)
	}
	return f, err
}

func (c *core) run(ctx context.Context, r *request) (*flight, error) {
	if ctx == nil {
		return nil, refused("The context is nil.")
	}
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	call, source, err := r.call(c.handle)
	if err != nil {
		return nil, err
	}
	defer C.crux_free(unsafe.Pointer(call))
	if source == nil && !r.watched() && !r.lasts {
		defer c.endSmall()
		if c.goesDirect(ctx, call) {
			return c.sendDirect(r, call), nil
		}
	}
	return c.sendQueued(ctx, r, call, source)
}

// sendQueued starts the call and waits for the queue.
func (c *core) sendQueued(ctx context.Context, r *request, call *C.crux_call, source *source) (*flight, error) {
	f, err := c.start(call, source)
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
	if source != nil {
		source.stop()
		if source.failure() != nil && source.panicked != nil {
			panic(source.panicked)
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
