// Package fallback stands for the one of that name: its roots are those of the test authority, which are put beside it.
package fallback

import (
	"crypto/x509"
	_ "embed"
)

//go:embed roots.pem
var roots []byte

func init() {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(roots)
	x509.SetFallbackRoots(pool)
}
