package crux

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"io"
	"runtime/cgo"
	"sync"
	"unsafe"
)

// source gives the bytes of a reader to the library, which asks on a thread of its own. The reader runs on a goroutine,
// so that a Read that blocks keeps no call from ending.
type source struct {
	reader io.Reader
	pieces chan []byte   // one at a time; closed at the end
	more   chan struct{} // the last piece is used up
	gone   chan struct{} // closed when nobody wants any more
	stop   func()

	left     []byte
	begun    bool
	err      error // good once pieces is closed
	panicked any
}

func newSource(reader io.Reader) *source {
	s := &source{
		reader: reader, pieces: make(chan []byte), more: make(chan struct{}), gone: make(chan struct{}),
	}
	s.stop = sync.OnceFunc(func() { close(s.gone) })
	return s
}

// feed reads until the end, an error, or until nobody wants any more.
func (s *source) feed() {
	defer close(s.pieces)
	returned := false
	defer func() {
		if s.panicked = recover(); s.panicked != nil {
			s.err = fmt.Errorf("the reader of the body panicked: %v", s.panicked)
		} else if !returned {
			s.err = errors.New("the reader of the body ended its goroutine")
		}
	}()
	s.readAll()
	returned = true
}

func (s *source) readAll() {
	for buffer := make([]byte, 64<<10); ; {
		amount, err := s.reader.Read(buffer)
		if amount > 0 && !(s.offer(buffer[:amount]) && s.used()) {
			return
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
			return
		}
		if amount <= 0 && s.isGone() {
			return
		}
	}
}

func (s *source) isGone() bool {
	select {
	case <-s.gone:
		return true
	default:
		return false
	}
}

func (s *source) offer(piece []byte) bool {
	select {
	case s.pieces <- piece:
		return true
	case <-s.gone:
		return false
	}
}

func (s *source) used() bool {
	select {
	case <-s.more:
		return true
	case <-s.gone:
		return false
	}
}

// fill copies the next bytes; 0 at the end, -1 to give up.
func (s *source) fill(buffer []byte) int {
	if len(s.left) == 0 {
		if !s.begun {
			s.begun = true
			go s.feed()
		} else {
			select {
			case s.more <- struct{}{}:
			case <-s.pieces: // It has ended.
			case <-s.gone:
				return -1
			}
		}
		var going bool
		select {
		case s.left, going = <-s.pieces:
		case <-s.gone:
			return -1
		}
		if !going {
			if s.err != nil {
				return -1
			}
			return 0
		}
	}
	amount := copy(buffer, s.left)
	s.left = s.left[amount:]
	return amount
}

// failure is why the reader gave up; nil if it did not.
func (s *source) failure() error {
	select {
	case _, going := <-s.pieces:
		if !going {
			return s.err
		}
	default:
	}
	return nil
}

//export cruxGoRead
func cruxGoRead(handle C.uintptr_t, buffer unsafe.Pointer, capacity C.size_t) C.ptrdiff_t {
	s := cgo.Handle(handle).Value().(*source)
	return C.ptrdiff_t(s.fill(unsafe.Slice((*byte)(buffer), int(capacity))))
}

//export cruxGoRelease
func cruxGoRelease(handle C.uintptr_t) { cgo.Handle(handle).Delete() }
