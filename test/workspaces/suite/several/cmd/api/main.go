// Api asks another server, and so needs CA certificates.
package main

import (
	"log"
	"net/http"
)

func main() {
	response, err := http.Get("https://go.dev/VERSION?m=text")
	if err != nil {
		log.Fatal(err)
	}
	log.Print(response.Status)
}
