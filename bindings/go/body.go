package crux

// #include "shim.h"
import "C"

import (
	"bytes"
	"io"
	"os"
	"runtime/cgo"
	"strings"
	"unsafe"
)

// body is what a call sends: bytes, or what a reader gives.
type body struct {
	from   string // the option that gave it
	bytes  []byte
	isJSON bool
	reader io.Reader
	length int64
}

// bodyOf takes the bytes of what is in memory anyway, so that they can be sent again.
func bodyOf(reader io.Reader) (*body, error) {
	switch reader := reader.(type) {
	case nil:
		return nil, refused("The reader of the body is nil.")
	case *bytes.Reader, *bytes.Buffer, *strings.Reader:
		data, err := io.ReadAll(reader)
		return &body{from: "Body", bytes: data}, err
	}
	return &body{from: "Body", reader: reader, length: lengthOf(reader)}, nil
}

// lengthOf is how much a regular file still holds; -1 of anything else.
func lengthOf(reader io.Reader) int64 {
	file, ok := reader.(*os.File)
	if !ok {
		return -1
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return -1
	}
	at, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return -1
	}
	return max(info.Size()-at, 0)
}

// give makes b the body of the request, which has one at most.
func (r *request) give(b *body) error {
	if r.body != nil {
		return refused("The call has two bodies, of %s and of %s; give it one.", r.body.from, b.from)
	}
	r.body = b
	return nil
}

// checkLength compares bytes in memory with what [ContentLength] announces.
func (r *request) checkLength(data []byte) error {
	if r.contentLength != nil && *r.contentLength != int64(len(data)) {
		return refused("ContentLength announces %d bytes, but the body has %d; leave it out, as those bytes are counted.",
			*r.contentLength, len(data))
	}
	return nil
}

// put gives the body to a call; its source, if it is a reader's.
func (b *body) put(call *C.crux_call, r *request) (*source, error) {
	media := r.contentType
	if media == "" && !b.isJSON {
		media = "application/octet-stream"
	}
	kind, err := textOrNull("content type", media)
	if err != nil {
		return nil, err
	}
	if b.reader == nil {
		if err := r.checkLength(b.bytes); err != nil {
			return nil, err
		}
		// NULL would be no body.
		data := unsafe.Pointer(name(""))
		if len(b.bytes) > 0 {
			data = unsafe.Pointer(&b.bytes[0])
		}
		C.crux_call_body(call, data, C.ptrdiff_t(len(b.bytes)), kind)
		return nil, nil
	}
	length := b.length
	if r.contentLength != nil {
		length = *r.contentLength
	}
	source := newSource(b.reader)
	C.crux_go_source(call, C.uintptr_t(cgo.NewHandle(source)), C.int64_t(length), kind)
	return source, nil
}
