// Prints what a small GET costs in CPU time, once through libcrux and once through net/http, body read and JSON
// decoded on both sides: one request at a time, and a hundred at once. The service is that of CRUX_BASE.
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

type thing struct {
	ID   int
	Name string
}

func main() {
	ctx, cancel := context.WithCancel(context.Background()) // Interruptible.
	defer cancel()
	base := os.Getenv("CRUX_BASE")
	client, err := crux.Login(ctx, "custom", os.Getenv("CRUX_USER"), os.Getenv("CRUX_PASSWORD"), crux.BaseURL(base))
	must(err)
	defer client.Close()
	through := func() error {
		response, err := client.Get(ctx, "things/1/")
		if err != nil {
			return err
		}
		var one thing
		return response.JSON(&one)
	}
	plain := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: time.Minute}
	direct := func() error {
		request, err := http.NewRequestWithContext(ctx, "GET", base+"things/1/", nil)
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer tok-7d1c")
		response, err := plain.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		var one thing
		return json.Unmarshal(body, &one)
	}
	for _, atOnce := range []int{1, 100} {
		measure(through, atOnce, 500)
		measure(direct, atOnce, 500)
		ours, theirs := measure(through, atOnce, 10000), measure(direct, atOnce, 10000)
		fmt.Printf("go: small GET, %d at once: libcrux %.1f us, net/http %.1f us, ratio %.2f\n",
			atOnce, ours, theirs, ours/theirs)
	}
}

// measure returns microseconds of CPU time for one of count requests.
func measure(get func() error, atOnce, count int) float64 {
	began := spent()
	var group sync.WaitGroup
	for range atOnce {
		group.Add(1)
		go func() {
			defer group.Done()
			for range count / atOnce {
				must(get())
			}
		}()
	}
	group.Wait()
	return float64((spent() - began).Microseconds()) / float64(count)
}

func spent() time.Duration {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
