package crux_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	crux "libcrux.example/crux"
)

// TestCodeThatUsesNetHTTPGoesThroughTheClient: with its token, and with statuses that are no errors.
func TestCodeThatUsesNetHTTPGoesThroughTheClient(t *testing.T) {
	client := login(t)
	web := &http.Client{Transport: client.Transport()}
	get := func(request *http.Request, err error) (int, string) {
		t.Helper()
		must(t, err)
		response, err := web.Do(request.WithContext(t.Context()))
		must(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		must(t, err)
		contains(t, response.Status, http.StatusText(response.StatusCode))
		return response.StatusCode, string(body)
	}
	status, body := get(http.NewRequest("GET", base+"things/1/", nil))
	equal(t, "status", status, 200)
	contains(t, body, "Bluse")
	status, body = get(http.NewRequest("GET", base+"things/999/", nil))
	equal(t, "status", status, 404)
	contains(t, body, "No such thing.")
	status, body = get(http.NewRequest("POST", base+"echo/", strings.NewReader("hello")))
	equal(t, "status", status, 200)
	contains(t, body, `"hello"`)
	status, body = get(http.NewRequest("PUT", base+"echo/", io.MultiReader(strings.NewReader("a"), strings.NewReader("b"))))
	equal(t, "status", status, 200)
	contains(t, body, `"ab"`)
	// The http.Client follows by itself.
	status, body = get(http.NewRequest("GET", base+"redirect/302?to=/things/4/", nil))
	equal(t, "status", status, 200)
	contains(t, body, `"id":4`)
}

// TestTheContextOfAnHTTPRequestEndsIt, also while its body is read.
func TestTheContextOfAnHTTPRequestEndsIt(t *testing.T) {
	client := login(t)
	endsSoon(t, func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, "GET", base+"slow/", nil)
		must(t, err)
		_, err = client.Transport().RoundTrip(request)
		return err
	})
	endsSoon(t, func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, "GET", base+"drip/100000000", nil)
		must(t, err)
		response, err := client.Transport().RoundTrip(request)
		must(t, err)
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
		return err
	})
}

// TestEveryClientOptionHasAFunction that sets it: one of each kind.
func TestEveryClientOptionHasAFunction(t *testing.T) {
	client := login(t, crux.UserAgent("case/1"), crux.RetryMax(0), crux.TLSVerify(true), crux.Headers("X-Always: yes"))
	response, err := client.Get(t.Context(), "echo/", crux.TimeoutTotal(0), crux.Idempotent(true), crux.MaxBody(1<<20))
	must(t, err)
	agent, _ := at(t, response, "/headers/user-agent")
	contains(t, agent.(string), "case/1")
	always, _ := at(t, response, "/headers/x-always")
	equal(t, "header", always, "yes")
}

// TestABodyThatWasCompressedIsAnnouncedAsItIs: decoded, and of unknown length.
func TestABodyThatWasCompressedIsAnnouncedAsItIs(t *testing.T) {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write([]byte("hello hello hello"))
	must(t, writer.Close())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/packed" {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
			return
		}
		_, _ = io.WriteString(w, "plain")
	}))
	defer server.Close()
	client, err := crux.Anonymous("custom", crux.BaseURL(server.URL))
	must(t, err)
	defer client.Close()
	web := &http.Client{Transport: client.Transport()}
	for path, wanted := range map[string]struct {
		body   string
		length int64
	}{"/packed": {"hello hello hello", -1}, "/plain": {"plain", 5}} {
		response, err := web.Get(server.URL + path)
		must(t, err)
		body, err := io.ReadAll(response.Body)
		must(t, err)
		must(t, response.Body.Close())
		equal(t, path, string(body), wanted.body)
		equal(t, "length of "+path, response.ContentLength, wanted.length)
		equal(t, "encoding of "+path, response.Header.Get("Content-Encoding"), "")
	}
}
