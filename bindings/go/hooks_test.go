package crux_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	crux "libcrux.example/crux"
)

func textLogger(into io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(into, &slog.HandlerOptions{Level: crux.LevelTrace}))
}

func progressThrows(t *testing.T) {
	client := login(t)
	_, err := client.Get(t.Context(), "things/1/", watched()) // The queue is there.
	must(t, err)
	leaksNothing(t, func() {
		defer func() { equal(t, "panic", recover(), "odd progress") }()
		_, _ = client.Get(t.Context(), "slow/", crux.Progress(func(_, _ int64) { panic("odd progress") }))
		t.Error("the panic has gone")
	})
	eventually(t, "the request has ended", func() bool { return client.Stats().UnderWay == 0 })
	_, err = client.Get(t.Context(), "things/1/", watched())
	must(t, err)
	must(t, client.Close())
}

// exiting is a reader that ends its goroutine, as t.FailNow does.
type exiting struct{}

func (exiting) Read([]byte) (int, error) { runtime.Goexit(); return 0, nil }

// TestAReaderThatEndsItsGoroutine: what came before is not the whole body.
func TestAReaderThatEndsItsGoroutine(t *testing.T) {
	response, err := login(t).Put(t.Context(), "echo/", crux.Body(io.MultiReader(strings.NewReader("half"), exiting{})))
	if err == nil {
		t.Fatalf("it was sent as a whole: %s", response.Text())
	}
	contains(t, failure(t, err, crux.ErrCancelled).Message, "The body could not be read")
}

// handler is a slog.Handler that calls a function.
type handler struct {
	level  slog.Level
	handle func(context.Context, slog.Record)
}

func (h handler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }
func (h handler) Handle(ctx context.Context, record slog.Record) error {
	h.handle(ctx, record)
	return nil
}
func (h handler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h handler) WithGroup(string) slog.Handler      { return h }

func logLines(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "trace 1")
	for _, options := range [][]crux.CallOption{nil, {watched()}} {
		var levels []slog.Level
		var with any
		client := login(t, crux.Logger(slog.New(handler{slog.LevelDebug, func(ctx context.Context, r slog.Record) {
			levels = append(levels, r.Level)
			with = ctx.Value(key{})
			if strings.Contains(r.Message, "\n") {
				t.Errorf("a line with a line end: %q", r.Message)
			}
		}})))
		levels = nil
		_, err := client.Get(ctx, "things/1/", options...)
		must(t, err)
		if len(levels) == 0 {
			t.Error("no line came")
		}
		for _, level := range levels {
			if level < slog.LevelDebug {
				t.Errorf("a line of level %v came", level)
			}
		}
		equal(t, "the context's value", with, "trace 1")
	}
	client := login(t, crux.Logger(slog.New(handler{slog.LevelError, func(context.Context, slog.Record) {
		t.Error("a line came that nobody wants")
	}})))
	_, err := client.Get(ctx, "things/1/")
	must(t, err)
}

func logThrows(t *testing.T) {
	var lines, calls atomic.Int32
	client := login(t, crux.Logger(slog.New(handler{crux.LevelTrace, func(context.Context, slog.Record) {
		lines.Add(1)
		panic("odd handler")
	}})))
	for _, options := range [][]crux.CallOption{nil, {watched()}} {
		_, err := client.Get(t.Context(), "things/1/", options...)
		must(t, err)
		calls.Add(1)
	}
	if lines.Load() < calls.Load() {
		t.Errorf("%d lines came", lines.Load())
	}
}

// TestALogHandlerMayCall: it runs on the goroutine of the call, and holds nothing up.
func TestALogHandlerMayCall(t *testing.T) {
	var client *crux.Client
	var inside, answered int
	client = login(t, crux.Logger(slog.New(handler{slog.LevelDebug, func(ctx context.Context, _ slog.Record) {
		if inside++; client != nil && inside == 1 {
			if _, err := client.Get(ctx, "things/2/", watched()); err == nil {
				answered++
			}
			must(t, client.Close())
		}
	}})))
	inside = 0
	_, err := client.Get(t.Context(), "things/1/", watched())
	must(t, err)
	equal(t, "answered", answered, 1)
}

// aTokenFunctionIsAskedAgain: once for the first request, and once more when its token is refused.
func aTokenFunctionIsAskedAgain(t *testing.T) {
	var asked []string
	client, err := crux.Anonymous("custom", crux.BaseURL(base), crux.TokenFunc(func(refused string) (string, error) {
		if asked = append(asked, refused); refused == "" {
			return "stale", nil
		}
		return token, nil
	}))
	must(t, err)
	defer client.Close()
	for _, options := range [][]crux.CallOption{nil, {watched()}} {
		_, err = client.Get(t.Context(), "things/1/", options...)
		must(t, err)
	}
	equal(t, "asked", asked, []string{"", "stale"})
}

// TestATokenFunctionMayEndItsGoroutine: as t.FailNow does; calls of both kinds fail, and the client goes on.
func TestATokenFunctionMayEndItsGoroutine(t *testing.T) {
	for _, options := range [][]crux.CallOption{nil, {watched()}} {
		ends := true
		client, err := crux.Anonymous("custom", crux.BaseURL(base), crux.TokenFunc(func(string) (string, error) {
			if ends {
				ends = false
				runtime.Goexit()
			}
			return token, nil
		}))
		must(t, err)
		_, err = client.Get(t.Context(), "things/1/", options...)
		failure(t, err, crux.ErrAuth)
		_, err = client.Get(t.Context(), "things/1/", options...)
		must(t, err)
		must(t, client.Close())
	}
}

// aTokenFunctionMayFail: with an error, with a panic, or with a token that is too long.
func aTokenFunctionMayFail(t *testing.T) {
	locked := errors.New("the keyring is locked")
	for what, fetch := range map[string]func(string) (string, error){
		"error": func(string) (string, error) { return "", locked },
		"late": func(refused string) (string, error) {
			if refused == "" {
				return "stale", nil
			}
			return "", locked
		},
		"panic": func(string) (string, error) { panic(locked.Error()) },
		"long":  func(string) (string, error) { return strings.Repeat("x", 1<<22), nil },
	} {
		client, err := crux.Anonymous("custom", crux.BaseURL(base), crux.TokenFunc(fetch))
		must(t, err)
		defer client.Close()
		_, err = client.Get(t.Context(), "things/1/")
		var failed *crux.Error
		if !errors.As(err, &failed) || (what == "error" || what == "late") != errors.Is(err, locked) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}
