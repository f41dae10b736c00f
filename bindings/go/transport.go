package crux

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Transport lets code that uses [http.Client] go through the client: its token, renewal, proxy, TLS and retries. As
// of any RoundTripper, statuses such as 404 are no errors and redirects are left to the http.Client. Headers that the
// library sets itself (Authorization, Host, Content-Length and their like) are ignored. URLs are whole; only the
// client's own origins get the token. Since 0.2.
func (c *Client) Transport() http.RoundTripper { return transport{c} }

type transport struct{ client *Client }

// Headers that the library sets itself.
var ownHeaders = map[string]bool{
	"Authorization": true, "Proxy-Authorization": true, "Host": true, "Content-Length": true, "Transfer-Encoding": true,
	"Connection": true, "Keep-Alive": true, "Upgrade": true, "Te": true, "Trailer": true, "Expect": true,
	"Accept-Encoding": true, "User-Agent": true, "Proxy-Connection": true, "Content-Type": true,
}

// What a request body may hold to be kept, so that it can be sent again.
const mostKept = 1 << 20

func (t transport) RoundTrip(sent *http.Request) (*http.Response, error) {
	if sent.Body != nil {
		defer sent.Body.Close()
	}
	r, err := requestOf(sent)
	if err != nil {
		return nil, err
	}
	stream, err := t.client.stream(sent.Context(), r)
	var failed *Error
	switch {
	case err == nil:
		return responseOf(sent, stream.Response, stream), nil
	case errors.As(err, &failed) && failed.Response != nil && (failed.Code == ErrHTTP || failed.Code == ErrAuth):
		return responseOf(sent, failed.Response, io.NopCloser(bytes.NewReader(failed.Response.Body))), nil
	default:
		return nil, err
	}
}

func requestOf(sent *http.Request) (*request, error) {
	r := &request{method: sent.Method, path: sent.URL.String(), settings: []setting{{"redirect.max", "0"}}}
	if r.method == "" {
		r.method = http.MethodGet
	}
	for name, values := range sent.Header {
		for _, value := range values {
			if !ownHeaders[name] {
				r.headers = append(r.headers, pair{name, value})
			}
		}
	}
	r.contentType = sent.Header.Get("Content-Type")
	if sent.Body == nil || sent.Body == http.NoBody {
		return r, nil
	}
	if sent.ContentLength > 0 && sent.ContentLength <= mostKept {
		data, err := io.ReadAll(sent.Body)
		r.body = &body{bytes: data}
		return r, err
	}
	length := sent.ContentLength
	if length == 0 {
		length = -1
	}
	r.body = &body{reader: sent.Body, length: length}
	return r, nil
}

func responseOf(sent *http.Request, got *Response, body io.ReadCloser) *http.Response {
	response := &http.Response{
		Status: strconv.Itoa(got.Status) + " " + http.StatusText(got.Status), StatusCode: got.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: got.Header, Body: body, ContentLength: -1, Request: sent,
	}
	if strings.HasSuffix(strings.ToLower(got.Header.Get("Content-Encoding")), "gzip") {
		// The library has decoded it, as net/http does.
		response.Uncompressed = true
		response.Header.Del("Content-Encoding")
		response.Header.Del("Content-Length")
	} else if length, err := strconv.ParseInt(got.Header.Get("Content-Length"), 10, 64); err == nil {
		response.ContentLength = length
	}
	return response
}
