package crux

// #include "shim.h"
import "C"

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"unsafe"
)

// Download writes what is at a URL (a path, or a whole URL; to another origin no token goes) to a file. An incomplete
// file never has the final name: the data goes to FILE.part, from which a later try goes on if the server can show
// that it is still the same. The response has no body. [Progress], [SHA256] and [Resume] apply. A local file that is to
// blame is [ErrFile]. Since 0.2.
func (c *Client) Download(ctx context.Context, url, file string, options ...CallOption) (*Response, error) {
	if file == "" {
		return nil, refused("The name of the file is empty.")
	}
	response, err := c.Get(ctx, url, append(options[:len(options):len(options)], Save(file))...)
	return response, withFile(err, filepath.Dir(file))
}

// UploadFile uploads a file as a form, straight from the disk. An empty path is where the service takes files. [Field]
// names the form's field, unless the service has a usual one, [FileName] another name for the server, [ContentType] a
// type other than that of the ending. Since 0.2.
func (c *Client) UploadFile(ctx context.Context, path, file string, options ...CallOption) (*Response, error) {
	r, err := newRequest("POST", path, options)
	if err != nil {
		return nil, err
	}
	if r.fileName != "" && r.fileName != filepath.Base(file) {
		source, err := os.Open(file)
		if err != nil {
			return nil, fileError(err)
		}
		defer source.Close()
		return c.Upload(ctx, path, source, options...)
	}
	r.sends = true
	r.make = func(client *C.crux_client) (*C.crux_call, error) {
		name, err := text("name of the file", file)
		if err != nil {
			return nil, err
		}
		path, field, media, err := r.uploadTexts()
		if err != nil {
			return nil, err
		}
		return C.crux_call_upload(client, path, field, name, media), nil
	}
	response, err := c.do(ctx, r)
	return response, withFile(err, file)
}

// Upload uploads what a reader gives as a file of a form. What is in memory ([*bytes.Reader], [*bytes.Buffer],
// [*strings.Reader]) can be sent again after a lost connection; anything else is sent once and as it is read. [Field]
// names the form's field ("file" if not given), [FileName] the name that the server sees (that of an [*os.File], or
// "file"). See [Body]. Since 0.2.
func (c *Client) Upload(ctx context.Context, path string, from io.Reader, options ...CallOption) (*Response, error) {
	r, err := newRequest("POST", path, options)
	if err != nil {
		return nil, err
	}
	file, err := bodyOf(from)
	if err != nil {
		return nil, err
	}
	file.from = "Upload"
	if err := r.give(file); err != nil {
		return nil, err
	}
	if r.field == "" {
		r.field = "file"
	}
	if r.fileName == "" {
		r.fileName = "file"
		if file, ok := from.(*os.File); ok {
			r.fileName = filepath.Base(file.Name())
		}
	}
	if r.body.reader != nil {
		if err := r.streamForm(); err != nil {
			return nil, err
		}
		return c.do(ctx, r)
	}
	r.sends = true
	data := r.body.bytes
	if err := r.checkLength(data); err != nil {
		return nil, err
	}
	r.body = nil
	r.make = func(client *C.crux_client) (*C.crux_call, error) { return r.formOf(client, data) }
	return c.do(ctx, r)
}

func (r *request) uploadTexts() (path, field, media *C.char, err error) {
	if path, err = textOrNull("path", r.path); err == nil {
		if field, err = textOrNull("field", r.field); err == nil {
			media, err = textOrNull("content type", r.contentType)
		}
	}
	return path, field, media, err
}

// formOf makes the call of a form that holds bytes.
func (r *request) formOf(client *C.crux_client, data []byte) (*C.crux_call, error) {
	path, err := text("path", r.path)
	if err != nil {
		return nil, err
	}
	fileName, err := text("name of the file", r.fileName)
	if err != nil {
		return nil, err
	}
	_, field, media, err := r.uploadTexts()
	if err != nil {
		return nil, err
	}
	var bytes unsafe.Pointer
	if len(data) > 0 {
		bytes = unsafe.Pointer(&data[0])
	}
	call := C.crux_call_new(client, name(r.method), path)
	C.crux_call_part_data(call, field, fileName, bytes, C.ptrdiff_t(len(data)), media)
	return call, nil
}

// streamForm puts the form around what the reader gives.
func (r *request) streamForm() error {
	for _, text := range []string{r.field, r.fileName, r.contentType} {
		if strings.IndexByte(text, 0) >= 0 {
			return refused("The field, the name or the type of the file holds a NUL.")
		}
	}
	media := r.contentType
	if media == "" {
		media = mime.TypeByExtension(filepath.Ext(r.fileName))
	}
	if media == "" {
		media = "application/octet-stream"
	}
	if strings.ContainsAny(media, "\r\n") {
		return refused("The type of the file holds a line end.")
	}
	// As browsers write names.
	escape := strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	_, err := writer.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="` + escape(r.field) + `"; filename="` + escape(r.fileName) + `"`},
		"Content-Type":        {media},
	})
	if err != nil {
		return err
	}
	head := form.Len()
	if err := writer.Close(); err != nil {
		return err
	}
	length := r.body.length
	if r.contentLength != nil {
		length = *r.contentLength
		r.contentLength = nil
	}
	if length >= 0 {
		length += int64(form.Len())
	}
	whole := form.Bytes()
	reader := io.MultiReader(bytes.NewReader(whole[:head]), r.body.reader, bytes.NewReader(whole[head:]))
	r.body = &body{reader: reader, length: length}
	r.contentType = writer.FormDataContentType()
	return nil
}

func fileError(err error) error {
	return &Error{Code: ErrFile, Message: "The file cannot be read: " + err.Error() + ".", causes: []error{err}}
}

// withFile adds what the system says of a file that is to blame.
func withFile(err error, file string) error {
	var failed *Error
	if errors.As(err, &failed) && failed.Code == ErrFile {
		if _, why := os.Stat(file); why != nil {
			failed.causes = append(failed.causes, why)
		}
	}
	return err
}
