package crux_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	crux "libcrux.example/crux"
)

// watched makes a call wait in the queue, and not on its own thread.
func watched() crux.CallOption { return crux.Progress(func(_, _ int64) {}) }

func cancelRequest(t *testing.T) {
	client := login(t)
	for _, options := range [][]crux.CallOption{nil, {watched()}} {
		endsSoon(t, func(ctx context.Context) error {
			_, err := client.Get(ctx, "slow/", options...)
			return err
		})
	}
	endsSoon(t, func(ctx context.Context) error {
		stream, err := client.Stream(ctx, "drip/100000000")
		must(t, err)
		defer stream.Close()
		for buffer := make([]byte, 1000); ; {
			if _, err := stream.Read(buffer); err != nil {
				return err
			}
		}
	})
	over, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the user has left")
	cancel(cause)
	before := client.Stats().Requests
	_, err := client.Get(over, "things/1/")
	if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) || client.Stats().Requests != before {
		t.Errorf("a context that is over gives %v", err)
	}
}

func cancelLogin(t *testing.T) {
	answer(t, map[string]any{"path": "/login", "status": 200, "body": map[string]any{"token": "x"}, "delay_ms": 3000})
	leaksNothing(t, func() {
		endsSoon(t, func(ctx context.Context) error {
			_, err := crux.Login(ctx, "custom", user, password, crux.BaseURL(base))
			return err
		})
	})
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := crux.Login(short, "custom", user, password, crux.BaseURL(base))
	if failure(t, err, crux.ErrTimeout); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not context.DeadlineExceeded", err)
	}
}

func cancelJob(t *testing.T) {
	answer(t, map[string]any{"path": "/endless/", "status": 202, "body": map[string]any{"value": "/endless/progress/"}})
	answer(t, map[string]any{"path": "/endless/progress/", "status": 200, "body": map[string]any{
		"value": map[string]any{"progress": 10, "message": "working"}}})
	client := login(t)
	endsSoon(t, func(ctx context.Context) error {
		_, err := client.Post(ctx, "endless/", crux.JSON(struct{}{}), crux.Wait())
		return err
	})
	accepted, err := client.Post(t.Context(), "endless/", crux.JSON(struct{}{}))
	must(t, err)
	// Another one who waits for the same job goes on.
	longer, cancel := context.WithCancel(t.Context())
	defer cancel()
	other := make(chan error, 1)
	go func() { _, err := client.Wait(longer, accepted); other <- err }()
	endsSoon(t, func(ctx context.Context) error {
		_, err := client.Wait(ctx, accepted)
		return err
	})
	select {
	case err := <-other:
		t.Fatalf("the other one has ended: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	// So does a context that is over before, and a time of its own.
	over, end := context.WithCancel(t.Context())
	end()
	_, err = client.Wait(over, accepted)
	failure(t, err, crux.ErrCancelled)
	_, err = client.Wait(t.Context(), accepted, crux.JobTimeout(50*time.Millisecond))
	failure(t, err, crux.ErrTimeout)
	cancel()
	failed := failure(t, <-other, crux.ErrCancelled)
	// What the error carries can be waited for again.
	if failed.Response == nil {
		t.Fatal("the error has no response")
	}
	endsSoon(t, func(ctx context.Context) error {
		_, err := client.Wait(ctx, failed.Response)
		return err
	})
}

func cancelPage(t *testing.T) {
	answer(t, map[string]any{"path": "/list/", "status": 200, "body": map[string]any{"results": []int{1}, "next": "/list/2/"}})
	answer(t, map[string]any{"path": "/list/2/", "status": 200, "body": map[string]any{}, "delay_ms": 3000})
	client := login(t)
	endsSoon(t, func(ctx context.Context) (last error) {
		pages := 0
		for _, err := range client.Pages(ctx, "list/") {
			pages++
			last = err
		}
		equal(t, "turns", pages, 2)
		return last
	})
}

func cancelDownload(t *testing.T) {
	client := login(t)
	file := filepath.Join(t.TempDir(), "file")
	endsSoon(t, func(ctx context.Context) error {
		_, err := client.Download(ctx, "drip/100000000", file)
		return err
	})
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there (%v)", err)
	}
}

// TestCloseEndsWhatIsUnderWay: requests of both kinds, a job that is awaited, and none of them is left behind.
func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	answer(t, map[string]any{"path": "/endless/", "status": 202, "body": map[string]any{"value": "/endless/progress/"}})
	answer(t, map[string]any{"path": "/endless/progress/", "status": 200, "body": map[string]any{
		"value": map[string]any{"progress": 10, "message": "working"}}})
	leaksNothing(t, func() {
		client := login(t)
		accepted, err := client.Post(t.Context(), "endless/", crux.JSON(struct{}{}))
		must(t, err)
		errs := make(chan error)
		for _, work := range []func() (*crux.Response, error){
			func() (*crux.Response, error) { return client.Get(t.Context(), "slow/") },
			func() (*crux.Response, error) { return client.Get(t.Context(), "slow/", watched()) },
			func() (*crux.Response, error) { return client.Wait(t.Context(), accepted) },
		} {
			go func() { _, err := work(); errs <- err }()
		}
		eventually(t, "they are under way", func() bool { return client.Stats().UnderWay >= 3 })
		began := time.Now()
		must(t, client.Close())
		for range 3 {
			if err := <-errs; !errors.Is(err, os.ErrClosed) {
				t.Errorf("a call that Close has ended says %v", err)
			}
		}
		if took := time.Since(began); took > 400*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	})
}

// TestAContextEndsItsOwnCalls: of two contexts that come by turns, one ends all calls of its own and no other.
func TestAContextEndsItsOwnCalls(t *testing.T) {
	client := login(t)
	first, endFirst := context.WithCancel(t.Context())
	defer endFirst()
	second, endSecond := context.WithCancel(t.Context())
	defer endSecond()
	ofFirst, ofSecond := make(chan error, 2), make(chan error, 2)
	for i, errs := range []chan error{ofFirst, ofSecond, ofFirst, ofSecond} {
		ctx := []context.Context{first, second}[i%2]
		go func() { _, err := client.Get(ctx, "slow/"); errs <- err }()
		eventually(t, "it is under way", func() bool { return client.Stats().UnderWay == int64(i+1) })
	}
	for _, end := range []struct {
		cancel func()
		errs   chan error
	}{{endFirst, ofFirst}, {endSecond, ofSecond}} {
		if len(end.errs) > 0 {
			t.Fatalf("a call of the other context has ended: %v", <-end.errs)
		}
		began := time.Now()
		end.cancel()
		for range 2 {
			failure(t, <-end.errs, crux.ErrCancelled)
		}
		if took := time.Since(began); took > 300*time.Millisecond {
			t.Errorf("it took %v to end", took)
		}
		time.Sleep(50 * time.Millisecond)
	}
	// Another context ends nothing of one that goes on.
	_, err := client.Get(t.Context(), "things/1/")
	must(t, err)
}

// TestADeadlineEndsWhatWaits: the deadline of a context is a timeout of the standard library as well.
func TestADeadlineEndsWhatWaits(t *testing.T) {
	client := login(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := client.Get(ctx, "slow/")
	if failed := failure(t, err, crux.ErrTimeout); !failed.Timeout() || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
