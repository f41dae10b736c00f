package crux_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	crux "libcrux.example/crux"
)

// The account of the sandbox, which "sandbox --shop" puts into the environment.
var (
	base     = os.Getenv("CRUX_BASE")
	user     = os.Getenv("CRUX_USER")
	password = os.Getenv("CRUX_PASSWORD")
)

const token = "tok-7d1c"

func TestMain(m *testing.M) {
	if base == "" {
		println("The tests need the sandbox: sh test.sh runs them with it.")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// login makes a client that is closed after the test.
func login(t testing.TB, options ...crux.LoginOption) *crux.Client {
	t.Helper()
	client, err := crux.Login(t.Context(), "custom", user, password, append(options, crux.BaseURL(base))...)
	must(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// control tells the sandbox something.
func control(t testing.TB, what string, document any) {
	t.Helper()
	raw, err := json.Marshal(document)
	must(t, err)
	response, err := http.Post(base+"_sandbox/"+what, "application/json", bytes.NewReader(raw))
	must(t, err)
	response.Body.Close()
	if response.StatusCode > 299 {
		t.Fatalf("the sandbox says %s to %s", response.Status, raw)
	}
}

// answer sets an answer of the sandbox until the test is over.
func answer(t testing.TB, document map[string]any) {
	t.Helper()
	if document["method"] == nil {
		document["method"] = "*"
	}
	control(t, "answer", document)
	t.Cleanup(func() { control(t, "forget", map[string]any{}) })
}

// failure is the error as ours, of the code that is wanted.
func failure(t testing.TB, err error, code crux.Code) *crux.Error {
	t.Helper()
	var failed *crux.Error
	if !errors.As(err, &failed) || !errors.Is(err, code) {
		t.Fatalf("got %v; wanted the error %q", err, code.String())
	}
	return failed
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came about: " + what)
		}
	}
}

// leaksNothing runs work, and sees that goroutines and descriptors are as before in the end.
func leaksNothing(t *testing.T, work func()) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)
	work()
	http.DefaultClient.CloseIdleConnections()
	defer func() {
		if t.Failed() {
			stacks := make([]byte, 1<<20)
			t.Logf("%s", stacks[:runtime.Stack(stacks, true)])
			t.Logf("descriptors before: %v, now: %v", descriptors, openDescriptors(t))
		}
	}()
	eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= goroutines })
	eventually(t, "no descriptor is left", func() bool { return len(openDescriptors(t)) <= len(descriptors) })
}

// openDescriptors is what each open descriptor leads to.
func openDescriptors(t *testing.T) (open []string) {
	entries, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	for _, entry := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + entry.Name()); err == nil {
			open = append(open, target)
		}
	}
	return open
}

// endsSoon cancels a context a moment after work with it has begun, and sees that work fails with it within 300 ms.
func endsSoon(t *testing.T, work func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan time.Time, 1)
	time.AfterFunc(200*time.Millisecond, func() { ended <- time.Now(); cancel() })
	err := work(ctx)
	if took := time.Since(<-ended); took > 300*time.Millisecond {
		t.Errorf("it took %v to end", took)
	}
	failure(t, err, crux.ErrCancelled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not context.Canceled", err)
	}
}

func contains(t *testing.T, whole, part string) {
	t.Helper()
	if !strings.Contains(whole, part) {
		t.Errorf("%q is not in %q", part, whole)
	}
}
