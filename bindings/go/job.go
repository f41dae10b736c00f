package crux

// #include "shim.h"
import "C"

import (
	"context"
	"runtime"
	"time"
	"unsafe"
)

// job is the handle of a response that may have started one. It ends with the response or with the client, since it
// keeps what that has open.
type job struct {
	core   *core
	handle *C.crux_response
}

// keep holds the handle for Wait; the flight no longer frees it.
func (r *Response) keep(f *flight) {
	c := r.client.core
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	r.job = &job{c, f.handle}
	f.handle = nil
	c.jobs[r.job] = struct{}{}
	runtime.AddCleanup(r, (*job).free, r.job)
}

// free ends the handle, unless the client has.
func (j *job) free() {
	j.core.mu.Lock()
	defer j.core.mu.Unlock()
	if _, held := j.core.jobs[j]; held {
		delete(j.core.jobs, j)
		C.crux_free(unsafe.Pointer(j.handle))
	}
}

// cancel ends all waiting for the job.
func (r *Response) cancel() { C.crux_cancel(unsafe.Pointer(r.job.handle)) }

// Wait waits until the job that a response has started has ended, however long that takes, and returns its last
// response, whose Location is the result. Bad gateways, lost connections and expired tokens in between are survived. A
// job that failed is [ErrJob]. An ended context ends the waiting, not the job: the Response of that error can be
// waited for again. [JobProgress] and [JobTimeout] apply. Where no job was started, the response comes back. One
// thread waits meanwhile; the option [Wait] of the call that starts the job needs none. Since 0.2.
func (c *Client) Wait(ctx context.Context, accepted *Response, options ...CallOption) (*Response, error) {
	if ctx == nil {
		return nil, refused("The context is nil.")
	}
	if accepted == nil {
		return nil, refused("The response is nil.")
	}
	r, err := newRequest("POST", "", options)
	if err != nil {
		return nil, err
	}
	if accepted.job == nil {
		// What was read may itself be the progress of a job; it is read again.
		r.method, r.path, r.settings = "GET", accepted.URL, append(r.settings, setting{"await", "1"})
		r.lasts = true
		return c.do(ctx, r)
	}
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	defer runtime.KeepAlive(c)
	defer runtime.KeepAlive(accepted)
	f, err := c.core.await(ctx, accepted)
	if err != nil {
		return nil, err
	}
	c.core.waitForJob(ctx, r, accepted, f)
	defer f.free()
	if r.watched() {
		r.tell(f.handle)
	}
	response, err := c.outcome(ctx, r, f)
	c.core.log.flush(ctx)
	return response, err
}

// await runs crux_await on a thread; the flight has its handle when it is done.
func (c *core) await(ctx context.Context, accepted *Response) (*flight, error) {
	f := &flight{done: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	c.users++
	c.awaited[accepted]++
	go func() {
		defer c.leave()
		defer close(f.done)
		f.handle = C.crux_await(c.handle, accepted.job.handle, -1)
		// Somebody else who waits for the same job may have ended this as well.
		for C.crux_code(unsafe.Pointer(f.handle)) == C.CRUX_ERR_CANCELLED && ctx.Err() == nil && !c.isClosed() {
			C.crux_free(unsafe.Pointer(f.handle))
			f.handle = C.crux_await(c.handle, accepted.job.handle, -1)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.awaited[accepted]--; c.awaited[accepted] == 0 {
			delete(c.awaited, accepted)
		}
	}()
	return f, nil
}

// How often a wait is cancelled until it has ended: a cancel that comes before the wait has begun is lost.
const cancelEvery = 10 * time.Millisecond

// waitForJob tells the progress, and ends the waiting when the context is over or a callback panics.
func (c *core) waitForJob(ctx context.Context, r *request, accepted *Response, f *flight) {
	ticker := time.NewTicker(tellEvery)
	defer ticker.Stop()
	defer func() {
		for over := false; !over; {
			accepted.cancelUnless(f.done)
			select {
			case <-f.done:
				over = true
			case <-time.After(cancelEvery):
			}
		}
	}()
	for {
		select {
		case <-f.done:
			return
		case <-ctx.Done():
			return
		case <-ticker.C:
			if c.isClosed() {
				return
			}
			if r.watched() {
				r.tell(accepted.job.handle)
			}
		}
	}
}

// cancelUnless ends all waiting for the job, unless that is over.
func (r *Response) cancelUnless(done chan struct{}) {
	select {
	case <-done:
	default:
		r.cancel()
	}
}
