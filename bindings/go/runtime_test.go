package crux_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	crux "libcrux.example/crux"
)

func threads(t *testing.T) {
	client := login(t)
	slow := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _, err := client.Get(ctx, "slow/"); slow <- err }()
	eventually(t, "the slow one is under way", func() bool { return client.Stats().UnderWay > 0 })
	for range 20 {
		_, err := client.Get(t.Context(), "things/1/")
		must(t, err)
	}
	select {
	case err := <-slow:
		t.Errorf("the slow one was not slow: %v", err)
	default:
	}
	cancel()
	failure(t, <-slow, crux.ErrCancelled)
}

func hundredAtOnce(t *testing.T) {
	answer(t, map[string]any{"path": "/wait/", "status": 200, "body": map[string]any{"ok": true}, "delay_ms": 200})
	client := login(t, crux.BackgroundMax(200))
	before := countThreads(t)
	errs := make(chan error, 100)
	for range 100 {
		go func() {
			response, err := client.Get(t.Context(), "wait/")
			if err == nil && !strings.Contains(response.Text(), "true") {
				err = fmt.Errorf("it says %s", response.Text())
			}
			errs <- err
		}()
	}
	// Those of the library are its own; Go has one for each that goes direct.
	eventually(t, "all are under way", func() bool { return client.Stats().UnderWay >= 90 || len(errs) > 0 })
	if added := countThreads(t) - before; added > 120+runtime.GOMAXPROCS(0)*2 {
		t.Errorf("%d threads for 100 requests", added)
	}
	for range 100 {
		must(t, <-errs)
	}
}

func countThreads(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/task")
	must(t, err)
	return len(entries)
}

func finalizers(t *testing.T) {
	leaksNothing(t, func() {
		for range 20 {
			client, err := crux.Token("custom", token, crux.BaseURL(base))
			must(t, err)
			_, err = client.Get(t.Context(), "things/1/", watched())
			must(t, err)
			accepted, err := client.Post(t.Context(), "jobs/", crux.JSON(struct{}{}))
			must(t, err)
			stream, err := client.Stream(t.Context(), "drip/100000000")
			must(t, err)
			_, err = stream.Read(make([]byte, 1))
			must(t, err)
			if accepted.Status != 202 {
				t.Errorf("status %d", accepted.Status)
			}
		}
		// None was closed; leaksNothing waits until the collector has done that.
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end) && len(openDescriptors(t)) > 12; {
			runtime.GC()
			time.Sleep(20 * time.Millisecond)
		}
	})
	program := goProgram(t, "atexit", `package main

import (
	"context"
	"fmt"
	"os"

	crux "libcrux.example/crux"
)

func main() {
	client, err := crux.Token("custom", "`+token+`", crux.BaseURL(os.Getenv("CRUX_BASE")))
	if err != nil {
		panic(err)
	}
	for range 10 {
		go client.Get(context.Background(), "slow/")
	}
	stream, err := client.Stream(context.Background(), "drip/100000000")
	fmt.Println(stream != nil, err)
}
`)
	out, err := exec.Command(program).CombinedOutput()
	if err != nil || string(out) != "true <nil>\n" {
		t.Errorf("a program that ends with all under way: %v\n%s", err, out)
	}
}

// goProgram builds a program that uses this package, without network and without go.sum.
func goProgram(t *testing.T, name, source string) string {
	t.Helper()
	folder := t.TempDir()
	here, err := os.Getwd()
	must(t, err)
	module := "module example\n\ngo 1.24\n\nrequire libcrux.example/crux v0.2.0\n\nreplace libcrux.example/crux => " + here + "\n"
	must(t, os.WriteFile(folder+"/go.mod", []byte(module), 0o600))
	must(t, os.WriteFile(folder+"/main.go", []byte(source), 0o600))
	build := exec.Command("go", "build", "-o", name, ".")
	build.Dir = folder
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOEXPERIMENT=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder + "/" + name
}

