//go:build ignore

// Prints what a small GET costs in CPU time, interruptible, body read and JSON decoded: through libcrux and through
// net/http, one request at a time and a hundred at once. The server is this program once more, in a process of its own.
//
//	go run bench.go
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
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
	if len(os.Args) > 1 {
		serve()
		return
	}
	server := exec.Command(os.Args[0], "serve")
	stdin, err := server.StdinPipe() // The server ends with it.
	must(err)
	stdout, err := server.StdoutPipe()
	must(err)
	must(server.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	must(err)
	compare(strings.TrimSpace(line))
	must(stdin.Close())
	must(server.Wait())
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	fmt.Printf("http://%s/\n", listener.Addr())
	go func() {
		must(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"id": 1, "name": "Bluse", "url": "./1/"}`)
		})))
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func compare(base string) {
	ctx, cancel := context.WithCancel(context.Background()) // Interruptible.
	defer cancel()
	client, err := crux.Token("custom", "token", crux.BaseURL(base))
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
		request.Header.Set("Authorization", "Bearer token")
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
		measure(through, atOnce, 1000)
		measure(direct, atOnce, 1000)
		ours, theirs := measure(through, atOnce, 20000), measure(direct, atOnce, 20000)
		fmt.Printf("go: small GET, %d at once: libcrux %.1f us, net/http %.1f us, ratio %.2f\n",
			atOnce, ours, theirs, ours/theirs)
	}
}

// measure returns the microseconds of CPU time of one of count requests.
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
