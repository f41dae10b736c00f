package crux

// #include "shim.h"
import "C"

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"runtime"
	"unsafe"
)

// Pages requests a list page by page, in any form the services have: "pagination" objects, totals, offset and limit,
// links. A page that fails is the error of the last turn. Leaving the loop asks for no further page. A GET, unless
// [Method] says otherwise. Since 0.2.
func (c *Client) Pages(ctx context.Context, path string, options ...CallOption) iter.Seq2[*Response, error] {
	return func(yield func(*Response, error) bool) {
		r, err := newRequest("GET", path, options)
		if err != nil {
			yield(nil, err)
			return
		}
		// The call of the page that comes next; nobody else frees it.
		var next *C.crux_call
		defer func() { C.crux_free(unsafe.Pointer(next)) }()
		for {
			page, following, err := c.page(ctx, r)
			next = following
			if !yield(page, err) || next == nil {
				return
			}
			r.make = func(*C.crux_client) (*C.crux_call, error) {
				call := next
				next = nil
				return call, nil
			}
			r.settings, r.query, r.fills, r.headers, r.body = nil, nil, nil, nil, nil
		}
	}
}

// page sends a request and makes the call of the page after it; nil after the last.
func (c *Client) page(ctx context.Context, r *request) (*Response, *C.crux_call, error) {
	if err := c.made(); err != nil {
		return nil, nil, err
	}
	defer runtime.KeepAlive(c)
	r.keeps = true
	f, err := c.core.send(ctx, r)
	if err != nil {
		if ctx != nil {
			c.core.log.flush(ctx)
		}
		return nil, nil, err
	}
	defer f.free()
	var next *C.crux_call
	if f.scratch.facts.code == C.CRUX_OK {
		// Of a client that was closed meanwhile there is no next page; that it is closed, the next call would say.
		_ = c.core.use(func(client *C.crux_client) { next = C.crux_call_next(client, f.handle) })
	}
	page, err := c.outcome(ctx, r, f)
	c.core.log.flush(ctx)
	return page, next, err
}

// Items gives the members of all pages, one after another, each as its JSON. See [Response.Items] and [Client.Pages].
// Since 0.2.
func (c *Client) Items(ctx context.Context, path string, options ...CallOption) iter.Seq2[json.RawMessage, error] {
	return ItemsOf[json.RawMessage](ctx, c, path, options...)
}

// ItemsOf gives the members of all pages of a list, one after another, read into a type. Since 0.2.
func ItemsOf[T any](ctx context.Context, c *Client, path string, options ...CallOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for page, err := range c.Pages(ctx, path, options...) {
			var items []json.RawMessage
			if err == nil {
				items, err = page.Items()
			}
			if err != nil {
				yield(none, err)
				return
			}
			for _, raw := range items {
				var item T
				if err := json.Unmarshal(raw, &item); err != nil {
					message := "A member of the list cannot be read: " + err.Error() + "."
					yield(none, &Error{
						Code: ErrProtocol, Status: page.Status, Message: message, Response: page, causes: []error{err},
					})
					return
				}
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// Items returns the members of a page: those of the array that the body is, of its "index", "value" or "graph", or of
// the first array in it. Since 0.2.
func (r *Response) Items() ([]json.RawMessage, error) {
	var whole json.RawMessage
	if err := r.JSON(&whole); err != nil {
		return nil, err
	}
	keys, members := membersOf(whole)
	if keys == nil {
		return members, nil
	}
	for _, usual := range []string{"index", "value", "graph"} {
		for i, key := range keys {
			if key == usual && (isArray(members[i]) || isObject(members[i])) {
				_, items := membersOf(members[i])
				return items, nil
			}
		}
	}
	for _, member := range members {
		if isArray(member) {
			_, items := membersOf(member)
			return items, nil
		}
	}
	return nil, nil
}

func isArray(raw json.RawMessage) bool  { return bytes.HasPrefix(raw, []byte("[")) }
func isObject(raw json.RawMessage) bool { return bytes.HasPrefix(raw, []byte("{")) }

// membersOf returns what an array or object holds, in the order in which it stands; keys is nil of an array. The JSON
// has been checked.
func membersOf(raw json.RawMessage) (keys []string, members []json.RawMessage) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	open, _ := decoder.Token()
	if open == json.Delim('{') {
		keys = []string{}
	}
	if _, nested := open.(json.Delim); !nested {
		return nil, nil
	}
	for decoder.More() {
		if keys != nil {
			key, _ := decoder.Token()
			word, _ := key.(string)
			keys = append(keys, word)
		}
		var member json.RawMessage
		if decoder.Decode(&member) != nil {
			break
		}
		members = append(members, member)
	}
	return keys, members
}
