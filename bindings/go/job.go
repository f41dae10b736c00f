package crux

// #include "shim.h"
import "C"

import (
	"context"
	"runtime"
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

// Wait waits until the job that a response has started has ended, however long that takes, and returns its last
// response, whose Location is the result. Bad gateways, lost connections and expired tokens in between are survived. A
// job that failed is [ErrJob]. An ended context ends the waiting, not the job: the Response of that error can be
// waited for again. [JobProgress] and [JobTimeout] apply. Where no job was started, the response comes back. No thread
// waits meanwhile. Since 0.2.
func (c *Client) Wait(ctx context.Context, accepted *Response, options ...CallOption) (*Response, error) {
	if ctx == nil {
		return nil, refused("The context is nil.")
	}
	if accepted == nil || accepted.client == nil {
		return nil, refused("The response is nil, or no call has returned it; it has started no job.")
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
	r.lasts = true
	r.make = func(client *C.crux_client) (*C.crux_call, error) {
		defer runtime.KeepAlive(accepted)
		return C.crux_call_await(client, accepted.job.handle), nil
	}
	return c.do(ctx, r)
}
