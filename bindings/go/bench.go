//go:build ignore

// Compares what a small GET costs through libcrux and through net/http: a line a turn, for bindings/bench.sh. Each
// request can be ended by its context, its body is read and its JSON decoded.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	crux "libcrux.example/crux"
)

var base, path = os.Getenv("CRUX_BASE"), os.Getenv("CRUX_PATH")

type thing struct {
	Name string
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	client, err := crux.Token("custom", "token", crux.BaseURL(base), crux.PoolMaxIdle(100), crux.BackgroundMax(100))
	must(err)
	defer client.Close()
	ours := func() { check(throughCrux(ctx, client)) }
	if os.Getenv("CRUX_LONG") != "" {
		early, late := memoryAfter(ours, 10000), memoryAfter(ours, 90000)
		fmt.Printf("memory: %.1f MiB after 10000 requests, %.1f after 100000\n", early, late)
		return
	}
	plain := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: time.Minute}
	theirs := func() { check(throughNetHTTP(ctx, plain)) }
	for _, measure := range []struct {
		name   string
		atOnce int
	}{{"one at a time", 1}, {"100 at once", 100}} {
		cost(ours, measure.atOnce, 1000)
		cost(theirs, measure.atOnce, 1000)
		for range 7 {
			own := cost(ours, measure.atOnce, 4000)
			fmt.Printf("%s: %.1f against %.1f of net/http\n", measure.name, own, cost(theirs, measure.atOnce, 4000))
		}
	}
}

func throughCrux(ctx context.Context, client *crux.Client) (one thing) {
	response, err := client.Get(ctx, path)
	must(err)
	must(response.JSON(&one))
	return one
}

func throughNetHTTP(ctx context.Context, client *http.Client) (one thing) {
	request, err := http.NewRequestWithContext(ctx, "GET", base+path, nil)
	must(err)
	request.Header.Set("Authorization", "Bearer token")
	response, err := client.Do(request)
	must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(err)
	must(json.Unmarshal(body, &one))
	return one
}

// cost returns the microseconds of CPU time of one of count requests.
func cost(get func(), atOnce, count int) float64 {
	began := spent()
	var group sync.WaitGroup
	for range atOnce {
		group.Add(1)
		go func() {
			defer group.Done()
			for range count / atOnce {
				get()
			}
		}()
	}
	group.Wait()
	return float64((spent() - began).Nanoseconds()) / 1e3 / float64(count)
}

func spent() time.Duration {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// memoryAfter returns the MiB in memory once count requests have been sent.
func memoryAfter(get func(), count int) float64 {
	for range count {
		get()
	}
	pages, err := os.ReadFile("/proc/self/statm")
	must(err)
	var size, resident int
	_, err = fmt.Sscan(string(pages), &size, &resident)
	must(err)
	return float64(resident*os.Getpagesize()) / (1 << 20)
}

func check(one thing) {
	if one.Name == "" {
		panic("another response than expected")
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
