package crux_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	crux "libcrux.example/crux"
)

func wrongTypes(t *testing.T) {
	client, ctx := login(t), t.Context()
	before := client.Stats().Requests
	_, err := client.Post(ctx, "echo/", crux.JSON(func() {}))
	var unsupported *json.UnsupportedTypeError
	if failure(t, err, crux.ErrArgument); !errors.As(err, &unsupported) {
		t.Errorf("%v is not that of encoding/json", err)
	}
	_, err = client.Post(ctx, "echo/", crux.JSON(math.NaN()))
	failure(t, err, crux.ErrArgument)
	_, err = client.Get(nil, "things/1/")
	failure(t, err, crux.ErrArgument)
	for what, option := range map[string]crux.CallOption{
		"nil option": nil, "nil reader": crux.Body(nil), "a slice": crux.Set("retry.max", []int{1}),
		"a word": crux.Set("retry.max", "many"), "negative": crux.RetryMax(-1),
		"a stream that nobody reads": crux.Set("stream", true),
	} {
		_, err = client.Post(ctx, "echo/", option)
		var failed *crux.Error
		if !errors.As(err, &failed) || failed.Code != crux.ErrArgument {
			t.Errorf("%s: got %v", what, err)
		}
	}
	_, err = client.Wait(ctx, nil)
	failure(t, err, crux.ErrArgument)
	_, err = client.Download(ctx, "files/out.bin", "")
	failure(t, err, crux.ErrArgument)
	for _, open := range []func() (*crux.Client, error){
		func() (*crux.Client, error) { return crux.Login(ctx, "custom", "", "x", crux.BaseURL(base)) },
		func() (*crux.Client, error) { return crux.Login(nil, "custom", user, "x", crux.BaseURL(base)) },
		func() (*crux.Client, error) { return crux.Login(ctx, "no-such-service", user, "x") },
		func() (*crux.Client, error) { return crux.Token("custom", "", crux.BaseURL(base)) },
		func() (*crux.Client, error) { return crux.Token("custom", "x", nil) },
		func() (*crux.Client, error) { return crux.Token("custom", "x", crux.Set("stream", "1")) },
		func() (*crux.Client, error) { return crux.Anonymous("custom", crux.Logger(nil)) },
		func() (*crux.Client, error) { return crux.Anonymous("custom", crux.TokenFunc(nil)) },
		func() (*crux.Client, error) { return crux.FromEnv(ctx, "no/name") },
	} {
		client, err := open()
		if failure(t, err, crux.ErrArgument); client != nil {
			t.Error("a client came with the error")
		}
	}
	equal(t, "requests", client.Stats().Requests-before, int64(0))
}

