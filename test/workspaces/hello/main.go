// Hello serves the newest Go version that go.dev announces.
package main

import (
	"fmt"
	"log"
	"net/http"

	"example.com/hello/internal/remote"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		versions, err := remote.Versions(r.Context(), "https://go.dev/VERSION?m=text", "https://go.dev/dl/?mode=json")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		for _, version := range versions {
			fmt.Fprintln(w, version)
		}
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