// TestCallsAreCleanUnderTheCollector: many goroutines and the collector all the time, signals meanwhile.
func TestCallsAreCleanUnderTheCollector(t *testing.T) {
	client := login(t)
	stop := make(chan struct{})
	var noise, work sync.WaitGroup
	together(&noise, func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
				_ = syscall.Kill(os.Getpid(), syscall.SIGURG)
			}
		}
	})
	for worker := range 8 {
		together(&work, func() {
			for i := range 10 {
				var options []crux.CallOption
				if worker%2 == 0 {
					options = append(options, watched())
				}
				response, err := client.Get(t.Context(), "bytes/20000", options...)
				if err != nil || len(response.Body) != 20000 {
					t.Errorf("request %d: %v", i, err)
				}
				sent := strings.Repeat("x", 1000+i)
				response, err = client.Put(t.Context(), "echo/", crux.Body(io.MultiReader(strings.NewReader(sent))))
				if err != nil || !strings.Contains(response.Text(), fmt.Sprint(len(sent))) {
					t.Errorf("upload %d: %v", i, err)
				}
			}
		})
	}
	work.Wait()
	close(stop)
	noise.Wait()
}

// TestCancelsAtAnyMomentAreClean: contexts that end at the moment of a call's begin, middle and end.
func TestCancelsAtAnyMomentAreClean(t *testing.T) {
	leaksNothing(t, func() {
		client := login(t)
		defer client.Close()
		var work sync.WaitGroup
		for worker := range 8 {
			together(&work, func() {
				for i := range 30 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i*100)*time.Microsecond)
					var options []crux.CallOption
					if worker%2 == 0 {
						options = append(options, watched())
					}
					if _, err := client.Get(ctx, "things/1/", options...); err != nil && ctx.Err() == nil {
						t.Errorf("it failed before its context ended: %v", err)
					}
					if stream, err := client.Stream(ctx, "bytes/100000"); err == nil {
						_, _ = io.Copy(io.Discard, stream)
						_ = stream.Close()
					}
					cancel()
				}
			})
		}
		work.Wait()
	})
}

// TestAChildProcessInheritsNothing: no socket and no pipe of the library.
func TestAChildProcessInheritsNothing(t *testing.T) {
	inherited := func() string {
		out, err := exec.Command("sh", "-c", "ls -l /proc/self/fd | grep -c -e socket: -e pipe: -e anon").Output()
		must(t, err)
		return string(out)
	}
	before := inherited()
	client := login(t)
	_, err := client.Get(t.Context(), "things/1/", watched())
	must(t, err)
	stream, err := client.Stream(t.Context(), "drip/100000000")
	must(t, err)
	defer stream.Close()
	_, err = stream.Read(make([]byte, 10))
	must(t, err)
	equal(t, "what a child has", inherited(), before)
}

// TestMemoryStaysFlat over many requests, with CRUX_LONG=1 over 100,000.
func TestMemoryStaysFlat(t *testing.T) {
	client := login(t)
	rounds := 300
	if os.Getenv("CRUX_LONG") == "1" {
		rounds = 20_000
	}
	round := func() {
		for range 5 {
			must2(t)(client.Get(t.Context(), "things/1/"))
		}
	}
	for range rounds {
		round()
	}
	runtime.GC()
	before := resident(t)
	for range rounds {
		round()
	}
	runtime.GC()
	if grown := resident(t) - before; grown > 16<<20 {
		t.Errorf("it has grown by %d KiB over %d requests", grown>>10, rounds*5)
	}
}

// together runs work on a goroutine of a group.
func together(group *sync.WaitGroup, work func()) {
	group.Add(1)
	go func() {
		defer group.Done()
		work()
	}()
}

func must2(t *testing.T) func(any, error) {
	return func(_ any, err error) { t.Helper(); must(t, err) }
}

// resident is the memory that the process holds, in bytes.
func resident(t *testing.T) int {
	raw, err := os.ReadFile("/proc/self/statm")
	must(t, err)
	var size, pages int
	_, err = fmt.Sscan(string(raw), &size, &pages)
	must(t, err)
	return pages * os.Getpagesize()
}