func brokenText(t *testing.T) {
	client, ctx := login(t), t.Context()
	before := client.Stats().Requests
	for _, broken := range []string{"a\xffb", "a\x00b", "\xed\xa0\x80"} { // The last is half a surrogate pair.
		attempts := map[string]func() (*crux.Response, error){
			"path":   func() (*crux.Response, error) { return client.Get(ctx, broken) },
			"method": func() (*crux.Response, error) { return client.Do(ctx, broken, "echo/") },
			"query":  func() (*crux.Response, error) { return client.Get(ctx, "echo/", crux.Query("q", broken)) },
			"name":   func() (*crux.Response, error) { return client.Get(ctx, "echo/", crux.Query(broken, "q")) },
			"fill":   func() (*crux.Response, error) { return client.Get(ctx, "{a}/", crux.Fill("a", broken)) },
			"header": func() (*crux.Response, error) { return client.Get(ctx, "echo/", crux.Header("X", broken)) },
			"option": func() (*crux.Response, error) { return client.Get(ctx, "echo/", crux.Set(broken, "1")) },
			"type": func() (*crux.Response, error) {
				return client.Post(ctx, "echo/", crux.Bytes(nil), crux.ContentType(broken))
			},
			"file":  func() (*crux.Response, error) { return client.UploadFile(ctx, "upload/", broken, crux.Field("f")) },
			"saved": func() (*crux.Response, error) { return client.Download(ctx, "files/out.bin", broken) },
		}
		for what, attempt := range attempts {
			_, err := attempt()
			var failed *crux.Error
			if !errors.As(err, &failed) || failed.Code != crux.ErrArgument {
				t.Errorf("%s %q: got %v", what, broken, err)
			}
		}
		if _, err := crux.Login(ctx, "custom", user, broken, crux.BaseURL(base)); !errors.Is(err, crux.ErrArgument) {
			t.Errorf("password %q: got %v", broken, err)
		}
	}
	for _, broken := range []any{"a\xffb", map[string]any{"a\xff": 1}, []string{`\`, `\\` + "\xff"}} {
		_, err := client.Post(ctx, "echo/", crux.JSON(broken))
		failure(t, err, crux.ErrArgument)
	}
	equal(t, "requests", client.Stats().Requests-before, int64(0))
	// What only looks like it goes, and so does a NUL inside JSON.
	for _, whole := range []string{`\ufffd`, "\ufffd", `\\ufffd`, "a\x00b"} {
		response, err := client.Post(ctx, "echo/", crux.JSON(whole))
		must(t, err)
		text, _ := at(t, response, "/body")
		var arrived string
		must(t, json.Unmarshal([]byte(text.(string)), &arrived))
		equal(t, "text", arrived, whole)
	}
}

// TestACallHasOneBody: the second is refused, and the error names both.
func TestACallHasOneBody(t *testing.T) {
	client, ctx := login(t), t.Context()
	before := client.Stats().Requests
	options := map[string]crux.CallOption{
		"JSON": crux.JSON(1), "Bytes": crux.Bytes([]byte("x")), "Form": crux.Form(nil),
		"Body": crux.Body(strings.NewReader("x")),
	}
	for first, one := range options {
		for second, other := range options {
			_, err := client.Post(ctx, "echo/", one, other)
			message := failure(t, err, crux.ErrArgument).Message
			contains(t, message, first)
			contains(t, message, second)
		}
	}
	_, err := client.Upload(ctx, "upload/", strings.NewReader("x"), crux.JSON(1))
	contains(t, failure(t, err, crux.ErrArgument).Message, "JSON")
	equal(t, "requests", client.Stats().Requests-before, int64(0))
}

// TestContentLengthMustBeThatOfTheBytes: where it is known beforehand.
func TestContentLengthMustBeThatOfTheBytes(t *testing.T) {
	client, ctx := login(t), t.Context()
	before := client.Stats().Requests
	for _, length := range []int64{0, 2, 5} {
		for _, option := range []crux.CallOption{
			crux.Body(strings.NewReader("abc")), crux.Body(bytes.NewReader([]byte("abc"))), crux.Bytes([]byte("abc")),
		} {
			_, err := client.Put(ctx, "echo/", option, crux.ContentLength(length))
			contains(t, failure(t, err, crux.ErrArgument).Message, "ContentLength")
		}
		_, err := client.Upload(ctx, "upload/", strings.NewReader("abc"), crux.ContentLength(length))
		contains(t, failure(t, err, crux.ErrArgument).Message, "ContentLength")
	}
	equal(t, "requests", client.Stats().Requests-before, int64(0))
	_, err := client.Put(ctx, "echo/", crux.ContentLength(3), crux.Body(strings.NewReader("abc")))
	must(t, err)
	_, err = client.Upload(ctx, "upload/", strings.NewReader("abc"), crux.ContentLength(3))
	must(t, err)
}

// TestDurationsAreNeverRoundedToNoLimit: a negative one is refused, a positive one is at least 1 ms.
func TestDurationsAreNeverRoundedToNoLimit(t *testing.T) {
	client, ctx := login(t), t.Context()
	for _, length := range []time.Duration{-1, -time.Microsecond, -time.Millisecond, -time.Hour, math.MinInt64} {
		for _, option := range []crux.Option{crux.TimeoutTotal(length), crux.Set("timeout.total_ms", length)} {
			_, err := client.Get(ctx, "things/1/", option)
			failure(t, err, crux.ErrArgument)
		}
	}
	_, err := client.Get(ctx, "slow/", crux.TimeoutTotal(1))
	failure(t, err, crux.ErrTimeout)
	for _, length := range []time.Duration{0, time.Hour} {
		_, err := client.Get(ctx, "things/1/", crux.TimeoutTotal(length))
		must(t, err)
	}
}

// TestWhatNoCallHasMade: a client or a response that is nil or zero is refused in words, and nothing is sent.
func TestWhatNoCallHasMade(t *testing.T) {
	made, ctx := login(t), t.Context()
	before := made.Stats().Requests
	for _, client := range []*crux.Client{nil, {}} {
		attempts := []func() error{
			func() error { _, err := client.Get(ctx, "things/"); return err },
			func() error { _, err := client.Stream(ctx, "things/"); return err },
			func() error { _, err := client.Wait(ctx, &crux.Response{}); return err },
			func() error { _, err := client.Download(ctx, "things/", t.TempDir()+"/x"); return err },
			func() error { _, err := client.Upload(ctx, "upload/", strings.NewReader("x")); return err },
			func() error { return client.SetToken("x") },
			func() error { return client.Logout(ctx) },
			func() error {
				for _, err := range client.Pages(ctx, "things/") {
					return err
				}
				return nil
			},
		}
		for _, attempt := range attempts {
			failure(t, attempt(), crux.ErrArgument)
		}
		_, err := (&http.Client{Transport: client.Transport()}).Get(base)
		failure(t, err, crux.ErrArgument)
		must(t, client.Close())
		equal(t, "stats", client.Stats(), crux.Stats{})
		contains(t, client.String(), "crux.Client(")
	}
	for _, response := range []*crux.Response{nil, {}} {
		_, err := response.Follow(ctx, "things/")
		failure(t, err, crux.ErrArgument)
		_, err = made.Wait(ctx, response)
		failure(t, err, crux.ErrArgument)
	}
	equal(t, "requests", made.Stats().Requests-before, int64(0))
}

// TestTheContextOfALoginIsNotThatOfTheClient: it may end after the login.
func TestTheContextOfALoginIsNotThatOfTheClient(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client, err := crux.Login(ctx, "custom", user, password, crux.BaseURL(base))
	must(t, err)
	defer client.Close()
	cancel()
	_, err = client.Get(t.Context(), "things/1/")
	must(t, err)
}
