//go:build ignore

// The standard packages that the scenarios reach, compiled once for all of them.
package main

import (
	_ "crypto/tls"
	_ "database/sql"
	_ "embed"
	_ "encoding/json"
	_ "html/template"
	_ "net/http"
	_ "os/exec"
	_ "os/user"
	_ "time/tzdata"
)

func main() {}
