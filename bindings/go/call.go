package crux

import (
	"context"
	"runtime"
)

// Do sends a request and waits for the whole response. The path lies below the base ("users/"), begins at the root
// ("/api/users/"), or is a whole URL out of a response; only the client's own origin ever gets the token. Statuses
// other than 2xx and 304 are an [*Error]. When ctx is over, the request ends within 200 ms. Since 0.2.
func (c *Client) Do(ctx context.Context, method, path string, options ...CallOption) (*Response, error) {
	r, err := newRequest(method, path, options)
	if err != nil {
		return nil, err
	}
	return c.do(ctx, r)
}

// Get reads what is at a path; see [Client.Do]. Since 0.2.
func (c *Client) Get(ctx context.Context, path string, options ...CallOption) (*Response, error) {
	return c.Do(ctx, "GET", path, options...)
}

// Post sends a POST; see [Client.Do]. It is sent twice only if [Idempotent] allows that. Since 0.2.
func (c *Client) Post(ctx context.Context, path string, options ...CallOption) (*Response, error) {
	return c.Do(ctx, "POST", path, options...)
}

// Put sends a PUT; see [Client.Do]. Since 0.2.
func (c *Client) Put(ctx context.Context, path string, options ...CallOption) (*Response, error) {
	return c.Do(ctx, "PUT", path, options...)
}

// Patch sends a PATCH; see [Client.Do]. It is sent twice only if [Idempotent] allows that. Since 0.2.
func (c *Client) Patch(ctx context.Context, path string, options ...CallOption) (*Response, error) {
	return c.Do(ctx, "PATCH", path, options...)
}

// Delete sends a DELETE; see [Client.Do]. Since 0.2.
func (c *Client) Delete(ctx context.Context, path string, options ...CallOption) (*Response, error) {
	return c.Do(ctx, "DELETE", path, options...)
}

func (c *Client) do(ctx context.Context, r *request) (*Response, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	// Dropped, the client would be closed.
	defer runtime.KeepAlive(c)
	f, err := c.core.send(ctx, r)
	if err == nil {
		defer f.free()
		response, failed := c.outcome(ctx, r, f)
		c.core.log.flush(ctx)
		return response, failed
	}
	if ctx != nil {
		c.core.log.flush(ctx)
	}
	return nil, err
}
