package crux

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"runtime/cgo"
	"sync"
	"unsafe"
)

// TokenFunc fetches the token of a client from elsewhere: a keyring, a vault, single sign-on. It is asked when a token
// is needed or was refused (refused is that one, else ""), by one request at a time. "" says that there is none. An
// error ends the request, whose error it becomes part of; a panic counts as one. It is told of no context, and a call
// whose context ends meanwhile waits until it returns, so give what it does a time limit of its own. Since 0.2.
func TokenFunc(fetch func(refused string) (string, error)) LoginOption { return tokenOption(fetch) }

type tokenOption func(refused string) (string, error)

func (o tokenOption) applyLogin(c *config) error {
	if o == nil {
		return refused("The function that fetches tokens is nil.")
	}
	c.tokens = &tokens{fetch: o}
	return nil
}

// tokens runs the function, and keeps why it failed.
type tokens struct {
	fetch func(refused string) (string, error)
	mu    sync.Mutex
	err   error
}

func (t *tokens) hook(options *C.crux_options) {
	if t != nil {
		C.crux_go_token(options, C.uintptr_t(cgo.NewHandle(t)))
	}
}

func (t *tokens) failure() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

func (t *tokens) token(refused string, room int) (token string, err error) {
	token, err = t.ask(refused)
	if err == nil && len(token) > room {
		err = fmt.Errorf("the token is longer than %d bytes", room)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = err
	return token, err
}

// ask runs the function on a goroutine of its own: if it ended this one, as t.FailNow does, what the library does below it
// would never end.
func (t *tokens) ask(refused string) (token string, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = errors.New("the function that fetches tokens ended its goroutine")
		defer func() {
			if panicked := recover(); panicked != nil {
				err = fmt.Errorf("the function that fetches tokens panicked: %v", panicked)
			}
		}()
		token, err = t.fetch(refused)
	}()
	<-done
	return token, err
}

//export cruxGoToken
func cruxGoToken(handle C.uintptr_t, refused *C.char, buffer unsafe.Pointer, capacity C.size_t) C.ptrdiff_t {
	t := cgo.Handle(handle).Value().(*tokens)
	token, err := t.token(C.GoString(refused), int(capacity))
	if err != nil {
		return -1
	}
	return C.ptrdiff_t(copy(unsafe.Slice((*byte)(buffer), int(capacity)), token))
}
