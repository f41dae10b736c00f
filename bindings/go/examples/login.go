// Logs in and prints a list. Address, name and password come from CRUX_BASE, CRUX_USER and CRUX_PASSWORD.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"

	crux "libcrux.example/crux"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt) // Ctrl-C ends whatever waits.
	defer stop()

	client, err := crux.Login(ctx, "custom", os.Getenv("CRUX_USER"), os.Getenv("CRUX_PASSWORD"),
		crux.BaseURL(os.Getenv("CRUX_BASE")))
	if errors.Is(err, crux.ErrAuth) {
		log.Fatal("The name or the password is wrong.")
	}
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	type thing struct{ Name string }
	for item, err := range crux.ItemsOf[thing](ctx, client, "things/") {
		if err != nil {
			log.Print(err)
			return
		}
		fmt.Println(item.Name)
	}
}
