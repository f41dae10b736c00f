package crux_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"

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
